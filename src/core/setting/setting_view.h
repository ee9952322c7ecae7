/* A setting with all that a page needs to show and change it, as the API writes it. */
#pragma once

#include "base/shape.h"
#include "core/setting/setting_store.h"

struct setting_words {
	const char *zh, *en;
};
struct setting_choice {
	const char *value;
	struct setting_words *label;
};

struct setting_view {
	const char *name, *group, *scope, *type, *unit, *source, *applies, *permission;
	const char *value, *fallback;                   /* JSON */
	int64_t least, most, changeable, version, changed_at;
	struct setting_words *label, *help, *unit_label;
	struct list choices;                            /* of struct setting_choice */
	const char *changed_by;                         /* JSON of an actor, or null */
};
extern const struct shape setting_words_shape, setting_view_shape;

/* n views, one after the other, with the names of who changed them. */
int setting_views(struct ctx *c, const struct setting_state *states, size_t n, struct setting_view **out) MUST_CHECK;
