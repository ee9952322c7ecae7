/* Companies in a sorted table under a lock that readers share; a company that has chosen nothing is not in it. */
#include "core/setting/settings.h"

#include <pthread.h>
#include <string.h>

#include "core/api/readers.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/schema.h"
#include "gen/setting_sql.h"

struct company {
	int64_t tenant;
	struct setting_values values;
	bool own[SETTING_COUNT];
	int64_t version[SETTING_COUNT];
};

struct settings {
	struct arena *arena;
	struct setting_server server;
	pthread_rwlock_t lock;
	struct company **at;            /* by tenant */
	bool missed;                    /* the tail's own: news that could not be read */
	size_t n, room;
};

struct settings *settings_new(const struct setting_server *server)
{
	struct arena *a = arena_new();
	struct settings *s = ARENA_NEW(a, struct settings);
	s->arena = a;
	s->server = *server;
	pthread_rwlock_init(&s->lock, NULL);
	return s;
}

void settings_free(struct settings *s)
{
	if (!s)
		return;
	pthread_rwlock_destroy(&s->lock);
	arena_free(s->arena);
}

const struct setting_server *settings_server(const struct settings *s)
{
	return &s->server;
}

/* The first place whose tenant is not smaller. */
static size_t place_of(const struct settings *s, int64_t tenant)
{
	size_t from = 0, to = s->n;
	while (from < to) {
		size_t middle = (from + to) / 2;
		if (s->at[middle]->tenant < tenant)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static struct company *find(const struct settings *s, int64_t tenant)
{
	size_t i = place_of(s, tenant);
	return i < s->n && s->at[i]->tenant == tenant ? s->at[i] : NULL;
}

static struct company *add(struct settings *s, int64_t tenant)
{
	ARENA_GROW(s->arena, s->at, s->n, s->room);
	size_t i = place_of(s, tenant);
	memmove(s->at + i + 1, s->at + i, (s->n - i) * sizeof(*s->at));
	s->at[i] = ARENA_NEW(s->arena, struct company);
	s->at[i]->tenant = tenant;
	s->n++;
	return s->at[i];
}

/* A name or value that this release does not take (of another release, or its bounds moved) counts as none. */
static void put(struct settings *s, int64_t tenant, const char *name, const char *text, int64_t version)
{
	ARENA_SCOPED a = arena_small();
	int id = setting_find(name);
	if (id < 0)
		return;
	const struct setting_def *def = &setting_defs[id];
	const char *arg;
	int64_t value = 0;
	bool own = *text && def->whose == SETTING_COMPANY && setting_read(a, def, text, LANG_EN, &value, &arg) == 0;
	pthread_rwlock_wrlock(&s->lock);
	struct company *company = find(s, tenant);
	if (!company)
		company = add(s, tenant);
	if (version > company->version[id]) {
		company->version[id] = version;
		company->own[id] = own;
		company->values.at[id] = value;
	}
	pthread_rwlock_unlock(&s->lock);
}

/* News ----------------------------------------------------------------------------------------------------------------- */

static int load(struct ctx *c, void *arg)
{
	struct settings_chosen_row *rows;
	size_t n;
	TRY(settings_chosen(c, &rows, &n));
	for (size_t i = 0; i < n; i++)
		put(arg, rows[i].tenant, rows[i].name, rows[i].value, rows[i].version);
	return 0;
}

int settings_load(struct services *services, const struct clock *clock)
{
	ARENA_SCOPED a = arena_new();
	struct error e = { 0 };
	struct ctx c = { .arena = a, .now = clock_now(clock), .request_id = "settings", .error = &e, .log = services->log, .services = services };
	return readers_run(services->readers, &c, load, services->settings);
}

static int load_company(struct ctx *c, void *arg)
{
	struct setting *rows;
	size_t n;
	TRY(settings_of_company(c, &rows, &n));
	for (size_t i = 0; i < n; i++)
		put(arg, rows[i].tenant, rows[i].name, rows[i].value, rows[i].version);
	return 0;
}

static int read_company(struct services *services, const struct event *event)
{
	ARENA_SCOPED a = arena_new();
	struct error e = { 0 };
	struct ctx c = { .arena = a, .tenant = event->tenant, .now = event->at, .request_id = "settings", .error = &e,
		         .log = services->log, .services = services };
	return readers_run(services->readers, &c, load_company, services->settings);
}

void settings_news(struct services *services, const struct event *events, size_t n)
{
	struct settings *s = services->settings;
	if (s->missed && settings_load(services, services->clock) == 0)
		s->missed = false;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(events[i].object, "setting") || read_company(services, &events[i]) == 0)
			continue;
		s->missed = true;
		log_write(services->log, LOG_WARN, "changed settings wait for the database", NULL);
	}
}

struct put {
	struct settings *settings;
	int64_t tenant, version;
	const char *name, *value;
};

static void put_now(void *arg)
{
	const struct put *p = arg;
	put(p->settings, p->tenant, p->name, p->value, p->version);
}

void settings_put_later(struct ctx *c, enum setting_id id, const char *value, int64_t version)
{
	if (!c->services->settings)
		return;
	struct put *p = ARENA_NEW(c->arena, struct put);
	*p = (struct put){ c->services->settings, c->tenant, version, setting_defs[id].name, arena_string(c->arena, value) };
	after_commit(c, put_now, p);
}

/* Values --------------------------------------------------------------------------------------------------------------- */

int64_t setting_of(const struct ctx *c, enum setting_id id)
{
	struct settings *s = c->services ? c->services->settings : NULL;
	if (!s)
		return setting_defaults.at[id];
	int64_t value = s->server.values.at[id];
	if (!c->tenant || setting_defs[id].whose == SETTING_SERVER)
		return value;
	pthread_rwlock_rdlock(&s->lock);
	const struct company *company = find(s, c->tenant);
	if (company && company->own[id])
		value = company->values.at[id];
	pthread_rwlock_unlock(&s->lock);
	return value;
}

int64_t setting_ms(const struct ctx *c, enum setting_id id)
{
	return setting_of(c, id) * setting_unit_ms(setting_defs[id].unit);
}
