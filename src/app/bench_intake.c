/* Reports as people write them: the 5,140 texts of the shared data, each filed once by a customer through the phone page's route. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/bench_server.h"
#include "base/json.h"
#include "core/auth/sign_in.h"
#include "core/services.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "domain/portal/portal.h"
#include "domain/ticket/ticket.h"
#include "gen/schema.h"

enum { MOST_TEXTS = 20000, CONNECTIONS = 64, CUSTOMERS_AT_ONCE = 200, LONGEST = 2000 };

struct intake {
	struct bench_run server;
	const char *texts[MOST_TEXTS];
	size_t n, next;
	const char **cookies;           /* one a customer: each reports as often as is free of proof of work */
	size_t customers, made;
	int64_t product;                /* what their reports are about */
};

/* Lines "kind TAB mark TAB text". */
static int read_texts(struct intake *k)
{
	const char *shared = getenv("ANXIN_SHARED");
	const char *path = arena_format(k->server.arena, "%s/data/voices/electronics_reviews.tsv", shared ? shared : "../shared");
	char line[16384];
	FILE *f = fopen(path, "r");
	if (!f)
		return ERR_NOT_FOUND;
	while (k->n < MOST_TEXTS && fgets(line, sizeof(line), f)) {
		char *tab = strchr(line, '\t'), *text = tab ? strchr(tab + 1, '\t') : NULL;
		if (!text || !utf8_is_text(text + 1, strcspn(text + 1, "\n")))
			continue;
		text[1 + strcspn(text + 1, "\n")] = 0;
		k->texts[k->n++] = arena_string_n(k->server.arena, text + 1, utf8_prefix(text + 1, LONGEST));
	}
	fclose(f);
	return k->n ? 0 : ERR_NOT_FOUND;
}

static int add_product(struct ctx *c, void *arg)
{
	struct intake *k = arg;
	struct product product = { .tenant = c->tenant, .id = new_id(c), .code = "BENCH", .name = "冰箱", .name_en = "Fridge" };
	k->product = product.id;
	return record_insert(c, &product_record, &product);
}

static int add_customers(struct ctx *c, void *arg)
{
	struct intake *k = arg;
	const struct record_model *m = model_of(c, &customer_record);
	size_t name = field_index(m, "name"), phone = field_index(m, "phone");
	for (size_t i = k->made; i < k->made + CUSTOMERS_AT_ONCE && i < k->customers; i++) {
		struct slot slots[MOST_FIELDS_OF_RECORD] = { 0 };
		struct customer row;
		const char *cookie;
		slots[name].text = "王小雨";
		slots[phone].text = arena_format(c->arena, "139%08zu", i);
		TRY(record_create(c, &customer_record, slots, UINT64_C(1) << name | UINT64_C(1) << phone, &row));
		TRY(session_create(c, &(struct session_new){ .kind = ACTOR_CUSTOMER, .actor_id = row.id, .life_ms = setting_ms(c, SETTING_CUSTOMER_LIFE) }, &cookie));
		k->cookies[i] = arena_format(k->server.arena, CUSTOMER_COOKIE "=%s", cookie);
	}
	return 0;
}

static int make_customers(struct intake *k)
{
	struct app *app;
	k->customers = (k->n + (size_t)setting_defaults.at[SETTING_REPORT_FREE] - 1) / (size_t)setting_defaults.at[SETTING_REPORT_FREE];
	k->cookies = ARENA_ARRAY(k->server.arena, const char *, k->customers);
	TRY(bench_app(&k->server, &app));
	int r = app_write(app, k->server.tenant, add_product, k);
	for (; r == 0 && k->made < k->customers; k->made += CUSTOMERS_AT_ONCE)
		r = app_write(app, k->server.tenant, add_customers, k);
	app_close(app);
	return r;
}

static const char *next_report(void *arg, struct arena *a, size_t *n)
{
	struct intake *k = arg;
	if (k->next == k->n)
		return NULL;
	struct text body = text_in(a);
	text_format(&body, "{\"scene\":\"repair\",\"product_id\":\"%lld\",\"description\":", (long long)k->product);
	json_text(&body, k->texts[k->next]);
	text_char(&body, '}');
	k->server.cookie = k->cookies[k->next++ / (size_t)setting_defaults.at[SETTING_REPORT_FREE]];
	const char *text = bench_request(&k->server, a, "POST", "/api/v1/my/ticket", "", text_end(&body));
	*n = strlen(text);
	return text;
}

static int graded(struct intake *k, const char *grade, int64_t *n)
{
	const char *answer;
	TRY(bench_call(&k->server, "GET", arena_format(k->server.arena, "/api/v1/ticket/count?filter=%%5B%%5B%%22grade%%22%%2C%%22%%3D%%22%%2C%%22%s%%22%%5D%%5D", grade), "", &answer));
	*n = bench_number(k->server.arena, answer, "total");
	return 0;
}

/* The grades that were proposed: what is there afterwards more than before. */
static int count_grades(struct intake *k, int64_t counts[3])
{
	for (int i = 0; i < 3; i++)
		TRY(graded(k, ticket_grades[i].value, &counts[i]));
	return 0;
}

static int figures(struct intake *k)
{
	struct load l = { .port = k->server.port, .connections = CONNECTIONS, .seconds = 120, .requests_most = k->n, .expected = 201, .next = next_report, .arg = k };
	int64_t before[3], after[3];
	double behind;
	TRY(count_grades(k, before));
	const char *staff = k->server.cookie;
	TRY(load_run(&l));
	k->server.cookie = staff;
	TRY(bench_caught_up(&k->server, &behind));
	TRY(count_grades(k, after));
	bench_print("intake", (double)l.done / ((double)l.done / l.per_second + behind), "1/s", 0);
	bench_print("intake_p50", l.p50_ms, "ms", 0);
	bench_print("intake_p99", l.p99_ms, "ms", 0);
	bench_print("intake_reports", (double)l.done, "reports", 0);
	for (int i = 0; i < 3; i++)
		bench_print(arena_format(k->server.arena, "intake_%s", ticket_grades[i].value), (double)(after[i] - before[i]), "reports", 0);
	if (l.wrong)
		fprintf(stderr, "bench: %zu reports were refused\n", l.wrong);
	return l.wrong || l.done != k->n ? ERR_INTERNAL : 0;
}

int bench_intake(const struct app_options *o, struct arena *a, int argc, char **argv)
{
	struct intake *k = ARENA_NEW(a, struct intake);
	k->server.arena = a;
	if (read_texts(k) < 0) {
		fprintf(stderr, "intake: the shared texts are absent (ANXIN_SHARED): nothing is measured\n");
		return 0;
	}
	TRY(bench_forget(a, o, "intake"));
	TRY(bench_open(&k->server, a, o, "intake", NULL));
	TRY(make_customers(k));
	int r = bench_start(&k->server);
	if (r == 0)
		r = bench_sign_in(&k->server);
	if (r == 0)
		r = figures(k);
	bench_stop(&k->server.server);
	return r;
}
