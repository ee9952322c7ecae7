/* Build of the chat as a page, served at /chat/. */
import { defineConfig } from 'vite'
import { appConfig } from '../../vite.shared.ts'

export default defineConfig(appConfig('chat', '/chat/'))
