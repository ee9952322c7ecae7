/* The page of retention: each kind with its time and its law, what is due now, what went; what another time would mean. */
#include "core/api/api.h"
#include "core/retention/retention.h"
#include "core/services.h"
#include "core/setting/setting_view.h"
#include "core/setting/settings.h"
#include "gen/retention_sql.h"
#include "gen/schema.h"

enum { DAYS = 30 };
#define FAR_DAY 3000000

struct kind_out {
	const char *name;
	struct setting_words *label, *what, *since, *law;
	const char *setting;
	int64_t due, held, more, force_at, last_at, last_removed;
};
#define WORDS(member) MEMBER(struct kind_out, member, shape, .shape = &setting_words_shape, .flags = MEMBER_REQUIRED)
#define NUMBER(member, type) MEMBER(struct kind_out, member, type, .flags = MEMBER_REQUIRED)
static const struct member kind_members[] = {
	MEMBER(struct kind_out, name, code, .flags = MEMBER_REQUIRED), WORDS(label), WORDS(what), WORDS(since), WORDS(law),
	MEMBER(struct kind_out, setting, code, .flags = MEMBER_NULLABLE), NUMBER(due, count), NUMBER(held, count), NUMBER(more, flag), NUMBER(force_at, time_ms),
	NUMBER(last_at, time_ms), NUMBER(last_removed, count),
};
static const struct shape kind_shape = SHAPE("retention_kind", struct kind_out, kind_members);

struct list_out {
	struct list items;
};
static const struct member list_members[] = { MEMBER(struct list_out, items, list, .shape = &kind_shape, .flags = MEMBER_REQUIRED) };
static const struct shape list_shape = SHAPE("retention", struct list_out, list_members);

static struct setting_words *words(struct ctx *c, struct label l)
{
	struct setting_words *w = ARENA_NEW(c->arena, struct setting_words);
	*w = (struct setting_words){ l.zh, l.en };
	return w;
}

static int show(struct ctx *c, const struct retention_kind *k, struct kind_out *out)
{
	struct retention_count n;
	struct retention_day *days;
	size_t found;
	time_ms before, force_at;
	TRY(retention_now(c, k, &before, &force_at));
	TRY(retention_count(c, k, before, &n));
	TRY(retention_days(c, k->name, FAR_DAY, 1, &days, &found));
	*out = (struct kind_out){
		.name = k->name, .label = words(c, k->label), .what = words(c, k->what), .since = words(c, k->since), .law = words(c, k->law),
		.setting = k->setting == KEPT ? NULL : setting_defs[k->setting].name, .due = n.due, .held = n.held, .more = n.more,
		.force_at = force_at > c->now ? force_at : 0, .last_at = found ? days[0].at : 0, .last_removed = found ? days[0].removed : 0,
	};
	return 0;
}

static int list(struct ctx *c, const void *in, void *out)
{
	size_t n = 0;
	while (c->services->retention[n])
		n++;
	struct kind_out *all = ARENA_ARRAY(c->arena, struct kind_out, n);
	for (size_t i = 0; i < n; i++)
		TRY(show(c, c->services->retention[i], &all[i]));
	((struct list_out *)out)->items = (struct list){ all, n };
	return 0;
}

/* Another time ------------------------------------------------------------------------------------------------------------- */

struct due_in {
	const char *name, *value;
};
static const struct member due_members[] = {
	MEMBER(struct due_in, name, code, .flags = MEMBER_REQUIRED, .most = 60), MEMBER(struct due_in, value, code, .flags = MEMBER_REQUIRED, .most = 20),
};
static const struct shape due_shape = SHAPE("retention_wish", struct due_in, due_members);

struct due_out {
	int64_t due, held, more;
};
static const struct member count_members[] = {
	MEMBER(struct due_out, due, count, .flags = MEMBER_REQUIRED), MEMBER(struct due_out, held, count, .flags = MEMBER_REQUIRED), MEMBER(struct due_out, more, flag, .flags = MEMBER_REQUIRED),
};
static const struct shape count_shape = SHAPE("retention_due", struct due_out, count_members);

static int find(struct ctx *c, const char *name, const struct retention_kind **kind)
{
	*kind = retention_find(c, name);
	return require(c, *kind, ERR_NOT_FOUND, NULL);
}

static int due(struct ctx *c, const void *in, void *out)
{
	const struct due_in *v = in;
	const struct retention_kind *kind;
	const char *arg = NULL;
	int64_t value;
	struct retention_count n;
	time_ms before;
	TRY(find(c, v->name, &kind));
	TRY(require(c, kind->setting != KEPT, ERR_NOT_FOUND, NULL));
	int r = setting_read(c->arena, &setting_defs[kind->setting], v->value, c->lang, &value, &arg);
	if (r < 0) {
		fail_field(c, "value", r, arg);
		return c->error->code;
	}
	retention_before(c, kind, value, &before);
	TRY(retention_count(c, kind, before, &n));
	*(struct due_out *)out = (struct due_out){ n.due, n.held, n.more };
	return 0;
}

/* What went ---------------------------------------------------------------------------------------------------------------- */

struct days_in {
	const char *name;
	int64_t before;
};
static const struct member days_in_members[] = { MEMBER(struct days_in, name, code, .flags = MEMBER_REQUIRED, .most = 60), MEMBER(struct days_in, before, day) };
static const struct shape days_in_shape = SHAPE("retention_before", struct days_in, days_in_members);

#define DAY_OF(member, type) MEMBER(struct retention_day, member, type, .flags = MEMBER_REQUIRED)
static const struct member day_members[] = { DAY_OF(day, day), DAY_OF(at, time_ms), DAY_OF(removed, count), DAY_OF(held, count) };
static const struct shape day_shape = SHAPE("retention_day", struct retention_day, day_members);

struct days_out {
	struct list items;
	int64_t next;                   /* goes on before this day; null: there is no more */
};
static const struct member days_members[] = {
	MEMBER(struct days_out, items, list, .shape = &day_shape, .flags = MEMBER_REQUIRED), MEMBER(struct days_out, next, day, .flags = MEMBER_NULLABLE),
};
static const struct shape days_shape = SHAPE("retention_days", struct days_out, days_members);

static int days(struct ctx *c, const void *in, void *out)
{
	const struct days_in *v = in;
	struct days_out *o = out;
	const struct retention_kind *kind;
	struct retention_day *rows;
	size_t n;
	TRY(find(c, v->name, &kind));
	TRY(retention_days(c, kind->name, v->before && v->before != NULL_INT ? v->before : FAR_DAY, DAYS + 1, &rows, &n));
	o->items = (struct list){ rows, n > DAYS ? DAYS : n };
	o->next = n > DAYS ? rows[DAYS - 1].day : NULL_INT;
	return 0;
}

const struct route retention_routes[] = {
	ROUTE(GET, "/api/v1/retention", "setting.read", POOL, .out = &list_shape, .run = list, .zh = "保存期限：各类内容", .en = "Retention: each kind of content"),
	ROUTE(GET, "/api/v1/retention/{name}/due", "setting.read", POOL, .in = &due_shape, .out = &count_shape, .run = due,
	      .zh = "保存期限：按另一期限，现在有多少到期", .en = "Retention: how many would be due with another time"),
	ROUTE(GET, "/api/v1/retention/{name}/day", "setting.read", POOL, .in = &days_in_shape, .out = &days_shape, .run = days,
	      .zh = "保存期限：逐日清除记录", .en = "Retention: what went, day by day"),
};
const size_t retention_route_count = sizeof(retention_routes) / sizeof(retention_routes[0]);
