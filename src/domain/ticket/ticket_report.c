/* Filing a report: what one new ticket writes, in one transaction. */
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "core/auth/auth.h"
#include "core/custom/custom.h"
#include "core/file/file.h"
#include "core/form/form.h"
#include "core/notify/staff.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/tag/tag.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "domain/ticket/ticket.h"
#include "engine/clean/clean.h"
#include "engine/redact/redact.h"
#include "gen/staff_sql.h"
#include "gen/ticket_sql.h"

/* Customers report their own devices, or one that nobody owns yet; staff any. */
static int check_device(struct ctx *c, const struct ticket_report *in, struct device *device)
{
	if (in->device_id <= 0)
		return 0;
	int r = record_get(c, &device_record, in->device_id, device);
	bool theirs = r == 0 && (c->actor_kind != ACTOR_CUSTOMER || device->customer_id == 0 || device->customer_id == in->customer_id);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	if (!theirs) {
		error_clear(c->error);
		fail_field(c, "device_id", ERR_FIELD_REFERENCE, NULL);
		return c->error->code;
	}
	return 0;
}

static int check_product(struct ctx *c, const struct ticket_report *in)
{
	struct product product;
	if (in->product_id <= 0)
		return 0;
	int r = record_get(c, &product_record, in->product_id, &product);
	if (r != ERR_NOT_FOUND)
		return r;
	error_clear(c->error);
	return fail_field(c, "product_id", ERR_FIELD_REFERENCE, NULL);
}

/* The same matter once more goes to the ticket there is; a danger always gets a ticket, and its alarm, of its own. A customer is told
 * of her own only: of a device that nobody owns yet, somebody else's may be open. */
static int check_open_ticket(struct ctx *c, const struct ticket_report *in)
{
	struct open_tickets_of_device_row *open;
	size_t n;
	if (in->device_id <= 0 || !text_empty(in->danger) || text_equal(in->scene, "emergency"))
		return 0;
	TRY(open_tickets_of_device(c, in->device_id, in->scene, &open, &n));
	for (size_t i = 0; i < n; i++)
		if (c->actor_kind != ACTOR_CUSTOMER || open[i].customer_id == in->customer_id)
			return fail(c, ERR_OPEN_TICKET, arena_format(c->arena, "%lld", (long long)open[i].id));
	return 0;
}

int ticket_symptoms(struct ctx *c, const char *json, const char *const **out, size_t *n)
{
	return permissions_read(c->arena, text_empty(json) ? "[]" : json, out, n) < 0 ? fail_field(c, "symptoms", ERR_FIELD_TYPE, "[\"frost\"]") : 0;
}

static int fill_contact(struct ctx *c, const struct ticket_report *in, struct ticket *t)
{
	if (text_empty(in->contact_phone))
		return 0;
	struct clean_phone phone;
	int r = clean_phone(c->arena, in->contact_phone, &phone);
	if (r < 0) {
		fail_field(c, "contact_phone", r, NULL);
		return c->error->code;
	}
	return pii_seal(c, t->key, "ticket.contact_phone", phone.value, &t->contact_phone);
}

int ticket_fill_words(struct ctx *c, const struct ticket_report *in, struct ticket *t)
{
	const char *const *symptoms;
	size_t n;
	struct form form;
	TRY(form_of(c, &form));
	TRY(form_check_scene(c, &form, in->scene));
	TRY(ticket_symptoms(c, in->symptoms, &symptoms, &n));
	const char *text = in->text ? in->text : "";
	enum grade grade = ticket_propose_grade(symptoms, n, in->danger, in->scene, text);
	for (size_t i = 0; grade == GRADE_NORMAL && i < n; i++)
		grade = text_equal(form_symptom_grade(&form, symptoms[i]), "urgent") ? GRADE_URGENT : GRADE_NORMAL;
	t->grade = text_empty(in->grade) ? grade_name(grade) : in->grade;
	const struct choice *scene = choice_find(ticket_scenes, in->scene);
	const char *redacted = clean_text(c->arena, redact(c->arena, text, strlen(text), NULL));
	t->title = ticket_title(c->arena, redacted, NULL, scene ? (c->lang == LANG_EN ? scene->en : scene->zh) : in->scene);
	return pii_seal(c, t->key, "ticket.description", text, &t->description);
}

/* Each once: the same file with another comment would be seen by whoever sees either. */
static int attach_files(struct ctx *c, const struct list *files, const struct ticket *t, int64_t comment_id, const char *visibility)
{
	const int64_t *ids = files->at;
	for (size_t i = 0; i < files->n; i++) {
		struct ticket_file row;
		TRY(file_attach(c, ids[i], "ticket", t->id, t->customer_id));
		int r = ticket_file_row_get(c, t->id, ids[i], &row);
		if (r == 0)
			return fail_field(c, "file_ids", ERR_FIELD_TAKEN, arena_format(c->arena, "%lld", (long long)ids[i]));
		if (r != ERR_NOT_FOUND)
			return r;
		error_clear(c->error);
		row = (struct ticket_file){ .tenant = c->tenant, .ticket_id = t->id, .file_id = ids[i], .comment_id = comment_id, .visibility = visibility, .at = c->now };
		TRY(ticket_file_row_insert(c, &row));
	}
	return 0;
}

static int fill_tags(struct ctx *c, const struct ticket_report *in, struct ticket *t)
{
	const struct record_model *m = model_of(c, &ticket_record);
	struct tag_names given = { in->tags.at, in->tags.n };
	t->tags = "";
	return given.n ? tags_fill(c, &m->record->fields[m->tags_field], tags_json(c->arena, &given), &t->tags) : 0;
}

/* Written down by somebody who speaks with her: on the phone, at the counter. Where nobody says how she came, nobody says that either. */
static bool is_answered(const struct ctx *c, const struct ticket_report *in)
{
	return c->actor_kind == ACTOR_USER && in->caller_there;
}

/* After the ticket is there, so that the clock of the first response began, and was met. */
static int note_answer(struct ctx *c, struct ticket *t)
{
	struct ticket old = *t;
	ticket_responded(t, c->now);
	return record_update(c, &ticket_record, &old, t, "ticket.contact", NULL, NULL);
}

int ticket_file_report(struct ctx *c, const struct ticket_report *in, struct ticket *t)
{
	struct customer customer;
	struct device device = { 0 };
	TRY(record_get(c, &customer_record, in->customer_id, &customer));
	TRY(check_device(c, in, &device));
	TRY(check_product(c, in));
	TRY(check_open_ticket(c, in));
	*t = (struct ticket){
		.tenant = c->tenant, .id = new_id(c), .no = "", .scene = in->scene, .state = "new", .key = in->key ? in->key : customer.key,
		.customer_id = customer.id, .device_id = in->device_id > 0 ? in->device_id : 0,
		.product_id = device.product_id ? device.product_id : in->product_id > 0 ? in->product_id : 0,
		.region_id = customer.region_id, .channel = in->channel,
		.symptoms = text_empty(in->symptoms) ? "[]" : in->symptoms, .answers = text_empty(in->answers) ? "{}" : in->answers,
		.danger = in->danger ? in->danger : "", .preferred_day = in->preferred_day == NULL_INT ? 0 : in->preferred_day,
		.preferred_time = in->preferred_time ? in->preferred_time : "",
		.stage = "", .steps = "", .new_plan = "", .result = "", .rating = "", .old_source = "", .old_no = "", .next_due_at = FAR_FUTURE_MS,
	};
	TRY(ticket_fill_words(c, in, t));
	TRY(fill_contact(c, in, t));
	TRY(fill_tags(c, in, t));
	TRY(custom_fill(c, model_of(c, &ticket_record), in->custom, NULL, &t->custom));
	TRY(custom_complete(c, model_of(c, &ticket_record), t));
	TRY(c->error->code);
	if (c->actor_kind == ACTOR_USER && c->auth && c->auth->scope != SCOPE_ALL) {
		t->owner_id = c->actor_id;      /* whoever files it within a narrow scope keeps sight of it */
		t->team_id = c->auth->team_id;
	}
	TRY(record_insert(c, &ticket_record, t));
	if (is_answered(c, in))
		TRY(note_answer(c, t));
	TRY(attach_files(c, &in->file_ids, t, 0, "public"));
	return ticket_notify(c, t, "ticket_received");
}

static int tell_watchers(struct ctx *c, const struct staff_notice *notice, const int64_t *told, size_t told_count)
{
	struct watchers_of_row *rows;
	size_t n;
	TRY(ticket_watchers(c, notice->object_id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (!id_among(told, told_count, rows[i].user_id))
			TRY(notify_staff(c, rows[i].user_id, notice));
	return 0;
}

/* Whom a remark names, then who watches, then whose ticket it is: each is told once. */
static int tell_staff(struct ctx *c, const struct ticket *t, const struct list *named)
{
	const int64_t *ids = named->at;
	struct staff_notice notice = { .kind = "mention", .object = "ticket", .object_id = t->id };
	int64_t *told = ARENA_ARRAY(c->arena, int64_t, named->n + 1);
	for (size_t i = 0; i < named->n; i++) {
		struct user_account user;
		int r = user_account_row_get(c, ids[i], &user);
		if (r == ERR_NOT_FOUND || (r == 0 && user.archived_at))
			return fail_field(c, "user_ids", ERR_FIELD_REFERENCE, NULL), c->error->code;
		TRY(r);
		TRY(notify_staff(c, ids[i], &notice));
		told[i] = ids[i];
	}
	notice.kind = "watched";
	TRY(tell_watchers(c, &notice, told, named->n));
	if (c->actor_kind != ACTOR_CUSTOMER)
		return 0;
	notice.kind = "answered";
	return notify_staff(c, t->owner_id, &notice);
}

int ticket_go_on(struct ctx *c, struct ticket *t)
{
	int64_t asked = t->id;
	TRY(ticket_current(c, t));
	return t->id == asked || c->actor_kind == ACTOR_CUSTOMER ? 0 : record_get(c, &ticket_record, t->id, t);
}

/* Whom it names stands in the event by id: who shows the words asks for the names. */
static const char *comment_data(struct ctx *c, int64_t id, const struct comment_in *in)
{
	struct text t = text_in(c->arena);
	const int64_t *users = in->user_ids.at;
	text_format(&t, "{\"comment_id\":\"%lld\",\"files\":%zu", (long long)id, in->file_ids.n);
	for (size_t i = 0; i < in->user_ids.n; i++)
		text_format(&t, "%s\"%lld\"", i ? "," : ",\"user_ids\":[", (long long)users[i]);
	text_append(&t, in->user_ids.n ? "]}" : "}");
	return text_end(&t);
}

int ticket_comment_add(struct ctx *c, struct ticket *t, const struct comment_in *in, int64_t *id)
{
	TRY(ticket_go_on(c, t));
	struct ticket_comment comment = {
		.tenant = c->tenant, .id = new_id(c), .ticket_id = t->id, .at = c->now, .actor_kind = c->actor_kind,
		.actor_id = c->actor_id, .visibility = in->visibility, .key = t->key, .old_source = "", .old_no = "",
	};
	TRY(pii_seal(c, t->key, "ticket_comment.body", in->text, &comment.body));
	TRY(ticket_comment_row_insert(c, &comment));
	TRY(attach_files(c, &in->file_ids, t, comment.id, in->visibility));
	struct ticket old = *t;
	bool answered = c->actor_kind == ACTOR_USER && text_equal(in->visibility, "public");
	if (answered)
		ticket_responded(t, c->now);
	else if (c->actor_kind == ACTOR_CUSTOMER && !t->waiting_since)
		t->waiting_since = c->now;
	*id = comment.id;
	const char *kind = text_equal(in->visibility, "internal") ? "ticket.noted" : "ticket.commented";
	TRY(record_update(c, &ticket_record, &old, t, kind, NULL, comment_data(c, comment.id, in)));
	TRY(tell_staff(c, t, &in->user_ids));
	return answered && !in->told_otherwise ? ticket_notify(c, t, "ticket_answered") : 0;
}
