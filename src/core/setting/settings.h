/* settings: which value of each setting is in force, for whoever asks; kept in memory, so asking costs nothing.
 *
 * A node holds what the server was started with and what each company has chosen instead. A change is in force here when its
 * transaction has committed, and on other nodes when they hear its event; older news never replace newer ones. */
#pragma once

#include "base/setting.h"
#include "db/ctx.h"

struct event;
struct settings;

/* Where the server's values came from, word by word as the API says it. */
enum setting_source { FROM_DEFAULT, FROM_FILE, FROM_ENVIRONMENT, FROM_COMMAND_LINE };
struct setting_server {
	struct setting_values values;
	enum setting_source source[SETTING_COUNT];
};

struct settings *settings_new(const struct setting_server *server);
void settings_free(struct settings *s);                 /* accepts NULL */
const struct setting_server *settings_server(const struct settings *s);

/* Reads what all companies have chosen. Again after the tail has opened: from there on settings_news() hears the rest. */
int settings_load(struct services *services, const struct clock *clock) MUST_CHECK;
/* On the tail's thread: events of any kind. */
void settings_news(struct services *services, const struct event *events, size_t n);
/* In a handler: in force after COMMIT. value "": what the server says. */
void settings_put_later(struct ctx *c, enum setting_id id, const char *value, int64_t version);

/* The value in force for the company of c (0: the server's), in its unit. */
int64_t setting_of(const struct ctx *c, enum setting_id id);
int64_t setting_ms(const struct ctx *c, enum setting_id id);
