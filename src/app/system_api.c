/* The page on which an administrator sees whether all is well: the doctor's looks, how many jobs the company has, and what became of its
 * messages. */
#include "app/backup.h"
#include "app/checks.h"
#include "app/health.h"
#include "base/json.h"
#include "gen/system_sql.h"

enum { RECENT_MOST = 1000 };

static void write_check(struct ctx *c, struct text *t, struct check look)
{
	static const char *const states[] = { "well", "warn", "bad" };
	text_format(t, "%s{\"code\":\"%s\",\"state\":\"%s\",\"text\":", t->p[t->n - 1] == '[' ? "" : ",", look.code, states[look.state]);
	json_text(t, c->lang == LANG_EN ? look.en : look.zh);
	text_char(t, '}');
}

/* Of a day: what found no way out, and what was refused. */
static int check_messages(struct ctx *c, struct check *out)
{
	struct outbox_recent_row *rows;
	size_t failed, held;
	TRY(outbox_recent(c, "failed", c->now - DAY_MS, RECENT_MOST, &rows, &failed));
	TRY(outbox_recent(c, "held", c->now - DAY_MS, RECENT_MOST, &rows, &held));
	*out = (struct check){ CHECK_WELL, "messages", "24 小时内都已送出或正在送", "all of the last 24 hours were sent or are on their way" };
	if (failed || held)
		*out = (struct check){ CHECK_WARN, "messages", arena_format(c->arena, "24 小时内 %zu 条发送失败，%zu 条没有通道", failed, held),
			               arena_format(c->arena, "in the last 24 hours %zu failed and %zu had no channel", failed, held) };
	return 0;
}

int system_looks(struct ctx *c, struct check *out, size_t *n)
{
	const struct app *app = c->services->app;
	const struct checker k = { .arena = c->arena, .o = &app->o, .now = c->now };
	struct check all[SYSTEM_LOOKS] = { check_backups(&k, backup_folder(c->arena, &app->o)), check_space(&k), check_reserve(&k), check_certificate(&k), check_audit(&k) };
	TRY(check_followers(&k, c, &all[5]));
	TRY(check_messages(c, &all[6]));
	TRY(check_escalations(&k, c, true, &all[7]));
	*n = 0;
	for (size_t i = 0; i < SYSTEM_LOOKS; i++)
		if (all[i].code)
			out[(*n)++] = all[i];
	return 0;
}

static int show(struct ctx *c, const void *in, void *out)
{
	const struct app *app = c->services->app;
	struct jobs_of_company_row *rows;
	struct check looks[SYSTEM_LOOKS];
	size_t n;
	struct text t = text_in(c->arena);
	text_format(&t, "{\"now\":%lld,\"started_at\":%lld,\"engine\":\"%s\",\"checks\":[", (long long)c->now, (long long)app->started_at, backup_is_postgresql(app->o.db) ? "postgresql" : "sqlite");
	TRY(system_looks(c, looks, &n));
	for (size_t i = 0; i < n; i++)
		write_check(c, &t, looks[i]);
	text_append(&t, "],\"days\":[");
	TRY(health_days(c, &t));
	text_append(&t, "],\"jobs\":[");
	TRY(jobs_of_company(c, &rows, &n));
	for (size_t i = 0; i < n; i++)
		text_format(&t, "%s{\"kind\":\"%s\",\"state\":\"%s\",\"amount\":%lld,\"first_at\":%lld}", i ? "," : "", rows[i].kind, rows[i].state, (long long)rows[i].amount, (long long)rows[i].first_at);
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route system_routes[] = {
	ROUTE(GET, "/api/v1/system", "system.read", POOL, .out = &raw_shape, .run = show, .zh = "运行状况", .en = "How the system is"),
};
const size_t system_route_count = sizeof(system_routes) / sizeof(system_routes[0]);
