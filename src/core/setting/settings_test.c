/* Which value is in force: the company's own when it has one, the server's else; and what becomes of two people at once. */
#include "base/test.h"

#include <pthread.h>

#include "base/text.h"
#include "core/api/readers.h"
#include "core/core_fixture_test.h"
#include "core/setting/setting_store.h"
#include "db/writer.h"
#include "gen/history_sql.h"

static struct {
	struct fixture f;
	struct writer *writer;
} the;

static int setup(void **state, enum db_engine engine)
{
	struct fixture *f = *state = &the.f;
	struct setting_server server = { .values = setting_defaults };
	TRY(fixture_make(f, engine));
	TRY(db_commit(f->db));
	server.values.at[SETTING_CODE_PAUSE] = 30;
	server.values.at[SETTING_HTTP_DRAIN] = 9;
	TRY(readers_open(f->place.url, 2, &f->log, &f->services.readers));
	f->services.settings = settings_new(&server);
	f->services.log = &f->log;
	f->c.actor_kind = ACTOR_SYSTEM;
	f->c.actor_id = 0;
	return writer_open(&(struct writer_options){ .url = f->place.url, .log = &f->log, .clock = &f->clock }, &the.writer);
}

static int setup_sqlite(void **state)
{
	return setup(state, DB_SQLITE);
}

static int setup_postgresql(void **state)
{
	return setup(state, DB_POSTGRESQL);
}

static int teardown(void **state)
{
	writer_close(the.writer);
	readers_close(the.f.services.readers);
	settings_free(the.f.services.settings);
	fixture_drop(&the.f);
	return 0;
}

struct choice_of {
	struct setting_wish wish;
	struct setting_state now;
};

static int choose_in(struct ctx *c, void *arg)
{
	struct choice_of *o = arg;
	return setting_choose(c, &o->wish, &o->now);
}

static int choose(struct fixture *f, int64_t tenant, struct choice_of *o)
{
	struct write_request r = { .run = choose_in, .arg = o, .queue = QUEUE_PEOPLE, .ctx = f->c };
	error_clear(&f->error);
	r.ctx.tenant = tenant;
	return writer_run(the.writer, &r);
}

static int64_t in_force(struct fixture *f, int64_t tenant, enum setting_id id)
{
	struct ctx c = { .tenant = tenant, .services = &f->services };
	return setting_of(&c, id);
}

static void a_choice_is_in_force_for_its_company_alone_once_it_is_committed(void **state)
{
	struct fixture *f = *state;
	struct choice_of o = { .wish = { .name = "code.life", .value = "20" } };
	assert_int_equal(in_force(f, TENANT, SETTING_CODE_LIFE), 10);
	assert_int_equal(choose(f, TENANT, &o), 0);
	assert_int_equal(in_force(f, TENANT, SETTING_CODE_LIFE), 20);
	assert_int_equal(in_force(f, OTHER_TENANT, SETTING_CODE_LIFE), 10);
	assert_int_equal(in_force(f, 0, SETTING_CODE_LIFE), 10);
	assert_int_equal(o.now.version, 1);
}

static void without_a_choice_it_is_what_the_server_was_started_with(void **state)
{
	struct fixture *f = *state;
	struct choice_of o = { .wish = { .name = "code.pause", .value = "120" } };
	assert_int_equal(in_force(f, TENANT, SETTING_CODE_PAUSE), 30);
	assert_int_equal(in_force(f, TENANT, SETTING_HTTP_DRAIN), 9);
	assert_int_equal(choose(f, TENANT, &o), 0);
	o.wish = (struct setting_wish){ .name = "code.pause", .value = NULL, .version = 1 };
	assert_int_equal(choose(f, TENANT, &o), 0);
	assert_int_equal(in_force(f, TENANT, SETTING_CODE_PAUSE), 30);
	assert_int_equal(o.now.version, 2);
	assert_false(o.now.own);
}

static void whoever_worked_on_an_older_state_is_shown_the_one_there_is(void **state)
{
	struct fixture *f = *state;
	struct choice_of first = { .wish = { .name = "code.life", .value = "20" } }, second = { .wish = { .name = "code.life", .value = "30" } };
	assert_int_equal(choose(f, TENANT, &first), 0);
	assert_int_equal(choose(f, TENANT, &second), ERR_VERSION_CONFLICT);
	assert_non_null(f->error.current);
	assert_non_null(strstr(f->error.current, "\"value\":20,"));
	assert_int_equal(in_force(f, TENANT, SETTING_CODE_LIFE), 20);
	second.wish.version = ANY_VERSION;
	assert_int_equal(choose(f, TENANT, &second), 0);
	assert_int_equal(in_force(f, TENANT, SETTING_CODE_LIFE), 30);
}

static void what_may_not_be_chosen_changes_nothing(void **state)
{
	struct fixture *f = *state;
	static const struct { const char *name, *value; int code; } cases[] = {
		{ "code.life", "61", ERR_INVALID }, { "code.life", "", ERR_INVALID }, { "http.drain", "3", ERR_SETTING_SERVER }, { "no.such", "1", ERR_NOT_FOUND },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct choice_of o = { .wish = { .name = cases[i].name, .value = cases[i].value, .version = ANY_VERSION } };
		assert_int_equal(choose(f, TENANT, &o), cases[i].code);
	}
	assert_int_equal(in_force(f, TENANT, SETTING_CODE_LIFE), 10);
}

static void what_another_node_wrote_is_heard(void **state)
{
	struct fixture *f = *state;
	struct services other = f->services;
	struct setting_server server = { .values = setting_defaults };
	struct choice_of o = { .wish = { .name = "code.life", .value = "20" } };
	other.settings = settings_new(&server);
	assert_int_equal(choose(f, TENANT, &o), 0);
	struct ctx c = { .tenant = TENANT, .services = &other };
	assert_int_equal(setting_of(&c, SETTING_CODE_LIFE), 10);
	struct event events[] = { { .tenant = OTHER_TENANT, .object = "ticket" }, { .tenant = TENANT, .object = "setting" } };
	settings_news(&other, events, 1);
	assert_int_equal(setting_of(&c, SETTING_CODE_LIFE), 10);
	settings_news(&other, events, 2);
	assert_int_equal(setting_of(&c, SETTING_CODE_LIFE), 20);
	settings_free(other.settings);
	other.settings = settings_new(&server);
	assert_int_equal(settings_load(&other, &f->clock), 0);
	assert_int_equal(setting_of(&c, SETTING_CODE_LIFE), 20);
	settings_free(other.settings);
}

struct changes {
	int64_t id;
	struct changes_of_object_row *rows;
	size_t n;
};

static int read_changes(struct ctx *c, void *arg)
{
	struct changes *o = arg;
	return changes_of_object(c, "setting", o->id, &o->rows, &o->n);
}

static void each_change_is_in_the_history_with_what_was_before(void **state)
{
	struct fixture *f = *state;
	struct choice_of o = { .wish = { .name = "code.life", .value = "20" } };
	assert_int_equal(choose(f, TENANT, &o), 0);
	o.wish = (struct setting_wish){ .name = "code.life", .value = "20", .version = 1, .reason = "as it is" };
	assert_int_equal(choose(f, TENANT, &o), 0);
	o.wish = (struct setting_wish){ .name = "code.life", .version = 1, .reason = "enough" };
	assert_int_equal(choose(f, TENANT, &o), 0);
	struct changes changes = { .id = o.now.row_id };
	f->c.tenant = TENANT;
	assert_int_equal(readers_run(f->services.readers, &f->c, read_changes, &changes), 0);
	assert_int_equal(changes.n, 2);
	assert_string_equal(changes.rows[0].reason, "enough");
	assert_non_null(strstr(changes.rows[0].fields, "20"));
	assert_non_null(strstr(changes.rows[1].fields, "null"));
}

struct asking {
	struct fixture *f;
	_Atomic bool stop;
	int64_t wrong;
};

static void *ask(void *arg)
{
	struct asking *o = arg;
	while (!o->stop) {
		int64_t value = in_force(o->f, TENANT, SETTING_CODE_LIFE);
		o->wrong += value < 10 || value > 29;
	}
	return NULL;
}

static void many_ask_while_one_changes(void **state)
{
	struct asking o = { .f = *state };
	pthread_t threads[4];
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask, &o), 0);
	for (int64_t tenant = 1; tenant <= 2; tenant++)
		for (int i = 10; i < 30; i++) {
			char value[16];
			snprintf(value, sizeof(value), "%d", i);
			struct choice_of change = { .wish = { .name = "code.life", .value = value, .version = ANY_VERSION } };
			assert_int_equal(choose(o.f, tenant, &change), 0);
		}
	o.stop = true;
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(o.wrong, 0);
	assert_int_equal(in_force(o.f, TENANT, SETTING_CODE_LIFE), 29);
}

static const struct CMUnitTest all[] = {
	ON_BOTH(a_choice_is_in_force_for_its_company_alone_once_it_is_committed),
	ON_BOTH(without_a_choice_it_is_what_the_server_was_started_with),
	ON_BOTH(whoever_worked_on_an_older_state_is_shown_the_one_there_is),
	ON_BOTH(what_may_not_be_chosen_changes_nothing),
	ON_BOTH(what_another_node_wrote_is_heard),
	ON_BOTH(each_change_is_in_the_history_with_what_was_before),
	ON_BOTH(many_ask_while_one_changes),
};

int main(void)
{
	RUN_ON_BOTH(all);
}
