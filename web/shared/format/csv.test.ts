/* Rows of a sheet. */
import { expect, test } from 'vitest'
import { rowsOf } from './csv'

test('cells in quotes hold commas, line ends and quotes', () => {
	expect(rowsOf('\uFEFFa,b\r\n"x, ""y""","1\n2"')).toEqual([['a', 'b'], ['x, "y"', '1\n2']])
})
