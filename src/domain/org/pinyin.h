/* Finding somebody by the letters that her name is typed with. Pure. */
#pragma once

#include <stdbool.h>

/* True if the letters spell the name from some character on: 王小芳 for "wangxiaofang", "wxf", "wangxf", "xiaof", "芳". Letters of any case;
 * blanks and apostrophes in what is typed count for nothing. */
bool pinyin_spells(const char *name, const char *typed);
