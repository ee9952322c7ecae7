/* Customers who write, each on a line of her own: messages a second that are durable when they are answered, until search and promises have
 * followed; beside filing tickets, which write a row more often and more of it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/bench_server.h"
#include "core/auth/sign_in.h"
#include "core/services.h"
#include "domain/customer/customer.h"
#include "gen/bench_sql.h"

enum { CUSTOMERS = 64, LIFE_MS = 3600 * 1000 };

struct talk {
	struct bench_run server;
	const char *cookies[CUSTOMERS];
};

/* Each signed in: the bench has no phones to send codes to. */
static int make_customers(struct ctx *c, void *arg)
{
	struct talk *b = arg;
	const struct record_model *m = model_of(c, &customer_record);
	size_t name = field_index(m, "name");
	for (size_t i = 0; i < CUSTOMERS; i++) {
		struct slot slots[MOST_FIELDS_OF_RECORD] = { 0 };
		struct customer row;
		const char *cookie;
		slots[name].text = arena_format(c->arena, "bench %zu", i);
		TRY(record_create(c, &customer_record, slots, UINT64_C(1) << name, &row));
		TRY(session_create(c, &(struct session_new){ .kind = ACTOR_CUSTOMER, .actor_id = row.id, .life_ms = LIFE_MS }, &cookie));
		b->cookies[i] = arena_format(b->server.arena, "%s=%s", CUSTOMER_COOKIE, cookie);
	}
	return 0;
}

static const char *next_message(void *arg, struct arena *a, size_t *n)
{
	struct talk *b = arg;
	struct bench_run as_customer = b->server;
	as_customer.cookie = b->cookies[b->server.number % CUSTOMERS];
	const char *body = arena_format(a, "{\"text\":\"冰箱冷藏室后壁结冰，菜都冻坏了，这是第 %zu 句\",\"external_id\":\"bench-%d-%zu\"}", b->server.number, (int)getpid(), b->server.number);
	const char *text = bench_request(&as_customer, a, "POST", "/api/v1/my/conversation", "", body);
	b->server.number = as_customer.number;
	*n = strlen(text);
	return text;
}

static const char *next_ticket(void *arg, struct arena *a, size_t *n)
{
	struct talk *b = arg;
	const char *text = bench_request(&b->server, a, "POST", "/api/v1/ticket", "", bench_report(&b->server, a));
	*n = strlen(text);
	return text;
}

static int rate(struct talk *b, int expected, const char *(*next)(void *arg, struct arena *a, size_t *n), struct load *l, double *out)
{
	double behind;
	TRY(bench_load(&b->server, b->server.port, CUSTOMERS, expected, next, l));
	TRY(bench_caught_up(&b->server, &behind));
	*out = (double)l->done / (BENCH_SECONDS + behind);
	return 0;
}

static int run(struct talk *b)
{
	struct load tickets, messages;
	double filed, written;
	TRY(bench_start(&b->server));
	TRY(bench_sign_in(&b->server));
	TRY(rate(b, 201, next_ticket, &tickets, &filed));
	TRY(rate(b, 200, next_message, &messages, &written));
	bench_print("messages", written, "1/s", filed);
	bench_print("messages_p99", messages.p99_ms, "ms", tickets.p99_ms);
	return 0;
}

int bench_talk(const struct app_options *o, struct arena *a, int argc, char **argv)
{
	struct talk b = { 0 };
	struct app *app;
	TRY(bench_forget(a, o, "talk"));
	TRY(bench_open(&b.server, a, o, "talk", NULL));
	TRY(bench_app(&b.server, &app));
	int r = app_write(app, b.server.tenant, make_customers, &b);
	app_close(app);
	if (r == 0)
		r = run(&b);
	bench_stop(&b.server.server);
	return r;
}
