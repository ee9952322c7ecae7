/* Tickets and devices as their customer sees them: no other person's full name, serials by their last four. */
#include <string.h>

#include "base/json.h"
#include "core/pii/pii.h"
#include "core/setting/settings.h"
#include "domain/compensation/compensation.h"
#include "domain/device/device.h"
#include "domain/portal/portal.h"
#include "domain/ticket/ticket.h"
#include "gen/ticket_sql.h"

/* Also codes go through the JSON writer: what is stored may be older than the list that today's are checked against. */
static void write_code(struct text *out, const char *name, const char *code)
{
	text_format(out, ",\"%s\":", name);
	json_text(out, code);
}

static void write_day(struct text *out, int64_t day)
{
	char text[16];
	if (day == 0) {
		text_append(out, "null");
		return;
	}
	day_format(day, text);
	json_text(out, text);
}

static void write_time(struct text *out, const char *name, int64_t at)
{
	if (at == 0 || at == FAR_FUTURE_MS)
		text_format(out, ",\"%s\":null", name);
	else
		text_format(out, ",\"%s\":%lld", name, (long long)at);
}

int portal_device_json(struct ctx *c, const struct device *d, struct text *out)
{
	struct model model;
	struct product product;
	TRY(model_row_get(c, d->model_id, &model));
	TRY(product_row_get(c, d->product_id, &product));
	size_t n = strlen(d->serial);
	text_format(out, "{\"id\":\"%lld\",\"product_id\":\"%lld\",\"name\":", (long long)d->id, (long long)d->product_id);
	json_label(out, model.name, text_empty(product.name_en) ? model.name : product.name_en);
	text_append(out, ",\"model\":");
	json_text(out, model.code);
	text_append(out, ",\"product\":");
	json_text(out, product.code);
	text_append(out, ",\"serial_end\":");
	json_text(out, d->serial + (n > 4 ? n - 4 : 0));
	int64_t today = day_of(c->now, CHINA_MINUTES);
	text_format(out, ",\"cover\":\"%s\",\"cover_until\":", d->warranty_until == 0 ? "unknown" : d->warranty_until >= today ? "warranty" : "out");
	write_day(out, d->warranty_until);
	text_char(out, '}');
	return 0;
}

/* When each step was reached; the flow tells which one is now. */
static void write_steps(struct text *out, const struct ticket *t)
{
	const struct { const char *name; int64_t at; } steps[] = {
		{ "accepted", t->created_at }, { "working", t->first_response_at }, { "resolved", t->solved_at },
		{ "closed", t->closed_at }, { "rated", t->rated_at },
	};
	int now = ticket_step(t);
	static const int index_of_step[] = { 0, 0, 1, 2, 3, 4 };
	text_append(out, ",\"steps\":[");
	for (int i = 0; i < 5; i++) {
		int present = index_of_step[now];
		const char *state = i < present || (i == present && t->rated_at && i == 4) ? "done" : i == present ? "now" : "next";
		text_format(out, "%s{\"name\":\"%s\",\"at\":", i ? "," : "", steps[i].name);
		if (steps[i].at && i <= present)
			text_int(out, steps[i].at);
		else
			text_append(out, "null");
		text_format(out, ",\"state\":\"%s\"}", state);
	}
	text_char(out, ']');
}

/* A state of the company's own, where it is meant for customers. */
static void write_stage(struct ctx *c, struct text *out, const struct flow *flow, const struct ticket *t)
{
	const struct flow_stage *s = flow_stage(c, flow, t);
	text_append(out, ",\"stage\":");
	if (s && s->shown)
		json_label(out, s->label.zh, s->label.en);
	else
		text_append(out, "null");
}

/* The company may have switched reminding off. */
static int write_can(struct ctx *c, struct text *out, const struct flow *flow, const struct ticket *t)
{
	int64_t wait = ticket_remind_wait(t, c->now, setting_ms(c, SETTING_TICKET_REMIND_PAUSE));
	bool open = ticket_is_open(t), resolved = text_equal(t->state, "resolved");
	bool asks = open && !resolved, reminds;
	TRY(flow_allows(c, &(struct flow_asking){ .flow = flow }, flow_find(flow, "remind"), t, &reminds));
	text_format(out, ",\"can\":{\"remind\":%s,\"remind_again_at\":", reminds ? "true" : "false");
	if (asks && wait)
		text_int(out, c->now + wait);
	else
		text_append(out, "null");
	text_format(out, ",\"fact\":%s,\"confirm\":%s,\"unsolved\":%s,\"rate\":%s}", open ? "true" : "false", resolved ? "true" : "false",
	            ticket_may_reopen(t, c->now, setting_ms(c, SETTING_TICKET_REOPEN)) ? "true" : "false",
	            (resolved || text_equal(t->state, "closed")) && text_empty(t->rating) ? "true" : "false");
	return 0;
}

static int write_rating(struct ctx *c, struct text *out, const struct ticket *t)
{
	struct ticket_rating *rows;
	size_t n;
	const char *body = NULL;
	TRY(ratings_of_ticket(c, t->id, &rows, &n));
	text_append(out, ",\"rating\":");
	if (n == 0 || text_empty(t->rating)) {
		text_append(out, "null");
		return 0;
	}
	TRY(pii_open(c, rows[0].key, "ticket_rating.body", rows[0].body, &body));
	text_append(out, "{\"result\":");
	json_text(out, rows[0].rating);
	const struct { const char *name; int64_t value; } marks[] = { { "attitude", rows[0].attitude }, { "speed", rows[0].speed }, { "solution", rows[0].solution } };
	for (int i = 0; i < 3; i++)
		text_format(out, marks[i].value ? ",\"%s\":%lld" : ",\"%s\":null", marks[i].name, (long long)marks[i].value);
	text_append(out, ",\"text\":");
	json_text(out, body ? body : "");
	text_format(out, ",\"at\":%lld}", (long long)rows[0].at);
	return 0;
}

static int write_owner(struct ctx *c, struct text *out, const struct ticket *t)
{
	struct user_account owner;
	text_append(out, ",\"owner\":");
	int r = t->owner_id ? user_account_row_get(c, t->owner_id, &owner) : ERR_NOT_FOUND;
	if (r < 0) {
		error_clear(c->error);
		text_append(out, "null");
		return r == ERR_NOT_FOUND ? 0 : r;
	}
	text_append(out, "{\"name\":");
	json_text(out, mask(c->arena, MASK_NAME, owner.name));
	text_char(out, '}');
	return 0;
}

/* What was given, and nothing of what was only proposed. That a payment failed is for the company to mend: to her it is still to come. */
static int write_given(struct ctx *c, struct text *out, const struct ticket *t)
{
	struct compensation_grant *rows;
	size_t n;
	TRY(plan_given(c, t->id, &rows, &n));
	text_append(out, ",\"given\":[");
	for (size_t i = 0; i < n; i++) {
		const struct compensation_grant *g = &rows[i];
		text_format(out, "%s{\"kind\":\"%s\",\"amount_fen\":%lld,\"months\":%lld,\"state\":\"%s\",\"until\":", i ? "," : "", g->kind, (long long)g->amount_fen,
		            (long long)g->months, text_equal(g->state, "done") ? "done" : "waiting");
		write_day(out, g->until);
		text_format(out, ",\"at\":%lld}", (long long)g->created_at);
	}
	text_char(out, ']');
	return 0;
}

/* The numbers that she knows of what went into this ticket. */
static int write_merged(struct ctx *c, const struct ticket *t, struct text *out)
{
	enum { MOST = 10 };
	int64_t ids[MOST];
	size_t n;
	TRY(ticket_with_merged(c, t->id, ids, MOST, &n));
	text_append(out, ",\"merged_nos\":[");
	for (size_t i = 1; i < n; i++) {
		struct ticket one;
		TRY(ticket_row_get(c, ids[i], &one));
		text_append(out, i > 1 ? "," : "");
		json_text(out, one.no);
	}
	text_char(out, ']');
	return 0;
}

static int write_full(struct ctx *c, const struct ticket *t, struct text *out)
{
	TRY(write_merged(c, t, out));
	TRY(write_rating(c, out, t));
	TRY(write_given(c, out, t));
	text_append(out, ",\"timeline\":");
	struct text timeline = text_in(c->arena);
	TRY(ticket_timeline(c, t, TIMELINE_PUBLIC, 0, &timeline));
	text_append(out, text_end(&timeline));
	return 0;
}

int portal_ticket_json(struct ctx *c, const struct flow *flow, const struct ticket *t, enum portal_detail detail, struct text *out)
{
	const char *description = NULL;
	struct device device;
	TRY(pii_open(c, t->key, "ticket.description", t->description, &description));
	text_format(out, "{\"id\":\"%lld\",\"version\":%lld", (long long)t->id, (long long)t->version);
	write_code(out, "no", t->no);
	write_code(out, "scene", t->scene);
	write_code(out, "grade", t->grade);
	write_code(out, "state", t->state);
	write_stage(c, out, flow, t);
	write_code(out, "title", t->title);
	write_code(out, "description", description ? description : "");
	text_append(out, ",\"device\":");
	if (t->device_id) {
		TRY(device_row_get(c, t->device_id, &device));
		TRY(portal_device_json(c, &device, out));
	} else {
		text_append(out, "null");
	}
	text_format(out, t->product_id ? ",\"product_id\":\"%lld\"" : ",\"product_id\":null", (long long)t->product_id);
	TRY(write_owner(c, out, t));
	text_format(out, ",\"symptoms\":%s,\"preferred_day\":", t->symptoms);
	write_day(out, t->preferred_day);
	write_code(out, "danger", t->danger);
	write_code(out, "preferred_time", t->preferred_time);
	write_code(out, "result", t->result);
	text_format(out, ",\"reopen_count\":%lld,\"remind_count\":%lld,\"created_at\":%lld,\"updated_at\":%lld", (long long)t->reopen_count,
	            (long long)t->remind_count, (long long)t->created_at, (long long)t->updated_at);
	bool planned = t->plan_due_at && t->plan_round == t->reopen_count;
	write_code(out, "plan", planned ? t->new_plan : "");
	write_time(out, "plan_due_at", planned ? t->plan_due_at : 0);
	write_time(out, "response_due_at", 0);
	write_time(out, "first_response_at", t->first_response_at);
	write_time(out, "solved_at", t->solved_at);
	write_time(out, "closed_at", t->closed_at);
	write_time(out, "link_expires_at", 0);
	write_steps(out, t);
	TRY(write_can(c, out, flow, t));
	if (detail == PORTAL_FULL)
		TRY(write_full(c, t, out));
	text_char(out, '}');
	return 0;
}
