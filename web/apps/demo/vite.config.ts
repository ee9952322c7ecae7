/* Build of the page to try the chat on, served at /demo/ where it lies; packages leave it out. */
import { defineConfig } from 'vite'
import { appConfig } from '../../vite.shared.ts'

export default defineConfig(appConfig('demo', '/demo/'))
