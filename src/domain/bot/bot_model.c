/* What a model may read of a message, and what is made of its answer. */
#include "domain/bot/bot_model.h"

#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "domain/customer/customer.h"
#include "gen/conversation_sql.h"

/* Shares below are chance; so is any first choice of what is hardly about anything here. */
static const double inside_least = 0.2, share_least = 0.05;
#define MADE_ZH "（以上内容由 AI 根据资料生成，仅供参考）"
#define MADE_EN "(Made by AI from the sources named; for reference only.)"

/* Reading ------------------------------------------------------------------------------------------------------------------ */

/* Safety is told in its own words, and of money, contracts and her own things a model knows nothing. */
static bool may_read(const struct article_entry *e, enum lang lang)
{
	static const char *const acts[] = { "person", "complain", "return", "warranty", "progress", "order" }, *const topics[] = { "safety", "order", "warranty" };
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (text_equal(e->act, acts[i]))
			return false;
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++)
		if (text_equal(e->topic, topics[i]))
			return false;
	return text_empty(e->danger) && e->kind != ARTICLE_FAULT_TREE && article_is_live(e, AUDIENCE_CUSTOMER) && !text_empty(lang == LANG_EN ? e->body.en : e->body.zh);
}

static void add_source(struct arena *a, struct bot_model *m, const struct article_entry *e)
{
	size_t n = m->prompt.source_count;
	for (size_t i = 0; i < n; i++)
		if (text_equal(m->codes[i], e->code))
			return;
	if (n == MODEL_SOURCES_MOST || !may_read(e, m->prompt.lang))
		return;
	const char *cause = e->kind == ARTICLE_FAULT_CODE ? label_text(&e->cause, m->prompt.lang) : "";
	const char *body = article_said(a, label_text(&e->body, m->prompt.lang));
	m->sources[n] = (struct model_source){ label_text(&e->title, m->prompt.lang), text_empty(cause) ? body : arena_format(a, "%s\n%s", cause, body) };
	m->codes[n] = e->code;
	m->prompt.source_count++;
}

/* The likeliest by meaning, then by words. Nothing leaves the house here, and the vector of her own words is still known from the decision a moment ago. */
static void find_sources(struct ctx *c, const struct knowledge *k, const char *text, struct bot_model *m)
{
	struct understood t;
	struct classify_decision d = { 0 };
	struct article_hit hits[MODEL_SOURCES_MOST];
	const char *about = NULL;
	(void)bot_understand(c, k, AUDIENCE_CUSTOMER, text, &about, &t, &d);
	for (size_t i = 0; d.inside >= inside_least && i < d.choice_count; i++) {
		const struct article_entry *e = knowledge_find(k, d.choices[i].id);
		if (e && d.choices[i].share >= share_least)
			add_source(c->arena, m, e);
	}
	size_t n = knowledge_search(c, k, text, ARTICLES_ALL, about, AUDIENCE_CUSTOMER, hits, MODEL_SOURCES_MOST);
	for (size_t i = 0; i < n; i++)
		add_source(c->arena, m, hits[i].entry);
}

/* Whoever presses the title of an article wants its words. */
static bool asks_for(const struct article_entry *e, const char *text)
{
	return text_equal(text, e->title.zh) || text_equal(text, e->title.en);
}

static bool is_task(const struct bot_said *said, enum model_task *task)
{
	bool unknown = said->did == BOT_SORRY || (said->did == BOT_HAND_OVER && text_equal(said->why, "HO-11"));
	*task = unknown ? MODEL_ANSWER : MODEL_PHRASE;
	return !said->critical && (unknown || (said->did == BOT_ANSWER && text_equal(said->pending, "solved")));
}

int bot_read_message(struct ctx *c, const struct conversation *k, int64_t no, const char **text, const char **redacted)
{
	struct message *rows;
	struct customer customer;
	const char *name;
	size_t n;
	TRY(message_by_no(c, k->id, no, &rows, &n));
	TRY(require(c, n == 1, ERR_NOT_FOUND, NULL));
	TRY(pii_open(c, rows[0].key, "message.body", rows[0].body, text));
	TRY(customer_row_get(c, k->customer_id, &customer));
	TRY(pii_open(c, customer.key, "customer.name", customer.name, &name));
	*text = *text ? *text : "";
	*redacted = model_redact(c->arena, *text, name);
	return 0;
}

int bot_model_prepare(struct ctx *c, const struct conversation *k, int64_t no, const struct bot_said *said, struct bot_model *m)
{
	const struct knowledge *knowledge;
	const struct article_entry *told;
	const char *text;
	bool declined;
	enum model_task task;
	*m = (struct bot_model){ .conversation_id = k->id, .no = no };
	if (!is_task(said, &task))
		return 0;
	TRY(model_for(c, task, &m->account));
	if (!m->account.row.id)
		return 0;
	TRY(model_is_declined(c, k->customer_id, &declined));
	TRY(bot_read_message(c, k, no, &text, &m->prompt.question));
	TRY(knowledge_of(c, &knowledge));
	m->prompt.task = task;
	m->prompt.lang = (enum lang)said->lang;
	told = task == MODEL_PHRASE ? knowledge_find(knowledge, said->article) : NULL;
	if (task == MODEL_ANSWER)
		find_sources(c, knowledge, text, m);
	else if (told && told->kind != ARTICLE_FAULT_CODE && !asks_for(told, text))
		add_source(c->arena, m, told);
	if (declined || text_empty(m->prompt.question) || !m->prompt.source_count)
		m->account.row.id = 0;
	return 0;
}

/* Saying ------------------------------------------------------------------------------------------------------------------- */

/* What can be pressed, and what each means. */
struct presses {
	struct text offers;
	const char *say[12], *code[12];
	size_t n;
};

static void press(struct presses *p, const char *say, const char *code)
{
	if (p->n == sizeof(p->say) / sizeof(p->say[0]))
		return;
	p->say[p->n] = say;
	p->code[p->n++] = code;
	text_append(&p->offers, p->offers.n > 1 ? ",{\"say\":" : "{\"say\":");
	json_text(&p->offers, say);
	text_char(&p->offers, '}');
}

/* Behind what was offered already. */
static void go_on(struct ctx *c, struct presses *p, const struct bot_said *said)
{
	struct bot_place place;
	struct error error = { 0 };
	size_t n = strlen(said->offers);
	if (json_read(c->arena, &bot_place_shape, said->place, strlen(said->place), &place, NULL, &error) < 0 || n < 2)
		return;
	text_append_n(&p->offers, said->offers + 1, n - 2);
	for (size_t i = 0; i < place.say.n && i < place.code.n; i++) {
		p->say[p->n] = ((const char *const *)place.say.at)[i];
		p->code[p->n++] = ((const char *const *)place.code.at)[i];
	}
}

static void keep_place(struct ctx *c, struct presses *p, struct bot_said *said)
{
	struct text kept = text_in(c->arena);
	const struct bot_place place = { .tree = "", .node = "", .say = { p->say, p->n }, .code = { p->code, p->n } };
	text_char(&p->offers, ']');
	json_write(&kept, &bot_place_shape, &place);
	said->place = text_end(&kept);
	said->offers = text_end(&p->offers);
}

/* The words, their sources by name and to press, and that a machine made them (《人工智能生成合成内容标识办法》 art. 4). */
static void tell(struct ctx *c, const struct bot_model *m, const struct model_outcome *outcome, struct bot_said *said)
{
	const bool zh = m->prompt.lang == LANG_ZH, phrased = m->prompt.task == MODEL_PHRASE;
	struct text t = text_in(c->arena);
	struct presses p = { .offers = text_in(c->arena) };
	size_t first = MODEL_SOURCES_MOST;
	text_append(&t, outcome->text);
	text_append(&t, zh ? "\n\n资料来源：" : "\n\nSources:");
	text_char(&p.offers, '[');
	if (phrased)
		go_on(c, &p, said);
	for (size_t i = 0; i < m->prompt.source_count; i++) {
		if (!(outcome->cited & 1u << i))
			continue;
		first = first == MODEL_SOURCES_MOST ? i : first;
		text_format(&t, "\n[%zu] %s", i + 1, m->sources[i].title);
		press(&p, m->sources[i].title, m->codes[i]);
	}
	text_append(&t, zh ? "\n" MADE_ZH : "\n" MADE_EN);
	if (!phrased) {
		press(&p, zh ? "解决了" : "Solved", "");
		press(&p, zh ? "没解决" : "Not solved", "");
		press(&p, zh ? "转人工" : "A person, please", "");
		said->did = BOT_ANSWER;
		said->why = said->note = "";
		said->misses = 0;
		said->article = m->codes[first];
		said->pending = "solved";
	}
	said->text = text_end(&t);
	keep_place(c, &p, said);
}

/* It turned to money: that is for a person (HO-20), in words of our own. */
static void to_person(struct ctx *c, const struct bot_model *m, struct bot_said *said)
{
	const bool zh = m->prompt.lang == LANG_ZH;
	const char *note = "智能模型的回答涉及费用或承诺，没有发给客户，请人工核实。";
	if (said->did == BOT_HAND_OVER) {
		said->note = arena_format(c->arena, "%s\n%s", said->note, note);
		return;
	}
	said->did = BOT_HAND_OVER;
	said->why = "HO-20";
	said->misses = 0;
	said->article = said->pending = "";
	said->place = "{\"tree\":\"\",\"node\":\"\",\"say\":[],\"code\":[]}";
	said->offers = "[]";
	said->text = zh ? "涉及费用、退款和补偿的事，由人工客服按规定核实后确认。正在为您转接人工客服，您可以先把情况写下来。" : "Prices, refunds and compensation are confirmed by a person, by the rules. I am handing you over to one. Write down what happened meanwhile.";
	said->note = arena_format(c->arena, "%s\n%s", bot_note_of(c->arena, said->why, said->question), note);
}

void bot_model_say(struct ctx *c, const struct bot_model *m, struct bot_said *said)
{
	struct model_outcome outcome;
	struct bot_model own = *m;
	if (!m->account.row.id)
		return;
	own.prompt.sources = own.sources;
	model_ask(c, &(struct model_asking){ .account = &own.account, .prompt = own.prompt, .conversation_id = m->conversation_id, .no = m->no }, &outcome);
	if (outcome.text)
		tell(c, &own, &outcome, said);
	else if (outcome.fault == MODEL_FAULT_PROMISE && m->prompt.task == MODEL_ANSWER)
		to_person(c, &own, said);
}
