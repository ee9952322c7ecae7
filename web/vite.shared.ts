/*
 * What both builds have in common: Vue, the @shared alias, hashed assets, no inlined script or style (the pages run
 * under `script-src 'self'`). The server compresses what it finds in dist/ when it starts.
 */
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import type { UserConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/* `app` is the folder under apps/, `base` the path it is served under. The dev server passes /api to ANXIN_URL. */
export function appConfig(app: string, base: string): UserConfig {
	const server = process.env.ANXIN_URL ?? 'http://127.0.0.1:8080'
	return {
		root: here(`./apps/${app}`),
		base,
		plugins: [vue()],
		resolve: { alias: { '@shared': here('./shared') } },
		define: {
			__VUE_OPTIONS_API__: 'false',
			__VUE_I18N_LEGACY_API__: 'false',
			__INTLIFY_PROD_DEVTOOLS__: 'false',
		},
		build: {
			outDir: here(`./dist/${app}`),
			emptyOutDir: true,
			target: ['es2022', 'safari15'],
			assetsInlineLimit: 0,
			modulePreload: { polyfill: false },
			reportCompressedSize: false,
		},
		server: { proxy: { '/api': { target: server, ws: true } } },
	}
}
