/* Unit tests of both apps and of shared; they sit beside the code as *.test.ts. */
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
	plugins: [vue()],
	resolve: { alias: { '@shared': fileURLToPath(new URL('./shared', import.meta.url)) } },
	test: {
		environment: 'happy-dom',
		include: ['shared/**/*.test.ts', 'apps/**/*.test.ts'],
		pool: 'vmThreads', // a fresh page for each file without a fresh process: a third of the time
		maxWorkers: 2,
	},
})
