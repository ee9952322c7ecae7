/* What a message does to a flow: it fills, corrects, confirms, leaves, or asks something else in between. */
#include <string.h>

#include "core/services.h"
#include "domain/bot/bot_words.h"
#include "domain/bot/flow.h"

enum { BESIDE_ZH = 6, BESIDE_EN = 20 };     /* characters */

static const char *in(const struct flow_talk *t, struct label l)
{
	return label_text(&l, t->lang);
}

static bool leaves(const struct flow_talk *t)
{
	static const char *const words[] = { "取消", "算了", "不办了", "不弄了", "退出", "不报了", "不约了", "不取消了", "不退了", "先不办", "不用了", "放弃", "cancel", "never mind", "forget it", "stop", "quit", "leave it", NULL };
	return text_equal(t->pressed, "leave") || bot_is_one_of(t->folded, words);
}

static bool confirms(const struct flow_talk *t)
{
	static const char *const words[] = { "确认", "确认提交", "提交", "没错", "没问题", "确定", "confirm", "submit", "correct", "right", "looks good", NULL };
	return text_equal(t->pressed, "confirm") || bot_is_one_of(t->folded, words) || (bot_says(t->c->arena, t->text) & SAYS_YES);
}

static bool corrects(const struct flow_talk *t)
{
	static const char *const words[] = { "不是", "不对", "写错", "说错", "错了", "改成", "改为", "改到", "改一下", "应该是", "更正", "换成", "not", "cannot", "isnt", "wrong", "change", "changed", "changing", "instead", "i meant", NULL };
	return bot_hears(t->c->arena, t->folded, words, NULL);
}

/* Slots -------------------------------------------------------------------------------------------------------------------- */

/* A tree is offered where one fits what is wrong. */
static bool is_asked_for(const struct flow_talk *t, const struct flow_slot *s)
{
	return flow_slot_is_due(&t->state, s, t->known) && (s->kind != SLOT_TREE || t->tree);
}

static const struct flow_slot *next_slot(const struct flow_talk *t)
{
	const struct bot_flow *f = t->state.flow;
	for (size_t i = 0; i < f->slot_count; i++)
		if (!flow_value(&t->state, f->slots[i].name) && is_asked_for(t, &f->slots[i]))
			return &f->slots[i];
	return NULL;
}

static void go_on(struct flow_talk *t)
{
	const struct flow_slot *s = next_slot(t);
	const char *next = s ? s->name : FLOW_CONFIRM;
	if (!text_equal(next, t->state.slot))
		t->state.tries = 0;
	t->state.slot = next;
}

/* Whatever the message says by itself; what is there is put in its place where she corrects. *n: how many. */
static int fill_all(struct flow_talk *t, bool replace, const struct flow_slot *but, size_t *n)
{
	const struct bot_flow *f = t->state.flow;
	for (size_t i = 0; i < f->slot_count; i++) {
		struct flow_value v;
		enum filled r;
		const struct flow_slot *s = &f->slots[i];
		const struct flow_value *old = flow_value(&t->state, s->name);
		if (s == but || (old && !replace) || s->kind == SLOT_TREE || !flow_slot_is_due(&t->state, s, t->known))
			continue;
		TRY(flow_fill(t, s, false, &v, &r));
		if (r != FILLED || (old && text_equal(old->value, v.value)))
			continue;
		flow_put(&t->state, v);
		++*n;
	}
	return 0;
}

/* The slot that she names ("型号写错了"); NULL: none, or more than one reading. */
static const struct flow_slot *named_slot(const struct flow_talk *t)
{
	static const struct { const char *word; enum slot_kind kind; } more[] = {
		{ "日期", SLOT_DAY }, { "时间", SLOT_DAY }, { "哪天", SLOT_DAY }, { "时段", SLOT_TIME }, { "地址", SLOT_ADDRESS }, { "型号", SLOT_MODEL }, { "序列号", SLOT_SERIAL }, { "电话", SLOT_PHONE }, { "手机号", SLOT_PHONE },
		{ "产品", SLOT_DEVICE }, { "原因", SLOT_TEXT }, { "情况", SLOT_TEXT }, { "订单号", SLOT_ORDER }, { "address", SLOT_ADDRESS }, { "model", SLOT_MODEL }, { "serial", SLOT_SERIAL }, { "phone", SLOT_PHONE }, { "telephone", SLOT_PHONE }, { "product", SLOT_DEVICE },
		{ "reason", SLOT_TEXT }, { "the day", SLOT_DAY }, { "date", SLOT_DAY },
	};
	const struct bot_flow *f = t->state.flow;
	if (!strncmp(t->pressed, "edit.", 5))
		return flow_slot_named(f, t->pressed + 5);
	for (size_t i = 0; i < f->slot_count; i++)
		if (bot_hears(t->c->arena, t->folded, (const char *const[]){ f->slots[i].label.zh, f->slots[i].label.en, NULL }, NULL) && flow_slot_is_due(&t->state, &f->slots[i], t->known))
			return &f->slots[i];
	for (size_t k = 0; k < sizeof(more) / sizeof(more[0]); k++)
		for (size_t i = 0; i < f->slot_count; i++)
			if (f->slots[i].kind == more[k].kind && bot_hears(t->c->arena, t->folded, (const char *const[]){ more[k].word, NULL }, NULL) && flow_slot_is_due(&t->state, &f->slots[i], t->known))
				return &f->slots[i];
	return NULL;
}

/* What stands behind the word that corrects; NULL: nothing. */
static const char *corrected_to(const struct flow_talk *t)
{
	static const char *const words[] = { "应该是", "改成", "改为", "改到", "换成", "，是", ",是", "：", " is ", " to " };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *p = strstr(t->text, words[i]);
		if (p && p[strlen(words[i])])
			return p + strlen(words[i]) + strspn(p + strlen(words[i]), " ");
	}
	return NULL;
}

static void ask_again(struct flow_talk *t, const struct flow_slot *s)
{
	t->state.slot = s->name;
	t->state.tries = 0;
}

/* She names what is wrong, and perhaps what is right. */
static int correct_named(struct flow_talk *t, const struct flow_slot *s, enum flow_outcome *out)
{
	const char *to = corrected_to(t);
	struct flow_value v;
	enum filled r = FILL_NOTHING;
	*out = FLOW_ASKS;
	if (to) {
		const char *text = t->text, *folded = t->folded;
		t->text = to;
		t->folded = bot_fold(t->c->arena, to);
		TRY(flow_fill(t, s, true, &v, &r));
		t->text = text;
		t->folded = folded;
	}
	if (r == FILLED) {
		flow_put(&t->state, v);
		go_on(t);
	} else {
		ask_again(t, s);
	}
	return 0;
}

/* Answers ------------------------------------------------------------------------------------------------------------------ */

static int wrong(struct flow_talk *t, enum flow_outcome *out)
{
	*out = ++t->state.tries > FLOW_TRIES_MOST ? FLOW_LOST : FLOW_ASKS;
	return 0;
}

/* The answer to what was asked; other things that it says besides are taken as well. */
static int answer(struct flow_talk *t, const struct flow_slot *s, enum flow_outcome *out)
{
	struct flow_value v;
	enum filled r;
	size_t more = 0;
	bool free = s->kind == SLOT_TEXT || s->kind == SLOT_ADDRESS;
	if (t->asks && text_empty(t->pressed)) {
		*out = FLOW_ASIDE;
		return 0;
	}
	t->meant = false;
	TRY(flow_fill(t, s, true, &v, &r));
	struct label why = t->why;
	bool meant = r != FILLED && t->meant;
	if (r == FILLED)
		flow_put(&t->state, v);
	if (!(free && r == FILLED) || text_empty(t->pressed))
		TRY(fill_all(t, false, s, &more));
	if (r != FILLED && !more && !meant)     /* another day, named where the time of day was asked, is a correction without the word for it */
		TRY(fill_all(t, true, s, &more));
	t->why = why;
	*out = FLOW_ASKS;
	if (r == FILLED && s->kind == SLOT_TREE && text_equal(v.value, "yes")) {
		*out = FLOW_WALKS;
		return 0;
	}
	if (r != FILLED && !more)
		return wrong(t, out);
	if (r != FILLED && !meant)
		t->why = (struct label){ 0 };
	go_on(t);
	return 0;
}

static int at_the_end(struct flow_talk *t, enum flow_outcome *out)
{
	size_t n = 0;
	*out = FLOW_DOES;
	if (confirms(t))
		return 0;
	*out = FLOW_ASKS;
	if (text_equal(t->pressed, "edit") || bot_is_one_of(t->folded, (const char *const[]){ "修改", "改一下", "不对", "不是", "change", "edit", "no", "不", NULL })) {
		t->state.slot = FLOW_EDIT;
		return 0;
	}
	const struct flow_slot *named = named_slot(t);
	TRY(fill_all(t, true, NULL, &n));
	if (n) {
		go_on(t);
		return 0;
	}
	if (named)
		return correct_named(t, named, out);
	if (t->asks) {
		*out = FLOW_ASIDE;
		return 0;
	}
	t->why = t->why.zh ? t->why : SAY("请确认以上内容，或者告诉我哪里要改。", "Please confirm, or tell me what to change.");
	return wrong(t, out);
}

int flow_hear(struct flow_talk *t, enum flow_outcome *out)
{
	size_t n = 0;
	*out = FLOW_NONE;
	t->why = (struct label){ 0 };
	if (!t->state.flow)
		return 0;
	if (leaves(t)) {
		*out = FLOW_LEFT;
		return 0;
	}
	if (text_equal(t->state.slot, FLOW_CONFIRM))
		return at_the_end(t, out);
	const struct flow_slot *named = named_slot(t), *asked = flow_slot_named(t->state.flow, t->state.slot);
	if (text_equal(t->state.slot, FLOW_EDIT)) {
		*out = FLOW_ASKS;
		if (!named)
			return wrong(t, out);
		return correct_named(t, named, out);
	}
	if (!asked) {
		go_on(t);
		*out = FLOW_ASKS;
		return 0;
	}
	if (text_empty(t->pressed) && corrects(t)) {
		*out = FLOW_ASKS;
		TRY(fill_all(t, true, NULL, &n));
		if (n) {
			t->why = (struct label){ 0 };
			go_on(t);
			return 0;
		}
		if (named && flow_value(&t->state, named->name))
			return correct_named(t, named, out);
	}
	return answer(t, asked, out);
}

/* Beginning ---------------------------------------------------------------------------------------------------------------- */

static int fill_from(struct flow_talk *t, const struct flow_said *said)
{
	size_t n = 0;
	struct flow_talk of = *t;
	const struct flow_slot *text = flow_slot_named(t->state.flow, "text");
	of.text = said->text;
	of.folded = bot_fold(t->c->arena, said->text);
	of.slots = said->slots;
	of.products = said->products;
	of.product_count = said->product_count;
	of.pressed = "";
	TRY(fill_all(&of, false, NULL, &n));
	t->state = of.state;
	if (said->fault && text && !flow_value(&t->state, "text"))
		flow_put(&t->state, (struct flow_value){ "text", said->text, said->text });
	return 0;
}

/* Her wish with so much beside it says what it is about. */
static bool tells_more(const struct flow_talk *t, const char *word)
{
	return utf8_count(t->text) >= utf8_count(word) + (t->lang == LANG_EN ? BESIDE_EN : BESIDE_ZH) && !when_of(t->c->arena, t->text, t->today, WHEN_TO_COME).has_day;
}

/* It is about something that is wrong. */
static bool has_tree(const struct bot_flow *f)
{
	for (size_t i = 0; i < f->slot_count; i++)
		if (f->slots[i].kind == SLOT_TREE)
			return true;
	return false;
}

int flow_begin(struct flow_talk *t, const struct bot_flow *f, const char *word, const struct flow_said *said, size_t n, enum flow_outcome *out)
{
	const struct flow_slot *text = flow_slot_named(f, "text");
	size_t filled = 0;
	t->state = (struct flow_state){ .flow = f, .slot = "" };
	*out = FLOW_ASKS;
	if (f->own && !t->known)
		return 0;
	const char *pressed = t->pressed;
	t->pressed = "";
	TRY(fill_all(t, false, NULL, &filled));
	if (text && word && (t->article || !has_tree(f)) && tells_more(t, word))
		flow_put(&t->state, (struct flow_value){ "text", t->text, t->text });
	for (size_t i = 0; i < n; i++)
		TRY(fill_from(t, &said[i]));
	t->pressed = pressed;
	t->why = (struct label){ 0 };
	go_on(t);
	return 0;
}

/* What is said ------------------------------------------------------------------------------------------------------------- */

void flow_offer(struct flow_prompt *p, struct label say, const char *code)
{
	if (p->n == FLOW_OFFERS_MOST)
		return;
	p->say[p->n] = say;
	p->code[p->n++] = code;
}

static void prove_first(struct flow_talk *t, struct flow_prompt *p)
{
	p->text = SAY("这件事要先确认是您本人。请先在页面上验证手机号（网页对话框右上角“验证手机号”，或在手机页面登录），然后再告诉我一次。", "For this I have to know that it is you. Please verify your phone number first (“Verify phone number” in this window, or sign in on the phone page), then tell me again.");
	flow_offer(p, SAY("转人工", "A person, please"), "");
	t->state = (struct flow_state){ 0 };
}

static void summary(struct flow_talk *t, struct text *w)
{
	const struct bot_flow *f = t->state.flow;
	text_append(w, in(t, (struct label){ arena_format(t->c->arena, "请确认（%s）：", f->title.zh), arena_format(t->c->arena, "Please confirm (%s):", f->title.en) }));
	for (size_t i = 0; i < f->slot_count; i++) {
		const struct flow_value *v = flow_value(&t->state, f->slots[i].name);
		if (v && !text_empty(v->value) && !text_empty(v->shown) && flow_slot_is_due(&t->state, &f->slots[i], t->known))
			text_format(w, t->lang == LANG_EN ? "\n%s: %s" : "\n%s：%s", in(t, f->slots[i].label), v->shown);
	}
	if (f->note.zh)
		text_format(w, "\n\n%s", in(t, f->note));
}

static int confirm(struct flow_talk *t, struct flow_prompt *p)
{
	struct text w = text_in(t->c->arena);
	if (t->why.zh)
		text_format(&w, "%s\n\n", in(t, t->why));
	summary(t, &w);
	const char *text = text_end(&w);
	p->text = (struct label){ text, text };
	flow_offer(p, SAY("确认提交", "Confirm"), "confirm");
	flow_offer(p, SAY("修改", "Change something"), "edit");
	flow_offer(p, SAY("不办了", "Never mind"), "leave");
	return 0;
}

static int edit(struct flow_talk *t, struct flow_prompt *p)
{
	const struct bot_flow *f = t->state.flow;
	p->text = SAY("要改哪一项？也可以直接说，例如“日期改成后天”。", "What shall I change? You can also just say so, such as “change the day to Friday”.");
	for (size_t i = 0; i < f->slot_count; i++)
		if (flow_value(&t->state, f->slots[i].name) && f->slots[i].kind != SLOT_TREE && flow_slot_is_due(&t->state, &f->slots[i], t->known))
			flow_offer(p, f->slots[i].label, arena_format(t->c->arena, "edit.%s", f->slots[i].name));
	return 0;
}

int flow_prompt_of(struct flow_talk *t, struct flow_prompt *p)
{
	*p = (struct flow_prompt){ 0 };
	const struct bot_flow *f = t->state.flow;
	if (f->own && !t->known) {
		prove_first(t, p);
		return 0;
	}
	if (text_equal(t->state.slot, FLOW_CONFIRM))
		return confirm(t, p);
	if (text_equal(t->state.slot, FLOW_EDIT))
		return edit(t, p);
	const struct flow_slot *s = flow_slot_named(f, t->state.slot);
	struct text w = text_in(t->c->arena);
	if (!s)
		return 0;
	TRY(flow_offers(t, s, p));
	if (s->kind == SLOT_TICKET && !p->n) {
		p->text = SAY("没有可以取消的服务单：您名下没有处理中的服务单。", "There is nothing to cancel: you have no open ticket.");
		t->state = (struct flow_state){ 0 };
		return 0;
	}
	if (t->why.zh)
		text_format(&w, "%s\n", in(t, t->why));
	text_append(&w, in(t, s->ask));
	const char *text = text_end(&w);
	p->text = (struct label){ text, text };
	return 0;
}
