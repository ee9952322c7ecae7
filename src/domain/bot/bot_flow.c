/* Between hearing and flows: which flow a message belongs to, with what is known of her and of what she said before. */
#include <string.h>

#include "core/condition/condition_fields.h"
#include "core/form/form.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "domain/bot/bot.h"
#include "gen/bot_sql.h"
#include "gen/conversation_sql.h"

enum { SAID_BEFORE = 5 };
#define SURE 0.6

int bot_flow_is_offered(struct ctx *c, const struct bot_flow *f, bool *is)
{
	struct form form;
	const struct flow_slot *from = flow_slot_named(f, f->scene_from);
	const char *scene = f->scene ? f->scene : from ? from->of[0].value : NULL;
	*is = true;
	if (!scene)
		return 0;
	TRY(form_of(c, &form));
	*is = form_asks(form_scene(&form, scene));
	return 0;
}

/* Of an article by its code, which may be "". */
static const struct article_entry *article_of(const struct bot_scene *s, const char *code)
{
	return text_empty(code) ? NULL : knowledge_find(s->knowledge, code);
}

/* The code of the tree that belongs to it; NULL: none. */
static const char *tree_of(const struct bot_scene *s, const struct article_entry *e)
{
	const struct article_entry *tree = bot_tree_of(s->knowledge, e, AUDIENCE_CUSTOMER);
	return tree ? tree->code : NULL;
}

/* It is a fault: its text tells what is wrong. */
static bool is_fault(const struct article_entry *e)
{
	return e && (e->kind == ARTICLE_FAULT_TREE || e->kind == ARTICLE_FAULT_CODE || text_equal(e->topic, "fault") || text_equal(e->act, "report"));
}

static bool is_question(struct ctx *c, const char *text)
{
	static const char *const words[] = { "吗", "怎么", "多少", "多久", "什么", "能不能", "可不可以", "要不要", "为什么", "哪里", "how", "hows", "what", "whats", "when", "why", "can i", "do you", "is it", "are there", NULL };
	return strstr(text, "？") || strchr(text, '?') || bot_hears(c->arena, bot_fold(c->arena, text), words, NULL);
}

static void fill_understood(struct understood *u)
{
	static const struct slots nothing = { .code = "", .model = "", .order = "", .serial = "", .phone = "" };
	if (!u->slots.code)
		u->slots = nothing;
}

/* What a message names, without its meaning: for one that was heard before, from the cache. */
static void read_slots(struct ctx *c, const char *text, struct understood *out)
{
	*out = (struct understood){ 0 };
	if (c->services->understanding)
		understanding_read(c->services->understanding, c->arena, text, strlen(text), out);
	fill_understood(out);
}

static int prepare(struct ctx *c, struct bot_scene *s, const struct bot_heard *h, const char *pressed)
{
	struct flow_talk *t = &s->flow;
	const struct zone *zone;
	TRY(company_zone(c, c->arena, &zone));
	TRY(bot_knows_her(c, s->k, &t->known));
	if (!s->understood.slots.code)
		read_slots(c, s->text, &s->understood);
	t->c = c;
	t->k = s->k;
	t->lang = s->lang;
	t->today = day_of(c->now + zone_offset(zone, c->now), 0);
	t->text = s->text;
	t->folded = bot_fold(c->arena, s->text);
	t->pressed = pressed;
	t->slots = &s->understood.slots;
	t->products = s->understood.products;
	t->product_count = s->understood.product_count;
	t->article = is_fault(h->article) ? h->article->title.zh : NULL;
	t->asks = h->decision && h->decision->kind == CLASSIFY_ANSWER && h->decision->confidence > SURE && h->article && is_question(c, s->text);
	return 0;
}

int bot_her_messages(struct ctx *c, const struct bot_scene *s, int64_t after, struct message **out, struct pii_field *opened, size_t *n)
{
	struct message *rows;
	size_t count;
	*n = 0;
	TRY(messages_before(c, s->k->id, s->no, BOT_LOOKED_BACK, &rows, &count));
	for (size_t i = 0; i < count; i++)
		if (rows[i].actor_kind == ACTOR_CUSTOMER && rows[i].no > after) {
			opened[*n] = (struct pii_field){ .key = rows[i].key, .context = "message.body", .sealed = rows[i].body };
			rows[(*n)++] = rows[i];
		}
	*out = rows;
	return *n ? pii_open_many(c, opened, *n) : 0;
}

/* What they say, and the tree that fits the newest fault among them. */
static int said_before(struct ctx *c, struct bot_scene *s, struct flow_said *out, size_t *n)
{
	struct message *rows;
	struct bot_turns_behind_row *turns;
	struct pii_field opened[BOT_LOOKED_BACK];
	size_t count, turn_count;
	*n = 0;
	TRY(bot_turns_behind(c, s->k->id, s->flow_from, &turns, &turn_count));
	TRY(bot_her_messages(c, s, s->flow_from, &rows, opened, &count));       /* that no flow has used */
	for (size_t i = 0; i < count && *n < SAID_BEFORE; i++) {
		struct understood *u = ARENA_NEW(c->arena, struct understood);
		struct flow_said *said = &out[*n];
		if (text_empty(opened[i].text))
			continue;
		said->text = opened[i].text;
		read_slots(c, said->text, u);
		said->slots = &u->slots;
		said->products = u->products;
		said->product_count = u->product_count;
		said->fault = false;
		for (size_t k = 0; k < turn_count; k++)
			if (turns[k].no == rows[i].no && is_fault(article_of(s, turns[k].article))) {
				said->fault = true;
				s->flow.tree = s->flow.tree ? s->flow.tree : tree_of(s, article_of(s, turns[k].article));
			}
		++*n;
	}
	for (size_t k = 0; k < turn_count; k++)
		if (text_equal(turns[k].did, "tree"))
			s->flow.tree = NULL;    /* she has walked it */
	return 0;
}

static int begin(struct ctx *c, struct bot_scene *s, struct bot_heard *h, const struct bot_flow *f, const char *word)
{
	struct flow_said said[SAID_BEFORE];
	size_t n;
	bool offered;
	TRY(bot_flow_is_offered(c, f, &offered));
	if (!offered)
		return 0;
	if (word && is_fault(h->article) && h->decision->kind == CLASSIFY_ANSWER)
		s->flow.tree = tree_of(s, h->article);
	TRY(said_before(c, s, said, &n));
	return flow_begin(&s->flow, f, word, said, n, &h->flow);
}

/* While a tree is walked, and after it, the flow waits. */
static int goes_on(struct bot_scene *s, struct bot_heard *h)
{
	if (h->pending == PENDING_PERSON || h->pending == PENDING_BACK || (h->pending == PENDING_TREE && h->named))
		return 0;
	/* Kept from the message that found it, while the flow asks: what is walked, or was, is not offered again. */
	s->flow.tree = h->pending == PENDING_FLOW && !text_empty(s->place.tree) ? s->place.tree : NULL;
	if (h->pending == PENDING_SOLVED && (h->says & SAYS_SOLVED)) {
		s->flow.state = (struct flow_state){ 0 };
		s->flow_ends = true;
		return 0;
	}
	if (h->pending == PENDING_SOLVED && ((h->says & SAYS_UNSOLVED) || !strncmp(s->flow.pressed, "flow.", 5)))
		s->flow.state.slot = "";
	return flow_hear(&s->flow, &h->flow);
}

int bot_flow_hear(struct ctx *c, struct bot_scene *s, struct bot_heard *h, const char *pressed)
{
	const char *word = NULL;
	TRY(prepare(c, s, h, pressed));
	if (s->flow.state.flow)
		return goes_on(s, h);
	const struct bot_flow *f = !strncmp(pressed, "flow.", 5) ? flow_named(pressed + 5) : NULL;
	if (!f && !h->named && h->pending != PENDING_PERSON && h->pending != PENDING_BACK)
		f = flow_started_by(c->arena, s->flow.folded, &word);
	return f ? begin(c, s, h, f, word) : 0;
}
