/* What a company has chosen, as rows: read for people to see, changed with version, history and event like a record. */
#pragma once

#include "core/setting/settings.h"

/* One setting as its company sees it. */
struct setting_state {
	enum setting_id id;
	int64_t value, fallback;        /* in force; what it is when nothing is chosen */
	bool own;                       /* chosen by the company */
	int64_t row_id;                 /* what history calls it; 0: never chosen */
	int64_t version;                /* 0: never chosen */
	int64_t changed_kind, changed_by, changed_at;
};

/* Any transaction. By name: ERR_NOT_FOUND. all: SETTING_COUNT of them, in the table's order. */
int setting_state(struct ctx *c, const char *name, struct setting_state *out) MUST_CHECK;
int setting_states(struct ctx *c, struct setting_state *all) MUST_CHECK;

enum { ANY_VERSION = -1 };
struct setting_wish {
	const char *name;
	const char *value;              /* as setting_read() takes it; NULL: what the server says again */
	int64_t version;                /* that the wish was made on, or ANY_VERSION */
	const char *reason;
};
/* Writer. ERR_NOT_FOUND, ERR_FORBIDDEN, ERR_SETTING_SERVER, ERR_INVALID with field "value", ERR_VERSION_CONFLICT with the state as it
 * is now. In force everywhere soon after COMMIT. */
int setting_choose(struct ctx *c, const struct setting_wish *wish, struct setting_state *out) MUST_CHECK;
