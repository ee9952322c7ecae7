/* What is known of a conversation, as words for whoever takes it over, and as a ticket. */
#include <string.h>

#include "core/auth/auth.h"
#include "core/form/form.h"
#include "core/notify/staff.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "domain/ticket/ticket.h"
#include "gen/conversation_sql.h"
#include "gen/portal_sql.h"
#include "gen/routing_sql.h"

enum { TRIED_MOST = 5, DEVICES_MOST = 3, LAST_SAID = 4, SAID_CHARACTERS = 60, TEXT_CHARACTERS = 2000, MOST_SAID = 200, NOT_YET = 1000000000 };

#define NOTE_ZH "交接说明："
#define NOTE_EN "Hand-over: "

/* Words ------------------------------------------------------------------------------------------------------------------- */

int conversation_public_messages(struct ctx *c, const struct conversation *k, size_t most, struct message **rows, const char ***texts, size_t *n)
{
	struct message *all;
	size_t count, kept = 0;
	TRY(messages_before(c, k->id, NOT_YET, MOST_SAID, &all, &count));
	*rows = ARENA_ARRAY(c->arena, struct message, count + 1);
	for (size_t i = 0; i < count && kept < most; i++)
		if (text_equal(all[i].visibility, "public"))
			(*rows)[kept++] = all[i];
	for (size_t i = 0; i < kept / 2; i++) {
		struct message swap = (*rows)[i];
		(*rows)[i] = (*rows)[kept - 1 - i];
		(*rows)[kept - 1 - i] = swap;
	}
	struct pii_field *opened = ARENA_ARRAY(c->arena, struct pii_field, kept + 1);
	for (size_t i = 0; i < kept; i++)
		opened[i] = (struct pii_field){ .key = (*rows)[i].key, .context = "message.body", .sealed = (*rows)[i].body };
	if (kept)
		TRY(pii_open_many(c, opened, kept));
	*texts = ARENA_ARRAY(c->arena, const char *, kept + 1);
	for (size_t i = 0; i < kept; i++)
		(*texts)[i] = opened[i].text ? opened[i].text : "";
	*n = kept;
	return 0;
}

static int title_of(struct ctx *c, const struct record *record, int64_t id, const char **out)
{
	struct titles titles;
	*out = NULL;
	if (!id)
		return 0;
	TRY(record_titles(c, record, &id, 1, &titles));
	*out = titles_find(&titles, id);
	return 0;
}

static int write_customer(struct ctx *c, const struct conversation *k, bool en, struct text *t)
{
	struct customer customer;
	const char *title;
	TRY(customer_row_get(c, k->customer_id, &customer));
	TRY(title_of(c, &customer_record, k->customer_id, &title));
	text_format(t, en ? "Customer: %s%s\n" : "客户：%s%s\n", title ? title : "—", text_equal(customer.level, "vip") ? (en ? " (VIP)" : "（VIP）") : "");
	return 0;
}

static int write_one_device(struct ctx *c, const struct device *d, bool en, struct text *t)
{
	const char *title;
	char until[16];
	TRY(title_of(c, &device_record, d->id, &title));
	text_format(t, en ? "Device: %s" : "设备：%s", title ? title : "—");
	if (d->warranty_until) {
		day_format(d->warranty_until, until);
		text_format(t, en ? ", warranty until %s" : "，保修至 %s", until);
	}
	text_char(t, '\n');
	return 0;
}

/* The one that it is about; where nobody has said which, those she has. */
static int write_device(struct ctx *c, const struct conversation *k, bool en, struct text *t)
{
	struct device d, *rows;
	size_t n;
	if (k->device_id) {
		TRY(device_row_get(c, k->device_id, &d));
		return write_one_device(c, &d, en, t);
	}
	TRY(devices_of_customer(c, k->customer_id, &rows, &n));
	for (size_t i = 0; i < n && i < DEVICES_MOST; i++)
		TRY(write_one_device(c, &rows[i], en, t));
	if (!n)
		text_append(t, en ? "Devices: none on file\n" : "设备：没有登记\n");
	return 0;
}

static int write_tickets(struct ctx *c, const struct conversation *k, bool en, struct text *t)
{
	struct tickets_open_for_row *rows;
	size_t n;
	if (!may(c, "ticket.read"))
		return 0;
	TRY(tickets_open_for(c, k->customer_id, &rows, &n));
	text_append(t, n ? (en ? "Open tickets: " : "在办服务单：") : (en ? "Open tickets: none" : "在办服务单：无"));
	for (size_t i = 0; i < n; i++) {
		const struct choice *state = choice_find(ticket_states, rows[i].state);
		text_format(t, en ? "%s%s %s (%s)" : "%s%s %s（%s）", i ? (en ? "; " : "；") : "", rows[i].no, rows[i].title, state ? (en ? state->en : state->zh) : rows[i].state);
	}
	text_char(t, '\n');
	return 0;
}

static int write_said(struct ctx *c, const struct conversation *k, bool en, struct text *t)
{
	struct message *rows;
	const char **texts;
	size_t n;
	TRY(conversation_public_messages(c, k, LAST_SAID, &rows, &texts, &n));
	text_append(t, n ? (en ? "Last said:" : "最近消息：") : "");
	for (size_t i = 0; i < n; i++) {
		bool hers = rows[i].actor_kind == ACTOR_CUSTOMER;
		size_t cut = utf8_prefix(texts[i], SAID_CHARACTERS);
		text_format(t, "\n%s%.*s%s", hers ? (en ? "Customer: " : "客户：") : rows[i].actor_kind == ACTOR_USER ? (en ? "Staff: " : "客服：") : (en ? "System: " : "系统："), (int)cut, texts[i], texts[i][cut] ? "…" : "");
	}
	return 0;
}

bool conversation_has_note(const char *summary)
{
	return !strncmp(summary, NOTE_ZH, strlen(NOTE_ZH)) || !strncmp(summary, NOTE_EN, strlen(NOTE_EN));
}

/* What the bot was asked and told her, and what she said of it. */
static int write_tried(struct ctx *c, const struct conversation *k, bool en, struct text *t)
{
	struct bot_told_row *rows;
	size_t n, told = 0;
	TRY(bot_told(c, k->id, &rows, &n));
	for (size_t i = 0; i < n && told < TRIED_MOST; i++) {
		bool answered = text_equal(rows[i].did, "answer") || text_equal(rows[i].did, "tree") || text_equal(rows[i].did, "own");
		const char *verdict = text_equal(rows[i].verdict, "solved") ? (en ? ", solved" : "，已解决") : text_equal(rows[i].verdict, "unsolved") ? (en ? ", not solved" : "，没解决") : "";
		if (!answered || text_empty(rows[i].article))
			continue;
		text_format(t, en ? "%s“%s” (%s%s)" : "%s“%s”（%s%s）", told++ ? (en ? "; " : "；") : en ? "Answered by the assistant: " : "智能客服已答：", rows[i].question, rows[i].article, verdict);
	}
	text_append(t, told ? "\n" : "");
	return 0;
}

/* What came of it: who has it, how it ended. */
static int write_outcome(struct ctx *c, const struct conversation *k, bool en, struct text *t)
{
	const char *ticket;
	TRY(title_of(c, &ticket_record, k->ticket_id, &ticket));
	if (ticket)
		text_format(t, en ? "Ticket made: %s\n" : "已生成服务单：%s\n", ticket);
	const struct choice *mood = choice_find(conversation_moods, k->emotion);
	if (mood)
		text_format(t, en ? "Mood: %s\n" : "客户情绪：%s\n", en ? mood->en : mood->zh);
	if (k->rating)
		text_format(t, en ? "Rated %lld of 5\n" : "客户评分：%lld 分\n", (long long)k->rating);
	return 0;
}

int conversation_summary(struct ctx *c, const struct conversation *k, const char *note, const char **out)
{
	bool en = c->lang == LANG_EN;
	struct text t = text_in(c->arena);
	if (!text_empty(note))
		text_format(&t, en ? NOTE_EN "%s\n" : NOTE_ZH "%s\n", note);
	TRY(write_customer(c, k, en, &t));
	TRY(write_device(c, k, en, &t));
	TRY(write_tickets(c, k, en, &t));
	TRY(write_tried(c, k, en, &t));
	TRY(write_outcome(c, k, en, &t));
	TRY(write_said(c, k, en, &t));
	*out = text_end(&t);
	return 0;
}

/* A ticket ------------------------------------------------------------------------------------------------------------------ */

/* What people say where they mean it. The first scene whose word is there and that the company asks for; danger before all others. */
static const struct { const char *scene, *words, *nots; } hints[] = {
	{ "emergency", "冒烟|着火|起火|漏电|触电|爆炸|煤气|smoke|fire|shock" },
	{ "complaint", "投诉|举报|消协|12315|服务态度|态度太差|态度恶劣|没人管|complain", "不投诉|不想投诉|不是投诉|没想投诉|投诉电话" },
	{ "return", "退货|退款|换货|退掉|退钱|return|refund" },
	{ "logistics", "快递|物流|没收到货|还没到|parcel|delivery" },
	{ "price", "价保|降价|差价" },
	{ "invoice", "发票|invoice" },
	{ "installation", "安装|装机|移机|install" },
	{ "usage", "怎么用|怎么设|如何|说明书|怎么清洗|怎么调|how do i|how to" },
};

static bool says_one_of(const char *text, const char *words)
{
	char word[40];
	while (words && *words) {
		size_t n = strcspn(words, "|");
		snprintf(word, sizeof(word), "%.*s", (int)n, words);
		if (strcasestr(text, word))
			return true;
		words += n + (words[n] == '|');
	}
	return false;
}

static const char *scene_in(const struct form *form, const char *text)
{
	for (size_t h = 0; h < sizeof(hints) / sizeof(hints[0]); h++)
		if (says_one_of(text, hints[h].words) && !says_one_of(text, hints[h].nots) && form_asks(form_scene(form, hints[h].scene)))
			return hints[h].scene;
	return NULL;
}

int conversation_hear_scene(struct ctx *c, const char *text, struct conversation *k)
{
	struct form form;
	bool corrected = false, grave = text_equal(k->scene, "emergency") || text_equal(k->scene, "complaint");
	TRY(form_of(c, &form));
	const char *heard = scene_in(&form, text);
	if (!heard || text_equal(heard, k->scene) || (grave && !text_equal(heard, "emergency")))
		return 0;
	TRY(conversation_is_corrected(c, k, "scene", &corrected));
	k->scene = corrected ? k->scene : heard;
	return 0;
}

int conversation_guess_scene(struct ctx *c, const char *text, const char **scene)
{
	struct form form;
	yyjson_val *one;
	size_t i, n;
	TRY(form_of(c, &form));
	*scene = scene_in(&form, text);
	yyjson_arr_foreach(form.scenes, i, n, one)
		if (!*scene && form_asks(one))
			*scene = arena_string(c->arena, yyjson_get_str(yyjson_obj_get(one, "name")));
	return 0;
}

static bool is_among(int64_t no, const struct messages_marked_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].no == no)
			return true;
	return false;
}

int conversation_her_words(struct ctx *c, const struct conversation *k, const char **out)
{
	struct message *rows;
	struct messages_marked_row *wishes;
	const char **texts, *all = "";
	size_t n, wish_count;
	TRY(messages_marked(c, k->id, CONVERSATION_WISH, &wishes, &wish_count));
	TRY(conversation_public_messages(c, k, MOST_SAID, &rows, &texts, &n));
	for (size_t i = n; i-- > 0;) {
		bool hers = rows[i].actor_kind == ACTOR_CUSTOMER && !text_empty(texts[i]) && !is_among(rows[i].no, wishes, wish_count);
		const char *longer = !hers ? all : *all ? arena_format(c->arena, "%s\n%s", texts[i], all) : texts[i];
		if (utf8_count(longer) > TEXT_CHARACTERS)
			break;
		all = longer;
	}
	*out = all;
	return 0;
}

static int link_with(struct ctx *c, struct conversation *k, const struct ticket *t)
{
	struct conversation old = *k;
	k->ticket_id = t->id;
	if (!k->device_id)
		k->device_id = t->device_id;
	if (!k->product_id)
		k->product_id = t->product_id;
	return record_update(c, &conversation_record, &old, k, "conversation.ticketed", NULL, arena_format(c->arena, "{\"ticket_id\":\"%lld\",\"no\":\"%s\"}", (long long)t->id, t->no));
}

static const struct member ticket_members[] = {
	MEMBER(struct conversation_ticket_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct conversation_ticket_in, scene, code, .choices = ticket_scenes),
	MEMBER(struct conversation_ticket_in, ticket_id, ref, .flags = MEMBER_NULLABLE),
};
const struct shape conversation_ticket_shape = SHAPE("conversation_ticket", struct conversation_ticket_in, ticket_members);

int conversation_make_ticket(struct ctx *c, struct conversation *k, const struct conversation_ticket_in *in, struct ticket *ticket)
{
	struct ticket_report report = { .scene = in->scene, .channel = k->channel, .customer_id = k->customer_id, .device_id = k->device_id, .product_id = k->product_id, .key = k->key };
	if (in->ticket_id > 0) {
		TRY(record_named(c, &ticket_record, "ticket_id", in->ticket_id, ticket));
		if (ticket->customer_id != k->customer_id)
			return fail_field(c, "ticket_id", ERR_FIELD_REFERENCE, NULL);
		TRY(ticket_go_on(c, ticket));
		return link_with(c, k, ticket);
	}
	if (k->ticket_id)       /* a colleague was faster, or she pressed twice */
		return record_get(c, &ticket_record, k->ticket_id, ticket);
	TRY(conversation_her_words(c, k, &report.text));
	TRY(conversation_fill_report(c, k, &report));
	TRY(ticket_file_report(c, &report, ticket));
	return link_with(c, k, ticket);
}
