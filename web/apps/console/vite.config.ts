/* Build of the staff console, served at /. Small parts that most pages use travel together: one request, not forty. */
import { defineConfig, mergeConfig } from 'vite'
import { appConfig } from '../../vite.shared.ts'

export default defineConfig(mergeConfig(appConfig('console', '/'), {
	build: {
		rolldownOptions: {
			output: {
				codeSplitting: {
					groups: [
						{ name: 'vue', test: /node_modules/ },
						{ name: 'parts', test: /web\/shared\/(?!i18n\/(?:zh-CN|en))|console\/(?:app|record)\//, minShareCount: 2 },
					],
				},
			},
		},
	},
}))
