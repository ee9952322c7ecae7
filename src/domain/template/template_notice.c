/* The action "tell colleagues": a notice behind the bell of whoever has to know, with a text of its own or of a template. */

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/notify/tell.h"
#include "core/services.h"
#include "domain/org/org.h"
#include "domain/template/template.h"
#include "domain/ticket/ticket.h"
#include "gen/staff_sql.h"

enum { NOTICE_MOST = 500 };

static const struct choice whom[] = { TELL_LADDER, { "watchers", "关注的人", "Watchers" }, { "person", "指定的人", "A person" }, { "role", "指定角色的人", "A role" }, { 0 } };

struct notice_in {
	const char *to, *text;
	int64_t user_id, role_id, template_id;
};
static const struct member notice_members[] = {
	MEMBER(struct notice_in, to, code, .flags = MEMBER_REQUIRED, .choices = whom),
	MEMBER(struct notice_in, user_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct notice_in, role_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct notice_in, template_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct notice_in, text, text, .most = NOTICE_MOST),
};
static const struct shape notice_shape = SHAPE("action_notify", struct notice_in, notice_members);

/* Judging ------------------------------------------------------------------------------------------------------------------ */

static int check_there(struct ctx *c, const struct record *record, const char *member, int64_t id)
{
	bool there = false;
	void *row = arena_alloc(c->arena, record->table->row->size);
	if (id <= 0)
		return fail_field(c, member, ERR_FIELD_REQUIRED, NULL);
	if (!may(c, model_of(c, record)->read_right))
		return fail_field(c, member, ERR_FORBIDDEN, NULL);
	TRY(record_look(c, record, id, row, &there));
	if (!there || *member_int(model_of(c, record)->archived_at, row))
		return fail_field(c, member, ERR_FIELD_REFERENCE, NULL);
	return 0;
}

static int check_words(struct ctx *c, const struct notice_in *in)
{
	struct message_template row;
	if (in->template_id > 0 && !text_empty(in->text))
		return fail_field(c, "text", ERR_FIELD_INVALID, NULL);
	if (in->template_id <= 0)
		return text_empty(in->text) ? fail_field(c, "text", ERR_FIELD_REQUIRED, NULL) : template_check(c, "text", in->text);
	TRY(check_there(c, &template_record, "template_id", in->template_id));
	TRY(message_template_row_get(c, in->template_id, &row));
	return c->auth && !row.active ? fail_field(c, "template_id", ERR_TEMPLATE_OFF, row.name) : 0;
}

static int check(struct ctx *c, const struct record_model *m, const void *arg)
{
	const struct notice_in *in = arg;
	if (!may(c, "ticket.work"))
		return fail_field(c, "do", ERR_FORBIDDEN, NULL);
	if (text_equal(in->to, "person"))
		TRY(check_there(c, &user_record, "user_id", in->user_id));
	if (text_equal(in->to, "role"))
		TRY(check_there(c, &role_record, "role_id", in->role_id));
	return check_words(c, in);
}

/* Doing -------------------------------------------------------------------------------------------------------------------- */

static int people_of_role(struct ctx *c, int64_t role, struct receivers *out)
{
	struct user_account *rows;
	size_t n;
	TRY(people_of_roles(c, &role, 1, &rows, &n));
	*out = (struct receivers){ ARENA_ARRAY(c->arena, int64_t, n + 1), n };
	for (size_t i = 0; i < n; i++)
		out->at[i] = rows[i].id;
	return receivers_present(c, out);
}

static int watchers(struct ctx *c, const struct ticket *t, struct receivers *out)
{
	struct watchers_of_row *rows;
	size_t n;
	TRY(ticket_watchers(c, t->id, &rows, &n));
	*out = (struct receivers){ ARENA_ARRAY(c->arena, int64_t, n + 1), n };
	for (size_t i = 0; i < n; i++)
		out->at[i] = rows[i].user_id;
	return 0;
}

static int receivers(struct ctx *c, const struct ticket *t, const struct notice_in *in, struct receivers *out)
{
	if (text_equal(in->to, "role"))
		return people_of_role(c, in->role_id, out);
	if (text_equal(in->to, "watchers"))
		return watchers(c, t, out);
	if (!text_equal(in->to, "person"))
		return receivers_of(c, model_of(c, &ticket_record), t, in->to, out);
	*out = (struct receivers){ ARENA_ARRAY(c->arena, int64_t, 1), 1 };
	out->at[0] = in->user_id;
	return 0;
}

/* Whoever reads it may see the ticket but not who the customer is: that stays masked, as on her screens. What lacks a value is left out;
 * a notice that is not sent would tell less. */
static int words(struct ctx *c, const struct ticket *t, const struct notice_in *in, enum lang lang, struct filled_template *out)
{
	struct message_template m;
	const char *text = in->text;
	if (in->template_id > 0) {
		TRY(message_template_row_get(c, in->template_id, &m));
		text = lang_text(lang, m.text_zh, m.text_en);
	}
	return template_text(c, text, lang, t, TEMPLATE_PREVIEW, out);
}

static int run(struct ctx *c, struct acting *on, const void *arg)
{
	const struct notice_in *in = arg;
	struct filled_template said[LANG_EN + 1] = { 0 };
	struct receivers who;
	struct ticket t;
	on->lasting = true;
	TRY(require_permission(c, "ticket.work"));
	TRY(record_get(c, &ticket_record, on->id, &t));
	TRY(receivers(c, &t, in, &who));
	for (size_t i = 0; i < who.n; i++) {
		struct user_account user;
		TRY(user_account_row_get(c, who.at[i], &user));
		enum lang lang = text_equal(user.lang, "en") ? LANG_EN : LANG_ZH;
		if (!said[lang].text)
			TRY(words(c, &t, in, lang, &said[lang]));
		TRY(notify_staff(c, user.id, &(struct staff_notice){ .kind = "told", .object = "ticket", .object_id = t.id, .text = said[lang].text, .key = t.key }));
	}
	return 0;
}

static int show(struct ctx *c, const void *row, const void *arg, struct text *out)
{
	struct filled_template said;
	struct receivers who;
	struct ctx all = ctx_as_system(c);      /* a rule will tell them, not whoever tries it */
	TRY(words(&all, row, arg, c->lang, &said));
	said.missing = 0;                       /* is left out, and sent all the same */
	TRY(receivers(&all, row, arg, &who));
	template_write_open(c, &said, out);
	text_append(out, ",\"to\":[");
	for (size_t i = 0; i < who.n; i++) {
		struct user_account user;
		TRY(user_account_row_get(&all, who.at[i], &user));
		text_append(out, i ? "," : "");
		json_text(out, user.name);
	}
	text_append(out, "]}");
	return 0;
}

const struct action_kind notify_action = {
	.name = "notify", .label = L("通知同事", "Tell colleagues"), .only = &ticket_record, .shape = &notice_shape, .check = check, .run = run, .show = show,
};
