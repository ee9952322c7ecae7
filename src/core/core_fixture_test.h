/* A company with data, keys and a context in a writing transaction: the ground of core's tests, on either engine. */
#pragma once

#include <fcntl.h>

#include "core/core_place_test.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "gen/schema.h"

enum { TENANT = 1, OTHER_TENANT = 2 };

struct fixture {
	struct test_place place;
	char keys_url[128], master[128];
	struct clock clock;
	struct log log;
	struct keystore *keys;
	struct services services;
	struct db_conn *db;
	struct error error;
	struct arena *a;
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
	struct migrate_report report;
	memset(f, 0, sizeof(*f));
	TRY(crypto_start());
	TRY(test_place_make(&f->place, engine));
	clock_manual(&f->clock, 1795300000000);
	log_init(&f->log, open("/dev/null", O_WRONLY), LOG_INFO, &f->clock);
	snprintf(f->keys_url, sizeof(f->keys_url), "%s/keys.db", f->place.folder);
	snprintf(f->master, sizeof(f->master), "%s/master.key", f->place.folder);
	f->a = arena_new();
	TRY(keystore_open(&(struct keystore_options){ .url = f->keys_url, .master_path = f->master, .clock = &f->clock, .log = &f->log },
	                  &f->keys));
	TRY(db_migrate(f->place.url, &data_migrations, &f->log, f->a, &report));
	TRY(db_open(f->place.url, DB_WRITER, &f->log, &f->db));
	f->services = (struct services){ .keys = f->keys, .clock = &f->clock };
	id_maker_init(&f->services.ids, 1);
	f->c = (struct ctx){ .arena = f->a, .db = f->db, .now = clock_now(&f->clock), .error = &f->error, .log = &f->log,
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
	test_place_drop(&f->place);
}

#define FIXTURE_SETUPS                                                                             \
	static int setup(void **state, enum db_engine engine)                                      \
	{                                                                                          \
		*state = calloc(1, sizeof(struct fixture));                                        \
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
		free(*state);                                                                      \
		return 0;                                                                          \
	}
