/* From a message to what is done about it: everything that the decision looks at is gathered here, in the pool. */
#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/understand/understand.h"
#include "domain/bot/bot_model.h"
#include "domain/device/device.h"
#include "engine/language/language.h"
#include "engine/redact/redact.h"
#include "gen/bot_sql.h"
#include "gen/conversation_sql.h"

enum { QUESTION_CHARACTERS = 100 };
#define YEAR_MS (365 * DAY_MS)

static const struct member place_members[] = {
	MEMBER(struct bot_place, tree, code), MEMBER(struct bot_place, node, code),
	MEMBER(struct bot_place, say, list, .item = TYPE_text, .most = 12), MEMBER(struct bot_place, code, list, .item = TYPE_code, .most = 12),
};
const struct shape bot_place_shape = SHAPE("bot_place", struct bot_place, place_members);

static const char *const pending_names[] = { [PENDING_NOTHING] = "", [PENDING_PERSON] = "person", [PENDING_TREE] = "tree", [PENDING_CHOICE] = "choice", [PENDING_SOLVED] = "solved", [PENDING_BACK] = "back", [PENDING_FLOW] = "flow" };

static enum bot_pending pending_of(const char *name)
{
	for (size_t i = 0; i < sizeof(pending_names) / sizeof(pending_names[0]); i++)
		if (text_equal(name, pending_names[i]))
			return (enum bot_pending)i;
	return PENDING_NOTHING;
}

/* A number or a single word is in no language: then it is that in which she began. */
enum lang bot_lang_in(const struct conversation *k, const char *text)
{
	const char *heard = language_of(text);
	heard = heard ? heard : language_of(k->title);
	if (heard)
		return text_equal(heard, "en") ? LANG_EN : LANG_ZH;
	return language_signs(text).words || language_signs(k->title).words || text_equal(k->lang, "en") ? LANG_EN : LANG_ZH;
}

static int remember(struct ctx *c, struct bot_scene *s, struct bot_heard *h)
{
	struct bot_talk talk;
	struct error error = { 0 };
	const struct error before = *c->error;
	int r = bot_talk_row_get(c, s->k->id, &talk);
	if (r == ERR_NOT_FOUND) {
		error_take_back(c->error, &before);
		h->asked_why = "";
		return 0;
	}
	TRY(r);
	h->misses = talk.misses;
	h->pending = pending_of(talk.pending);
	if (json_read(c->arena, &bot_place_shape, talk.place, strlen(talk.place), &s->place, NULL, &error) < 0) {        /* what cannot be read must not silence the talk for ever: nothing was offered */
		s->place = (struct bot_place){ 0 };
		h->pending = PENDING_NOTHING;
	}
	h->asked_why = s->place.node ? s->place.node : "";
	s->flow_from = talk.flow_from;
	s->heard_no = talk.heard_no;
	s->told = knowledge_find(s->knowledge, talk.article);
	const char *filled;
	TRY(pii_open(c, s->k->key, "bot_talk.filled", talk.filled, &filled));
	return flow_state_read(c, talk.flow, talk.slot, talk.tries, filled, &s->flow.state);
}

const struct safety_rule *bot_danger_in(struct ctx *c, const struct knowledge *k, const char *text)
{
	size_t n;
	const struct safety_rule *rules = knowledge_safety(k, &n);
	const char *folded = bot_fold(c->arena, text);
	for (size_t i = 0; i < n; i++)
		if (bot_hears(c->arena, folded, rules[i].words, rules[i].nots))
			return &rules[i];
	return NULL;
}

/* The place of what she pressed or typed among what was offered; -1: none of it. */
static int offered(struct ctx *c, const struct bot_place *p, const char *text)
{
	const char *folded = bot_fold(c->arena, text);
	for (size_t i = 0; i < p->say.n; i++)
		if (bot_means(c->arena, folded, i, ((const char *const *)p->say.at)[i]))
			return (int)i;
	return -1;
}

/* The product that they talk about: that of the last answer, else of her conversation; NULL: not known. */
static int product_code(struct ctx *c, const struct bot_scene *s, const char **out)
{
	*out = s->told && !text_empty(s->told->product) ? s->told->product : NULL;
	return *out ? 0 : bot_product_of(c, s->k, out);
}

/* What she names herself goes before what the conversation is about. */
static int understand(struct ctx *c, struct bot_scene *s, struct bot_heard *h, struct classify_decision *d)
{
	const struct slots *slots = &s->understood.slots;
	const struct article_entry *codes[2];
	const char *about;
	TRY(product_code(c, s, &about));
	if (!bot_understand(c, s->knowledge, AUDIENCE_CUSTOMER, s->text, &about, &s->understood, d))
		return 0;
	h->decision = d;
	if (!text_empty(slots->code) && knowledge_fault_codes(c->arena, s->knowledge, about, text_empty(slots->model) ? NULL : slots->model, slots->code, AUDIENCE_CUSTOMER, codes, 2) == 1)
		h->own_code = codes[0];
	return 0;
}

/* A choice that was offered means its article, whatever it sounds like. */
static bool take_choice(struct bot_scene *s, struct bot_heard *h, struct classify_decision *d, int at)
{
	const char *code = at >= 0 && (size_t)at < s->place.code.n ? ((const char *const *)s->place.code.at)[at] : "";
	const struct article_entry *e = text_empty(code) ? NULL : knowledge_find(s->knowledge, code);
	if (!e)
		return false;
	if (e->kind == ARTICLE_FAULT_TREE) {
		s->place.tree = e->code;
		s->place.node = NULL;
		h->pending = PENDING_TREE;
	}
	*d = (struct classify_decision){ .kind = CLASSIFY_ANSWER, .confidence = 1, .inside = 1, .choice_count = 1, .exact = true };
	d->choices[0] = (struct classify_choice){ .id = e->code, .product = e->product, .flow = e->act, .share = 1 };
	h->decision = d;
	return true;
}

static int count_visits(struct ctx *c, const struct conversation *k, int64_t *out)
{
	struct conversation *rows;
	size_t n;
	*out = 0;
	TRY(conversations_of_customer(c, k->customer_id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		*out += rows[i].created_at > c->now - DAY_MS;
	return 0;
}

/* A company that has answered for a year knows what is seldom asked. */
static int is_rare(struct ctx *c, const char *article, bool *out)
{
	struct bot_first_turn_row *first;
	struct bot_turns_of_article_row *rows;
	size_t n;
	*out = false;
	TRY(bot_first_turn(c, &first, &n));
	if (!n || first[0].created_at > c->now - YEAR_MS)
		return 0;
	TRY(bot_turns_of_article(c, article, c->now - YEAR_MS, BOT_RARE_A_YEAR + 1, &rows, &n));
	*out = n <= BOT_RARE_A_YEAR;
	return 0;
}

static int gather(struct ctx *c, struct bot_scene *s, const struct message *m, struct bot_heard *h, struct classify_decision *d)
{
	TRY(remember(c, s, h));
	if (s->k->bot_offered)
		h->pending = PENDING_BACK;
	h->says = bot_says(c->arena, s->text);
	h->danger = bot_danger_in(c, s->knowledge, s->text);
	h->late = c->now - m->at > BOT_LATE_MS;
	TRY(count_visits(c, s->k, &h->visits));
	int at = offered(c, &s->place, s->text);
	h->named = at >= 0;
	if (h->named)           /* by its number it says what its words say */
		h->says |= bot_says(c->arena, ((const char *const *)s->place.say.at)[at]);
	if (!take_choice(s, h, d, at))
		TRY(understand(c, s, h, d));
	if (h->decision && h->decision->choice_count)
		h->article = knowledge_find(s->knowledge, h->decision->choices[0].id);
	TRY(bot_flow_hear(c, s, h, at >= 0 && (size_t)at < s->place.code.n ? ((const char *const *)s->place.code.at)[at] : ""));
	TRY(bot_order_named(c, s, &h->order));
	return h->article ? is_rare(c, h->article->code, &h->rare) : 0;
}

const char *bot_question_of(struct arena *a, const char *text)
{
	const char *redacted = redact(a, text, strlen(text), NULL);
	return arena_string_n(a, redacted, utf8_prefix(redacted, QUESTION_CHARACTERS));
}

int bot_hear(struct ctx *c, const struct conversation *k, int64_t no, struct bot_said *out)
{
	struct bot_heard heard = { 0 };
	struct classify_decision decision = { 0 };
	struct bot_scene s = { .k = k, .heard = &heard, .no = no };
	struct message *rows;
	size_t n;
	TRY(knowledge_of(c, &s.knowledge));
	TRY(message_by_no(c, k->id, no, &rows, &n));
	TRY(require(c, n == 1, ERR_NOT_FOUND, NULL));
	TRY(pii_open(c, rows[0].key, "message.body", rows[0].body, &s.text));
	s.text = s.text ? s.text : "";
	s.lang = bot_lang_in(k, s.text);
	TRY(gather(c, &s, &rows[0], &heard, &decision));
	s.plan = bot_plan_of(&heard);
	if (s.plan.did == BOT_HAND_OVER || s.plan.did == BOT_FLOW)
		TRY(bot_about(c, &s, &s.about_id));
	s.article = heard.own_code && (!heard.article || heard.decision->kind != CLASSIFY_ANSWER) ? heard.own_code : heard.article;
	if (heard.order && s.plan.did == BOT_OWN)
		s.article = NULL;               /* she asks for this one, not how it goes in general */
	*out = (struct bot_said){ .note = "", .did = s.plan.did, .why = s.plan.why, .misses = s.plan.did == BOT_SORRY ? heard.misses + 1 : 0, .critical = s.plan.critical, .heard_no = s.heard_no, .lang = s.lang, .product_id = s.about_id,
		.wish = s.plan.did == BOT_HAND_OVER && !s.plan.critical && bot_says_nothing_else(c->arena, s.text), .confidence = (int64_t)(decision.confidence * 100), .question = bot_question_of(c->arena, s.text) };
	return bot_compose(c, &s, out);
}
