/* What a flow does in the end, as the customer herself: her rights, the checks of her own pages, her name in the history. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_private.h"
#include "core/auth/auth.h"
#include "core/form/form.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/bot/flow.h"
#include "domain/device/device.h"
#include "domain/portal/portal.h"
#include "domain/ticket/ticket.h"
#include "gen/portal_sql.h"

struct doing {
	struct ctx *c;                          /* the system's */
	struct ctx hers;
	struct auth auth;
	struct conversation *k;
	const struct flow_state *s;
	enum lang lang;
	struct flow_done *out;
};

static void begin(struct doing *a, struct ctx *c, struct conversation *k, const struct flow_state *s, enum lang lang, struct flow_done *out)
{
	*a = (struct doing){ .c = c, .hers = *c, .k = k, .s = s, .lang = lang, .out = out, .auth = { .customer_id = k->customer_id, .identity_id = k->identity_id, .scope = SCOPE_ALL } };
	a->hers.actor_kind = ACTOR_CUSTOMER;
	a->hers.actor_id = k->customer_id;
	a->hers.auth = &a->auth;
}

static void tell(struct doing *a, struct label text)
{
	a->out->text = label_text(&text, a->lang);
}

/* What a form asks besides, or a rule forbids, is for her own page, or for a person. */
static void to_person(struct doing *a, struct label why)
{
	tell(a, why);
	a->out->hand_over = true;
}

static void tell_done(struct doing *a, const char *no)
{
	const char *text = label_text(&a->s->flow->done, a->lang), *at = strstr(text, "{no}");
	a->out->text = at ? arena_format(a->c->arena, "%.*s%s%s", (int)(at - text), text, no, at + 4) : text;
	a->out->offers = "[]";
}

/* A refusal before anything was written is an answer, not a fault. */
static bool is_refusal(int r)
{
	return r < 0 && r != ERR_INTERNAL && error_status(r) < 500;
}

/* A report ----------------------------------------------------------------------------------------------------------------- */

static const char *scene_of(const struct flow_state *s)
{
	const struct bot_flow *f = s->flow;
	const struct flow_slot *from = flow_slot_named(f, f->scene_from);
	for (size_t i = 0; from && i < from->of_count; i++)
		if (text_equal(from->of[i].value, flow_value_text(s, from->name)))
			return from->of[i].scene ? from->of[i].scene : from->of[i].value;
	return f->scene;
}

/* Answers to the questions that the form in force asks in open words; whatever else she said goes into the description. */
static const char *answers_of(struct doing *a, const struct form *form, const char *scene, struct text *words)
{
	yyjson_alc memory = json_memory_of(a->c->arena);
	yyjson_mut_doc *doc = yyjson_mut_doc_new(&memory);
	yyjson_mut_val *out = yyjson_mut_obj(doc);
	yyjson_val *fields = yyjson_obj_get(form_scene(form, scene), "fields"), *fixed = yyjson_obj_get(a->s->flow->fixed, scene), *key, *v;
	size_t at, max;
	for (size_t i = 0; i < a->s->flow->slot_count; i++) {
		const struct flow_slot *slot = &a->s->flow->slots[i];
		const struct flow_value *said = flow_value(a->s, slot->name);
		yyjson_val *field = slot->answer ? form_part(fields, "name", slot->answer) : NULL;
		bool open = form_asks(field) && !yyjson_is_true(yyjson_obj_get(field, "sealed"));
		if (!said || text_empty(said->value) || !flow_slot_is_due(a->s, slot, false))
			continue;
		if (open && slot->kind == SLOT_FLAG)
			yyjson_mut_obj_add_bool(doc, out, slot->answer, text_equal(said->value, "true"));
		else if (open)
			yyjson_mut_obj_add_str(doc, out, slot->answer, said->value);
		else if (slot->answer || (slot->kind == SLOT_CHOICE && a->s->flow->scene_from))
			text_format(words, "\n%s：%s", slot->label.zh, said->shown);
	}
	yyjson_obj_foreach(fixed, at, max, key, v)
		if (form_asks(form_part(fields, "name", yyjson_get_str(key))))
			yyjson_mut_obj_add_str(doc, out, yyjson_get_str(key), yyjson_get_str(v));
	return yyjson_mut_val_write_opts(out, 0, &memory, NULL, NULL);
}

static bool may_file(struct doing *a, int *r)
{
	struct reports_since_row filed;
	*r = reports_since(a->c, a->k->customer_id, a->c->now - HOUR_MS, &filed);
	return *r < 0 || filed.n < setting_of(a->c, SETTING_REPORT_FREE);
}

static int link_ticket(struct doing *a, int64_t id)
{
	struct ticket t;
	a->out->ticket_id = id;
	return conversation_make_ticket(a->c, a->k, &(struct conversation_ticket_in){ .id = a->k->id, .ticket_id = id }, &t);
}

/* The same matter is open already: what she said now goes there. */
static int add_to_open(struct doing *a, int64_t id, const char *words)
{
	struct ticket t;
	int64_t comment;
	TRY(portal_ticket(&a->hers, id, &t));
	TRY(ticket_comment_add(&a->hers, &t, &(struct comment_in){ .id = t.id, .text = words, .visibility = "public" }, &comment));
	tell(a, (struct label){ arena_format(a->c->arena, "这台产品已有处理中的服务单 %s，没有重复提交，您说的情况已补充进去。", t.no),
	                        arena_format(a->c->arena, "There is an open ticket for this already, %s: what you said was added to it.", t.no) });
	return link_ticket(a, t.id);
}

static int file_ticket(struct doing *a)
{
	const struct flow_state *s = a->s;
	const char *scene = scene_of(s), *device = flow_value_text(s, "device");
	struct form form;
	struct ticket t;
	struct text words = text_in(a->c->arena);
	struct error before = *a->c->error;
	int r;
	if (!may_file(a, &r)) {
		to_person(a, SAY("一小时内提交的申请比较多，我请人工客服来处理。", "Several requests were filed within an hour: a person goes on with this one."));
		return 0;
	}
	TRY(r);
	TRY(form_of(a->c, &form));
	text_append(&words, flow_value_text(s, "text"));
	struct ticket_report report = {
		.scene = scene, .channel = a->k->channel, .customer_id = a->k->customer_id, .device_id = flow_id_behind(device, "device"), .product_id = flow_id_behind(device, "product"),
		.contact_phone = flow_value_text(s, "phone"), .symptoms = "[]", .preferred_time = flow_value_text(s, "time"), .key = a->k->key,
	};
	if (!text_empty(flow_value_text(s, "day")) && day_parse(flow_value_text(s, "day"), &report.preferred_day) < 0)
		return ERR_INTERNAL;
	report.answers = answers_of(a, &form, scene, &words);
	report.text = text_end(&words);
	r = form_asks(form_scene(&form, scene)) ? portal_check_report(&a->hers, &report, report.device_id > 0 || report.product_id > 0, false) : fail(a->c, ERR_STATE, NULL);
	if (r == 0)
		r = ticket_file_report(&a->hers, &report, &t);
	if (r == ERR_OPEN_TICKET) {
		int64_t open = strtoll(a->c->error->arg ? a->c->error->arg : "0", NULL, 10);
		error_take_back(a->c->error, &before);
		return add_to_open(a, open, report.text);
	}
	if (is_refusal(r)) {
		error_take_back(a->c->error, &before);
		to_person(a, SAY("还有几项内容在这里填不了，我请人工客服帮您提交，您说的情况已经转过去。", "Some of what is needed cannot be filled in here: a person files it for you and has what you said."));
		return 0;
	}
	TRY(r);
	tell_done(a, t.no);
	return link_ticket(a, t.id);
}

/* Taking back, registering --------------------------------------------------------------------------------------------------- */

static int withdraw(struct doing *a)
{
	struct ticket t;
	struct error before = *a->c->error;
	int r = portal_ticket(&a->hers, strtoll(flow_value_text(a->s, "ticket"), NULL, 10), &t);
	if (r == 0)
		r = flow_move(&a->hers, &ticket_flow, &t, "withdraw", text_empty(flow_value_text(a->s, "text")) ? NULL : flow_value_text(a->s, "text"), NULL);
	if (is_refusal(r)) {
		error_take_back(a->c->error, &before);
		to_person(a, SAY("这张服务单已经在处理，要由人工客服确认后才能取消。", "Work on this ticket has begun: a person has to confirm that it is cancelled."));
		return 0;
	}
	TRY(r);
	tell_done(a, t.no);
	return 0;
}

/* A date that nobody has checked waits as a proof does. */
static int keep_day(struct doing *a, const struct device *d)
{
	int64_t day;
	const char *said = flow_value_text(a->s, "bought");
	if (text_empty(said) || d->purchased_on)
		return 0;
	TRY(day_parse(said, &day));
	struct purchase_proof row = { .tenant = a->c->tenant, .id = new_id(a->c), .device_id = d->id, .object = "", .kind = "warranty_card", .purchased_on = day, .verdict = "waiting", .created_at = a->c->now, .version = 1 };
	return record_insert(&a->hers, &proof_record, &row);
}

static int register_device(struct doing *a)
{
	struct device *rows, d;
	size_t n;
	const char *serial = flow_value_text(a->s, "serial");
	TRY(device_by_serial(a->c, serial, &rows, &n));
	if (n && rows[0].customer_id && rows[0].customer_id != a->k->customer_id) {
		to_person(a, SAY("这个序列号需要人工核实后才能登记，我请人工客服来处理。", "This serial number has to be checked by a person before it is registered."));
		return 0;
	}
	if (n) {
		d = rows[0];
		TRY(portal_claim_device(&a->hers, d.id));
	} else {
		d = (struct device){ .tenant = a->c->tenant, .id = new_id(a->c), .serial = serial, .model_id = strtoll(flow_value_text(a->s, "model"), NULL, 10), .customer_id = a->k->customer_id,
			.place = "", .purchase_channel = "", .order_no = "", .software = "", .qr = "", .custom = "{}" };
		TRY(record_insert(&a->hers, &device_record, &d));
	}
	TRY(keep_day(a, &d));
	tell_done(a, arena_format(a->c->arena, "%s %s", flow_value(a->s, "model") ? flow_value(a->s, "model")->shown : "", serial));
	return 0;
}

int bot_flow_act(struct ctx *c, struct conversation *k, const struct flow_state *s, enum lang lang, struct flow_done *out)
{
	static const struct { const char *act; int (*run)(struct doing *a); } acts[] = { { "ticket", file_ticket }, { "withdraw", withdraw }, { "device", register_device } };
	struct doing a;
	*out = (struct flow_done){ .text = "", .offers = "[]" };
	begin(&a, c, k, s, lang, out);
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (text_equal(s->flow->act, acts[i].act))
			return acts[i].run(&a);
	return ERR_INTERNAL;
}

int flow_complain(struct ctx *c, struct conversation *k, const char *words)
{
	struct doing a;
	struct form form;
	struct ticket t;
	struct flow_done done;
	begin(&a, c, k, NULL, LANG_ZH, &done);
	TRY(form_of(c, &form));
	if (!form_asks(form_scene(&form, "complaint")) || text_empty(words))
		return 0;
	const struct ticket_report report = { .scene = "complaint", .channel = k->channel, .text = words, .customer_id = k->customer_id, .device_id = k->device_id, .product_id = k->product_id, .symptoms = "[]", .answers = "{}", .key = k->key };
	struct error before = *c->error;
	int r = ticket_file_report(&a.hers, &report, &t);
	if (r == ERR_OPEN_TICKET) {
		error_take_back(c->error, &before);
		return 0;       /* it is there already, and a person comes */
	}
	TRY(r);
	return k->ticket_id ? 0 : conversation_make_ticket(c, k, &(struct conversation_ticket_in){ .id = k->id, .ticket_id = t.id }, &t);
}
