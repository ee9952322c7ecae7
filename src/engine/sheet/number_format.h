/* How a workbook shows numbers: dates are numbers with a format, and a number is stored in many notations. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What a cell style makes of a number. */
enum { FORMAT_PLAIN = 0, FORMAT_DATE = 255 };   /* 1…254: pad with zeros to so many digits */

/* Of a format code such as yyyy"年"m"月"d"日", 000000, #,##0.00 (ECMA-376 part 1, 18.8.31). */
unsigned char number_format_of_code(const char *code);
/* Of the built-in formats, those of Chinese, Japanese and Korean programs included (18.8.30). */
unsigned char number_format_built_in(unsigned id);

/* Plain decimal notation; 15 significant digits are all that a workbook keeps, so longer numbers are written in scientific
 * notation, which says that digits are lost. False when `raw` is no number. `out` holds at least 64 bytes. */
bool number_write(const char *raw, unsigned char format, char out[64]);

/* A serial day of the 1900 or 1904 calendar as 2025-03-08, 2025-03-08 14:30:05 or 14:30:05. False when out of range. */
bool number_write_date(const char *raw, bool base_1904, char out[64]);
