/* Settings: the table of settings.def, and how a value is read, held to its bounds and shown.
 *
 * Here are names, defaults and bounds; which value is in force where is the business of core/setting (companies) and app (the
 * server). A value is a number in the unit of its setting: flags are 0 and 1, a choice is the place of its word. */
#pragma once

#include "base/error.h"
#include "base/shape.h"

enum setting_id {
#define SETTING(id, ...) SETTING_##id,
#define WORD(id, ...) SETTING_##id,
#include "base/settings.def"
	SETTING_COUNT
};

enum setting_unit {
#define UNIT(id, ...) UNIT_##id,
#include "base/settings.def"
};

enum setting_kind { SETTING_NUMBER, SETTING_FLAG, SETTING_CHOICE };
enum setting_whose { SETTING_SERVER, SETTING_COMPANY };

struct setting_def {
	const char *name;               /* "code.life": in the API, files, commands and docs */
	enum setting_whose whose;
	enum setting_kind kind;
	enum setting_unit unit;
	int64_t initial, least, most;
	const struct choice *choices;   /* SETTING_CHOICE */
	const char *right;              /* to change it; "" for the server's */
	const char *zh, *en;            /* label */
	const char *help_zh, *help_en;
};
extern const struct setting_def setting_defs[SETTING_COUNT];

struct setting_group {
	const char *name, *zh, *en;
};
extern const struct setting_group setting_groups[];     /* ends with NULL */

/* One value for each setting: what somebody has in force. */
struct setting_values {
	int64_t at[SETTING_COUNT];
};
extern const struct setting_values setting_defaults;

const char *setting_unit_name(enum setting_unit unit);                  /* "minutes"; "none" */
int64_t setting_unit_ms(enum setting_unit unit);                        /* 0: no time */
const char *setting_unit_text(enum setting_unit unit, enum lang lang);

int setting_find(const char *name);             /* −1 for a name that is none */

/* A value as it is written in files, commands and rows: 20, true, debug; a size may end with K, M or G. ERR_FIELD_TYPE, ERR_FIELD_CHOICE
 * or ERR_SETTING_BOUNDS; *arg then says what would be right, in that language. */
int setting_read(struct arena *a, const struct setting_def *def, const char *text, enum lang lang, int64_t *value, const char **arg) MUST_CHECK;
/* The same for a value that is a number already. */
int setting_check(struct arena *a, const struct setting_def *def, int64_t value, enum lang lang, const char **arg) MUST_CHECK;
const char *setting_write(struct arena *a, const struct setting_def *def, int64_t value);
/* As JSON: 20, true, "debug". */
const char *setting_json(struct arena *a, const struct setting_def *def, int64_t value);

/* A time in milliseconds, whatever its unit. */
int64_t setting_ms_of(const struct setting_values *v, enum setting_id s);
