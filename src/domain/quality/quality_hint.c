/* While it can still be mended: what is forbidden in a text that is about to be sent, what a running conversation owes, and what a rule would have found. */
#include "domain/quality/quality.h"

#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/list/list.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "gen/quality_sql.h"

enum { TRIED = 100, TEXT_MOST = 4000, FOUND_MOST = 300 };

/* A text before it is sent ----------------------------------------------------------------------------------------------------- */

struct text_in_ {
	const char *text;
};
static const struct member text_members[] = { MEMBER(struct text_in_, text, text, .flags = MEMBER_REQUIRED, .most = TEXT_MOST) };
static const struct shape text_shape = SHAPE("quality_text", struct text_in_, text_members);

static void write_rule(const struct quality_rule *r, struct text *t)
{
	const struct choice *kind = choice_find(quality_kinds, r->kind);
	text_format(t, "{\"kind\":\"%s\",\"kind_label\":", r->kind);
	json_label(t, kind ? kind->zh : "", kind ? kind->en : "");
	text_append(t, ",\"rule\":");
	json_label(t, r->name, text_empty(r->name_en) ? r->name : r->name_en);
	text_format(t, ",\"fatal\":%s", r->fatal ? "true" : "false");
}

static int of_text(struct ctx *c, const void *in, void *out)
{
	const char *said = ((const struct text_in_ *)in)->text;
	struct quality_book book;
	struct text t = text_in(c->arena);
	TRY(quality_book(c, &book));
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < book.n; i++) {
		size_t from, to;
		if (!quality_is_said(book.checks[i].kind) || !quality_words_find(book.checks[i].words, book.checks[i].except, said, &from, &to))
			continue;
		text_append(&t, t.p[t.n - 1] == '}' ? "," : "");
		write_rule(&book.rows[i], &t);
		text_append(&t, ",\"words\":");
		json_text(&t, arena_string_n(c->arena, said + from, to - from));
		text_char(&t, '}');
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* A running conversation ------------------------------------------------------------------------------------------------------- */

/* Rules of which the agent is to hear; what was said already helps nobody. */
static size_t live_only(struct quality_book *book)
{
	struct quality_rule *rows = (struct quality_rule *)book->rows;
	size_t kept = 0;
	for (size_t i = 0; i < book->n; i++)
		if (rows[i].hint && !quality_is_said(book->checks[i].kind)) {
			rows[kept] = rows[i];
			book->checks[kept++] = book->checks[i];
		}
	return kept;
}

static int hints(struct ctx *c, const void *in, void *out)
{
	struct conversation k;
	struct quality_book book;
	struct quality_look look;
	struct quality_spot *spots;
	time_ms again;
	struct text t = text_in(c->arena);
	CLOCK_SET set = NULL;
	TRY(record_get(c, &conversation_record, ((const struct id_in *)in)->id, &k));
	TRY(clock_set_take(c, &set));
	TRY(quality_book(c, &book));
	book.n = text_equal(k.state, "closed") ? 0 : live_only(&book);
	TRY(quality_look(c, set, &k, &look));
	size_t n = quality_inspect(c->arena, &look.talk, book.checks, book.n, &spots, &again);
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		text_append(&t, i ? "," : "");
		write_rule(&book.rows[spots[i].rule], &t);
		text_format(&t, ",\"message_no\":%lld}", (long long)spots[i].no);
	}
	text_append(&t, "],\"look_at\":");
	text_format(&t, again < FAR_FUTURE_MS ? "%lld}" : "null}", (long long)again);
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* A rule, tried ---------------------------------------------------------------------------------------------------------------- */

struct trial_in {
	const char *kind, *words, *excepts, *answers;
	int64_t messages, minutes, weight, fatal;
};
static const struct member trial_members[] = {
	MEMBER(struct trial_in, kind, code, .flags = MEMBER_REQUIRED, .choices = quality_kinds), MEMBER(struct trial_in, words, text, .most = 8000), MEMBER(struct trial_in, excepts, text, .most = 8000),
	MEMBER(struct trial_in, answers, text, .most = 8000), MEMBER(struct trial_in, messages, count, .most = 20), MEMBER(struct trial_in, minutes, count, .most = 1440),
	MEMBER(struct trial_in, weight, count, .most = 100), MEMBER(struct trial_in, fatal, flag),
};
static const struct shape trial_shape = SHAPE("quality_trial", struct trial_in, trial_members);

static const char *words_at(struct ctx *c, const struct quality_talk *talk, const struct quality_spot *s)
{
	for (size_t i = 0; i < talk->n; i++)
		if (talk->messages[i].no == s->no && s->to > s->from)
			return arena_string_n(c->arena, talk->messages[i].text + s->from, s->to - s->from);
	return "";
}

static void write_found(struct ctx *c, const struct conversation *k, const struct quality_talk *talk, const struct quality_spot *spots, size_t n, int64_t *findings, struct text *t)
{
	for (size_t i = 0; i < n; i++) {
		if (++*findings > FOUND_MOST)
			continue;
		text_append(t, t->p[t->n - 1] == '[' ? "" : ",");
		text_format(t, "{\"conversation_id\":\"%lld\",\"title\":", (long long)k->id);
		json_text(t, k->title);
		text_format(t, ",\"at\":%lld,\"message_no\":%lld,\"words\":", (long long)k->closed_at, (long long)spots[i].no);
		json_text(t, words_at(c, talk, &spots[i]));
		text_char(t, '}');
	}
}

/* On the last that ended and that whoever asks may read. */
static int try_rule(struct ctx *c, const void *in, void *out)
{
	const struct trial_in *v = in;
	const struct quality_rule row = { .kind = v->kind, .words = v->words, .excepts = v->excepts, .answers = v->answers, .messages = v->messages, .minutes = v->minutes, .weight = v->weight, .fatal = v->fatal };
	struct list_query query = { .condition = "state = closed", .sort = "-last_at", .limit = TRIED };
	struct list_page page;
	struct quality_check check;
	struct text t = text_in(c->arena);
	int64_t findings = 0, with = 0;
	CLOCK_SET set = NULL;
	TRY(require_permission(c, "conversation.read"));
	TRY(clock_set_take(c, &set));
	TRY(list_page(c, &conversation_record, &query, &page));
	quality_ready(c, &row, &check);
	text_append(&t, "{\"found\":[");
	for (size_t i = 0; i < page.n; i++) {
		const struct conversation *k = (const struct conversation *)page.rows + i;
		struct quality_look look;
		struct quality_spot *spots;
		time_ms again;
		TRY(quality_look(c, set, k, &look));
		size_t n = quality_inspect(c->arena, &look.talk, &check, 1, &spots, &again);
		with += n > 0;
		write_found(c, k, &look.talk, spots, n, &findings, &t);
	}
	text_format(&t, "],\"findings\":%lld,\"with\":%lld,\"of\":%zu}", (long long)findings, (long long)with, page.n);
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route quality_hint_routes[] = {
	ROUTE(POST, "/api/v1/quality_text", "quality.own", POOL, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &text_shape, .out = &raw_shape, .run = of_text,
	      .zh = "质检：发送前检查一段话", .en = "Quality: what is wrong with a text before it is sent"),
	ROUTE(GET, "/api/v1/conversation/{id}/quality", "quality.own", POOL, .in = &id_shape, .out = &raw_shape, .run = hints,
	      .zh = "质检：进行中的会话还欠什么", .en = "Quality: what a running conversation owes"),
	ROUTE(POST, "/api/v1/quality_rule/try", "quality_rule.read", POOL, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &trial_shape, .out = &raw_shape, .run = try_rule,
	      .zh = "质检规则：在最近的会话上试用", .en = "Quality rule: tried on the last conversations"),
};
const size_t quality_hint_route_count = sizeof(quality_hint_routes) / sizeof(quality_hint_routes[0]);
