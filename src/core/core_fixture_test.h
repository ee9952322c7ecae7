/* A company with data, keys and a context in a writing transaction: the ground of core's tests, on either engine. */
#pragma once

#include <fcntl.h>

#include "core/pii/pii.h"
#include "core/services.h"
#include "db/batch.h"
#include "db/fresh.h"
#include "gen/schema.h"

enum { TENANT = 1, OTHER_TENANT = 2 };

struct fixture {
	struct fresh place;
	char keys_url[240], master[240];
	struct clock clock;
	struct log log;
	struct keystore *keys;
	struct services services;
	struct db_conn *db;
	struct error error;
	struct arena *a;
	struct batch batch;             /* gathers events, which nobody numbers */
	struct ctx c;
};

static inline int fixture_begin(struct fixture *f, int64_t tenant)
{
	f->c.tenant = tenant;
	TRY(db_begin_write(f->db, 0));
	return db_set_tenant(f->db, tenant);
}

/* Commits and goes on in a new transaction, for this company. */
static inline int fixture_next(struct fixture *f, int64_t tenant)
{
	TRY(db_commit(f->db));
	f->c.now = clock_now(&f->clock);
	return fixture_begin(f, tenant);
}

static inline int fixture_company(struct fixture *f, int64_t tenant, const char *code)
{
	struct tenant row = { .code = code, .name = code, .pack = "appliance", .service_phone = "", .created_at = f->c.now };
	TRY(fixture_next(f, tenant));
	TRY(pii_key_new(&f->c, "tenant", tenant, &row.key));
	return tenant_row_insert(&f->c, &row);
}

static inline int fixture_make(struct fixture *f, enum db_engine engine)
{
	memset(f, 0, sizeof(*f));
	TRY(crypto_start());
	TRY(fresh_make(&f->place, engine));
	clock_manual(&f->clock, 1795300000000);
	log_init(&f->log, open("/dev/null", O_WRONLY), LOG_INFO, &f->clock);
	snprintf(f->keys_url, sizeof(f->keys_url), "%s/keys.db", f->place.folder);
	snprintf(f->master, sizeof(f->master), "%s/master.key", f->place.folder);
	f->a = arena_new();
	TRY(keystore_open(&(struct keystore_options){ .url = f->keys_url, .master_path = f->master, .clock = &f->clock, .log = &f->log },
	                  &f->keys));
	TRY(db_open(f->place.url, DB_WRITER, &f->log, &f->db));
	f->services = (struct services){ .keys = f->keys, .clock = &f->clock };
	id_maker_init(&f->services.ids, 1);
	f->batch = (struct batch){ .arena = f->a };
	f->c = (struct ctx){ .arena = f->a, .db = f->db, .batch = &f->batch, .now = clock_now(&f->clock), .error = &f->error, .log = &f->log,
		             .actor_kind = ACTOR_USER, .actor_id = 77, .request_id = "test", .services = &f->services };
	TRY(fixture_begin(f, TENANT));
	TRY(fixture_company(f, TENANT, "one"));
	TRY(fixture_company(f, OTHER_TENANT, "two"));
	return fixture_next(f, TENANT);
}

static inline void fixture_drop(struct fixture *f)
{
	if (f->db) {
		db_rollback(f->db);
		db_close(f->db);
	}
	keystore_close(f->keys);
	arena_free(f->a);
	close(f->log.fd);
	if (fresh_drop(&f->place) < 0)
		fprintf(stderr, "%s is left behind\n", f->place.url);
}

#define FIXTURE_SETUPS                                                                             \
	static int setup(void **state, enum db_engine engine)                                      \
	{                                                                                          \
		static struct fixture only;                                                        \
		*state = &only;                                                                    \
		int r = fixture_make(*state, engine);                                              \
		if (r < 0)                                                                         \
			fprintf(stderr, "no fixture: %s\n", error_name(r));                        \
		return r;                                                                          \
	}                                                                                          \
	static int setup_sqlite(void **state)                                                      \
	{                                                                                          \
		return setup(state, DB_SQLITE);                                                    \
	}                                                                                          \
	static int setup_postgresql(void **state)                                                  \
	{                                                                                          \
		return setup(state, DB_POSTGRESQL);                                                \
	}                                                                                          \
	static int teardown(void **state)                                                          \
	{                                                                                          \
		fixture_drop(*state);                                                              \
		return 0;                                                                          \
	}

/* Each test once an engine; its setup functions are setup_sqlite and setup_postgresql. */
#define ON_BOTH(test)                                                                              \
	{ #test " (SQLite)", test, setup_sqlite, teardown, NULL },                                 \
	{ #test " (PostgreSQL)", test, setup_postgresql, teardown, NULL }

#define RUN_ON_BOTH(tests)                                                                         \
	do {                                                                                       \
		struct CMUnitTest chosen[sizeof(tests) / sizeof((tests)[0])];                      \
		size_t chosen_count = 0;                                                           \
		if (!fresh_has_postgresql())                                                       \
			fprintf(stderr, "*** ANXIN_TEST_PG is not set: NOTHING IS TESTED ON POSTGRESQL ***\n"); \
		for (size_t i = 0; i < sizeof(tests) / sizeof((tests)[0]); i++)                    \
			if ((tests)[i].setup_func != setup_postgresql || fresh_has_postgresql())     \
				chosen[chosen_count++] = (tests)[i];                               \
		return _cmocka_run_group_tests(#tests, chosen, chosen_count, NULL, NULL);          \
	} while (0)
