/* Build of the customer pages, served at /h5/. */
import { defineConfig } from 'vite'
import { appConfig } from '../../vite.shared.ts'

export default defineConfig(appConfig('mobile', '/h5/'))
