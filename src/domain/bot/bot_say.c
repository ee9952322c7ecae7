/* The words for what was decided, in the language in which she wrote, with what she can press instead of typing. */
#include <string.h>

#include "base/json.h"
#include "core/services.h"
#include "domain/bot/bot.h"

enum { CHOICES_MOST = 10, ANSWER_CHARACTERS = 3000, NUMBER_CHARACTERS = 24 };

#define PERSON  SAY("转人工", "A person, please")
#define SOLVED  SAY("解决了", "Solved")
#define NOT_SOLVED SAY("没解决", "Not solved")
#define STEPS   SAY("一步步排查", "Check step by step")
/* With any of it whoever takes over finds her file, and asks whether it is hers. */
#define ASK_WHO SAY("请把手机号、机身序列号或服务单号发给我，有一个就行，客服接入后可以直接查到您的产品和记录。", "Please send your phone number, the serial number of the product or a ticket number. Any one will do: whoever takes over finds your product and records by it.")
/* In the chat on a page she can prove who she is by herself. */
#define PROVE   SAY("点“更多”里的“验证手机号”，这次咨询会记到您的档案里，以后从哪个渠道来都不用重讲。", "Choose “Confirm my number” in the menu and this goes into your file: wherever you write next, you need not say it again.")
#define GIVE    SAY("把手机号、机身序列号或服务单号发给我，客服核对后会把这次咨询记到您的档案里。", "Send your phone number, a serial number or a ticket number: a person checks it and this goes into your file.")
#define NOTED   SAY("收到，客服核对后会把这次咨询记到您的档案里。还有问题可以接着说。", "Thank you. A person checks it, and this goes into your file. Go on if there is more.")
#define GO_ON   SAY("不用，继续问", "No, go on")

/* What is said, being written. */
struct words {
	struct ctx *c;
	struct bot_scene *s;
	struct text text, offers;
	const char *say[CHOICES_MOST], *code[CHOICES_MOST];
	size_t n;
};

static const char *in(const struct words *w, struct label l)
{
	return label_text(&l, w->s->lang);
}

static void line(struct words *w, struct label l)
{
	text_append(&w->text, w->text.n ? "\n\n" : "");
	text_append(&w->text, in(w, l));
}

/* Something to press: its words are sent, or a page is opened. */
static void offer(struct words *w, struct label say, const char *code, const char *open)
{
	if (w->n == CHOICES_MOST)
		return;
	w->say[w->n] = in(w, say);
	w->code[w->n] = code;
	text_append(&w->offers, w->n ? ",{\"say\":" : "{\"say\":");
	json_text(&w->offers, w->say[w->n]);
	if (open) {
		text_append(&w->offers, ",\"open\":");
		json_text(&w->offers, open);
	}
	text_char(&w->offers, '}');
	w->n++;
}

/* Parts ------------------------------------------------------------------------------------------------------------------ */

/* The flow that something leads to, where the company takes what it files. */
static int offer_flow(struct words *w, const char *act, bool *offered)
{
	const struct bot_flow *f = flow_led_to(act);
	*offered = false;
	TRY(f ? bot_flow_is_offered(w->c, f, offered) : 0);
	if (*offered)
		offer(w, f->press, arena_format(w->c->arena, "flow.%s", f->name), NULL);
	return 0;
}

/* What an article does beside its words, on the pages of the customer's phone. */
static int offer_act(struct words *w, const struct article_entry *e)
{
	static const struct { const char *act; struct label say; const char *open; } acts[] = {
		{ "report", { "去报修", "Report it" }, "/report/repair" }, { "book", { "去预约", "Book a visit" }, "/report/installation" },
		{ "return", { "申请退换", "Return or exchange" }, "/report/return" }, { "register", { "登记产品", "Register a product" }, "/" },
		{ "cancel", { "查看我的服务单", "My tickets" }, "/" },
	};
	bool offered;
	TRY(offer_flow(w, e->act, &offered));
	for (size_t i = 0; !offered && i < sizeof(acts) / sizeof(acts[0]); i++)
		if (text_equal(e->act, acts[i].act))
			offer(w, acts[i].say, "", acts[i].open);
	return 0;
}

static void tell_article(struct words *w, const struct article_entry *e)
{
	if (e->kind == ARTICLE_FAULT_CODE) {
		line(w, e->title);
		line(w, e->cause);
	}
	line(w, (struct label){ article_said(w->c->arena, e->body.zh), article_said(w->c->arena, e->body.en) });
}

static int tell_queue(struct words *w)
{
	int64_t ahead;
	bool closed;
	struct conversation would = *w->s->k;
	would.product_id = w->s->about_id ? w->s->about_id : would.product_id;
	TRY(conversation_place_asked(w->c, &would, &ahead, &closed));
	if (closed) {           /* what then happens is told behind this */
		line(w, SAY("正在为您转接人工客服。", "I am handing you over to a person."));
		return 0;
	}
	long long n = ahead;
	line(w, (struct label){
		n ? arena_format(w->c->arena, "正在为您转接人工客服，前面还有 %lld 位客户。您可以先把情况写下来，客服接入后马上能看到。", n) : "正在为您转接人工客服，您是下一位。您可以先把情况写下来，客服接入后马上能看到。",
		n ? arena_format(w->c->arena, "I am handing you over to a person. %lld %s before you. Write down what happened meanwhile: they will see it at once.", n, n == 1 ? "is" : "are") : "I am handing you over to a person. You are next. Write down what happened meanwhile: they will see it at once." });
	return 0;
}

/* Plans ------------------------------------------------------------------------------------------------------------------ */

static int say_hand_over(struct words *w, struct bot_said *out)
{
	const struct bot_scene *s = w->s;
	if (s->plan.say_safety)
		line(w, s->heard->danger->text);
	if (text_equal(s->plan.why, "HO-03") && s->article)
		tell_article(w, s->article);
	if (text_equal(s->plan.why, "HO-20"))
		line(w, SAY("涉及费用、退款和补偿的事，由人工客服按规定核实后确认。", "Prices, refunds and compensation are confirmed by a person, by the rules."));
	out->note = bot_hand_over_note(w->c->arena, s);
	TRY(tell_queue(w));
	if (!s->flow.known && !s->plan.say_safety)
		line(w, ASK_WHO);
	return 0;
}

static int say_answer(struct words *w, const char **pending)
{
	const struct article_entry *e = w->s->article, *tree = bot_tree_of(w->s->knowledge, e, AUDIENCE_CUSTOMER);
	tell_article(w, e);
	if (w->s->plan.money)
		line(w, SAY("具体金额和是否符合条件，以人工核实为准。", "Amounts, and whether the conditions are met, are confirmed by a person."));
	if (tree)
		offer(w, STEPS, tree->code, NULL);
	TRY(offer_act(w, e));
	offer(w, SOLVED, "", NULL);
	offer(w, NOT_SOLVED, "", NULL);
	*pending = "solved";
	return 0;
}

static const char *say_choices(struct words *w)
{
	const struct classify_decision *d = w->s->heard->decision;
	line(w, SAY("您想问的是哪一个？", "Which of these do you mean?"));
	for (size_t i = 0; i < d->choice_count; i++) {
		const struct article_entry *e = knowledge_find(w->s->knowledge, d->choices[i].id);
		if (e)
			offer(w, e->title, e->code, NULL);
	}
	offer(w, PERSON, "", NULL);
	return "choice";
}

static int say_order(struct words *w, const char **pending)
{
	const char *told;
	bool found;
	TRY(bot_order_text(w->c, w->s, &told, &found));
	line(w, (struct label){ told, told });
	if (!found)
		offer(w, PERSON, "", NULL);
	if (w->s->article)
		return say_answer(w, pending);
	if (found)
		offer(w, SOLVED, "", NULL), offer(w, PERSON, "", NULL);
	*pending = found ? "solved" : "";
	return 0;
}

static int say_own(struct words *w, const char **pending)
{
	const char *own;
	if (!w->s->article || text_equal(w->s->article->act, "order"))
		return say_order(w, pending);
	TRY(bot_own_text(w->c, w->s, w->s->article->act, &own));
	if (!own)
		return say_answer(w, pending);
	line(w, (struct label){ own, own });
	offer(w, SOLVED, "", NULL);
	offer(w, PERSON, "", NULL);
	*pending = "solved";
	return 0;
}

/* The step after the choice she made; the first where she made none. */
static bool next_step(struct words *w, struct bot_place *p, struct tree_step *out)
{
	const struct article_entry *e = knowledge_find(w->s->knowledge, p->tree ? p->tree : "");
	const char *folded = bot_fold(w->c->arena, w->s->text);
	struct tree_step at;
	if (!e || !article_step(e, text_empty(p->node) ? NULL : p->node, &at))
		return false;
	if (text_empty(p->node)) {
		*out = at;
		return true;
	}
	for (size_t i = 0; i < at.choice_count; i++)
		if (bot_means(w->c->arena, folded, i, at.choices[i].say.zh) || bot_means(w->c->arena, folded, i, at.choices[i].say.en))
			return article_step(e, at.choices[i].go, out);
	return false;
}

static int say_step(struct words *w, struct bot_place *p, const char **pending)
{
	struct tree_step step;
	bool offered;
	*pending = "";
	if (!next_step(w, p, &step)) {
		line(w, SAY("请从下面的选项里选一个，或者转人工。", "Please choose one of the answers, or ask for a person."));
		offer(w, PERSON, "", NULL);
		return 0;
	}
	p->node = step.name;
	if (!step.end) {
		line(w, step.ask);
		if (step.hint.zh)
			line(w, step.hint);
		for (size_t i = 0; i < step.choice_count; i++)
			offer(w, step.choices[i].say, "", NULL);
		*pending = "tree";
		return 0;
	}
	line(w, step.tell);
	if (text_equal(step.end, "report"))
		TRY(offer_flow(w, step.end, &offered));
	if (!text_equal(step.end, "stop"))
		offer(w, SOLVED, "", NULL);
	offer(w, PERSON, "", NULL);
	*pending = "solved";
	return 0;
}

static const char *say_ask(struct words *w, struct bot_place *p)
{
	const char *why = w->s->plan.why;
	if (text_empty(why)) {          /* asked whether it may go on, she does not say yes (HO-19) */
		line(w, SAY("好的，人工客服继续为您服务。", "All right, a person goes on with you."));
		return "";
	}
	line(w, text_equal(why, "HO-01") ? SAY("这样没能解决您的问题。需要为您转人工客服吗？", "That has not solved it. Shall I hand you over to a person?")
		: text_equal(why, "HO-06") ? SAY("很抱歉给您添了麻烦。需要为您转人工客服吗？", "I am sorry for the trouble. Shall I hand you over to a person?")
		: SAY("您是要投诉吗？我可以马上为您转人工客服，由专人受理。", "Do you want to complain? I can hand you over to a person right away."));
	offer(w, PERSON, "", NULL);
	offer(w, GO_ON, "", NULL);
	p->node = why;
	return "person";
}

/* Flows ------------------------------------------------------------------------------------------------------------------ */

/* What goes on is asked again behind an answer to something else. */
static bool resumes(const struct words *w)
{
	enum bot_did did = w->s->plan.did;
	return w->s->flow.state.flow && (did == BOT_ANSWER || did == BOT_OWN || did == BOT_CLARIFY || did == BOT_SORRY || did == BOT_GREET || did == BOT_SOLVED);
}

static int ask_flow(struct words *w, struct bot_said *out)
{
	struct flow_prompt p;
	struct bot_scene *s = w->s;
	TRY(flow_prompt_of(&s->flow, &p));
	line(w, p.text);
	w->n = 0;
	w->offers = text_in(w->c->arena);
	text_char(&w->offers, '[');
	for (size_t i = 0; i < p.n; i++)
		offer(w, p.say[i], p.code[i], NULL);
	out->pending = s->flow.state.flow ? "flow" : "";
	return 0;
}

static int say_flow(struct words *w, struct bot_place *p, struct bot_said *out)
{
	struct bot_scene *s = w->s;
	switch (w->s->heard->flow) {
	case FLOW_LEFT:
		line(w, SAY("好的，这次先不办了。需要时随时告诉我。", "All right, we leave it. Tell me whenever you need it."));
		s->flow.state = (struct flow_state){ 0 };
		s->flow_ends = true;
		return 0;
	case FLOW_DOES:
		line(w, SAY("正在提交，请稍候。", "One moment, please."));
		out->acts = 1;
		s->flow_ends = true;
		return 0;
	case FLOW_WALKS:
		return say_step(w, p, &out->pending);
	default:
		return ask_flow(w, out);
	}
}

/* She was asked who she is, and answers: no question about a product. */
static bool says_who(const struct words *w)
{
	const struct bot_scene *s = w->s;
	const struct slots *named = &s->understood.slots;
	bool number = !text_empty(named->phone) || ((!text_empty(named->order) || !text_empty(named->serial)) && s->plan.did != BOT_ANSWER);
	bool lost = s->plan.did == BOT_SORRY || s->plan.did == BOT_CLARIFY || s->plan.did == BOT_ANSWER;
	return !s->flow.known && !s->flow.state.flow && number && lost && utf8_count(s->text) <= NUMBER_CHARACTERS;
}

static int say(struct words *w, struct bot_place *p, struct bot_said *out)
{
	out->pending = "";
	if (says_who(w)) {
		line(w, NOTED);
		return 0;
	}
	switch (w->s->plan.did) {
	case BOT_ANSWER: TRY(say_answer(w, &out->pending)); break;
	case BOT_CLARIFY: out->pending = say_choices(w); break;
	case BOT_OWN: TRY(say_own(w, &out->pending)); break;
	case BOT_FLOW: return say_flow(w, p, out);
	case BOT_TREE: TRY(say_step(w, p, &out->pending)); break;
	case BOT_ASK: out->pending = say_ask(w, p); break;
	case BOT_HAND_OVER: return say_hand_over(w, out);
	case BOT_SORRY:
		line(w, SAY("我没有完全明白。请告诉我是什么产品、出现了什么现象，或者屏幕上的故障码。", "I did not quite understand. Please name the product and what it does, or the code on its display."));
		offer(w, PERSON, "", NULL);
		break;
	case BOT_GREET:
		line(w, SAY("您好，我是智能客服。请直接说您的产品和问题，例如“空调漏水怎么办”“洗衣机显示 E3”。", "Hello, I am the assistant. Just tell me the product and what is wrong, such as “the air conditioner drips”, “washer shows E3”."));
		offer(w, PERSON, "", NULL);
		break;
	case BOT_SOLVED:
		line(w, SAY("好的，很高兴能帮到您。还有问题随时说。", "Good. Write again whenever there is something else."));
		if (!w->s->flow.known && !text_equal(w->s->k->channel, "sms"))  /* a number tells whom to ask */
			line(w, text_equal(w->s->k->channel, "web") ? PROVE : GIVE);
		break;
	case BOT_BACK:
		line(w, SAY("谢谢。请说说您的问题，需要人工时随时告诉我。", "Thank you. Tell me your question, and ask for a person whenever you like."));
		break;
	}
	return resumes(w) ? ask_flow(w, out) : 0;
}

int bot_compose(struct ctx *c, struct bot_scene *s, struct bot_said *out)
{
	struct words w = { .c = c, .s = s, .text = text_in(c->arena), .offers = text_in(c->arena) };
	struct bot_place place = { .tree = s->place.tree ? s->place.tree : "", .node = s->place.node ? s->place.node : "" };
	struct text kept = text_in(c->arena);
	/* What is seldom asked is noted too, else it would stay so however often it is asked (HO-12). */
	bool told = s->article && (s->plan.did == BOT_ANSWER || s->plan.did == BOT_OWN || (s->plan.did == BOT_HAND_OVER && (text_equal(s->plan.why, "HO-03") || text_equal(s->plan.why, "HO-12"))));
	if (s->plan.did == BOT_ANSWER && s->article->kind == ARTICLE_FAULT_TREE)
		s->plan.did = BOT_TREE;
	if (s->plan.did == BOT_FLOW)
		place = (struct bot_place){ .tree = s->flow.tree ? s->flow.tree : "", .node = "" };
	text_char(&w.offers, '[');
	TRY(say(&w, &place, out));
	text_char(&w.offers, ']');
	place.say = (struct list){ w.say, w.n };
	place.code = (struct list){ w.code, w.n };
	json_write(&kept, &bot_place_shape, &place);
	out->place = text_end(&kept);
	out->text = arena_string_n(c->arena, text_end(&w.text), utf8_prefix(text_end(&w.text), ANSWER_CHARACTERS));
	out->offers = text_end(&w.offers);
	out->article = told ? s->article->code : "";
	const struct flow_state *f = &s->flow.state;
	bool goes_on = f->flow && s->plan.did != BOT_HAND_OVER && !out->acts;
	out->flow = f->flow && (goes_on || out->acts) ? f->flow->name : "";
	out->slot = goes_on ? f->slot : "";
	out->tries = goes_on ? f->tries : 0;
	out->filled = text_empty(out->flow) ? "" : flow_state_write(c->arena, f);
	out->flow_from = s->flow_ends ? s->no : s->flow_from;
	out->verdict = s->heard->pending == PENDING_SOLVED ? (s->plan.did == BOT_SOLVED ? "solved" : s->heard->says & SAYS_UNSOLVED ? "unsolved" : "") : "";
	return 0;
}
