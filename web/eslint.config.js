/*
 * Lint rules of the web tree. Beside the usual ones: no fetch and no WebSocket outside shared/api, no v-html,
 * no Chinese text in components (every text goes through i18n).
 */
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import tseslint from 'typescript-eslint'

const onlyInApi = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource']

export default tseslint.config(
	{ ignores: ['dist/**', 'node_modules/**', 'shared/api/generated.ts'] },
	...tseslint.configs.recommended,
	...vue.configs['flat/recommended'],
	{
		languageOptions: {
			globals: globals.browser,
			parserOptions: { parser: tseslint.parser },
		},
		rules: {
			'no-restricted-globals': ['error', ...onlyInApi.map((name) => ({ name, message: 'Use shared/api.' }))],
			'no-console': 'error',
			'max-lines-per-function': ['warn', { max: 120, skipBlankLines: true, skipComments: true }],
			'@typescript-eslint/no-explicit-any': 'error',
			'vue/no-v-html': 'error',
			'vue/no-bare-strings-in-template': ['error', { allowlist: ['·', '…', '/', '—', '–', '+', ':', '(', ')', '@', '*', '%', '>', 'XLSX', 'CSV', 'Ctrl K', 'Ctrl Enter', 'Esc', 'Enter', 'J', 'K', 'X', '?', '→'] }],
			'vue/html-indent': ['error', 'tab'],
			'vue/max-attributes-per-line': 'off',
			'vue/singleline-html-element-content-newline': 'off',
			'vue/html-self-closing': 'off',
			'vue/multi-word-component-names': 'off',
			'vue/html-closing-bracket-newline': 'off',
			'vue/first-attribute-linebreak': 'off',
			'vue/multiline-html-element-content-newline': 'off',
			'vue/require-default-prop': 'off',
			'vue/attributes-order': 'off',
		},
	},
	{ files: ['apps/widget/**'], rules: { 'no-restricted-globals': 'off', 'no-console': ['error', { allow: ['warn'] }] } },       // it has a client of its own: none of the pages' comes along
	{ files: ['shared/api/**', '**/*.test.ts', '**/vite*.ts'], rules: { 'no-restricted-globals': 'off' } },
	{ files: ['**/*.test.ts'], rules: { 'max-lines-per-function': 'off' } },
)
