/* Build of the chat: one classic script that any page can load, served as /widget.js. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
	root: fileURLToPath(new URL('.', import.meta.url)),
	publicDir: false,
	build: {
		outDir: fileURLToPath(new URL('../../dist/widget', import.meta.url)),
		emptyOutDir: true,
		target: ['es2022', 'safari15'],
		reportCompressedSize: false,
		lib: { entry: 'main.ts', formats: ['iife'], name: 'AnxinChatModule', fileName: () => 'widget.js' },
	},
})
