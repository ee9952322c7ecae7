/* Report forms of a company as records. At most one a pack is in force. */
#include "core/auth/auth.h"
#include "core/form/form_set.h"
#include "core/services.h"
#include "gen/form_sql.h"
#include "gen/schema.h"

static const struct choice states[] = { { "draft", "草稿", "Draft", "hollow" }, { "on", "启用", "On", "tick" }, { "off", "停用", "Off", "dash" }, { 0 } };

static bool is_on(const struct report_form *f)
{
	return f && text_equal(f->state, "on") && !f->archived_at;
}

/* The one in force over the same pack but for this row; NULL: none. */
static struct report_form *other_on(const struct report_form *f, struct report_form *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].id != f->id && is_on(&rows[i]) && text_equal(rows[i].pack, f->pack))
			return &rows[i];
	return NULL;
}

static int fill_pack(struct ctx *c, struct report_form *f)
{
	const struct pack *pack;
	if (!text_empty(f->pack))
		return 0;
	TRY(pack_of(c, &pack));
	f->pack = pack->name;
	return 0;
}

/* Who fetches one back from the archive has not asked for another to stand back. */
static bool comes_back(const struct report_form *was, const struct report_form *f)
{
	return was && was->archived_at && is_on(f);
}

static int before(struct ctx *c, const void *old, void *row)
{
	struct report_form *f = row, *used;
	const struct report_form *was = old;
	struct form form;
	size_t n;
	TRY(fill_pack(c, f));
	TRY(form_read(c, c->arena, f, &form));
	TRY(report_forms_used(c, &used, &n));
	for (size_t i = 0; i < n; i++)
		TRY(form_check_known(c, f, used[i].known));
	if (comes_back(was, f) && other_on(f, used, n))
		f->state = "draft";
	if (!is_on(f))
		return 0;
	if (!is_on(was))
		f->on_since = c->now;
	f->known = form_remember(c, &form, f->known);
	return 0;
}

/* There is one in force: the other one stands back, and its history says so. */
static int after(struct ctx *c, const void *old, const void *row)
{
	struct report_form *used, *other, was;
	size_t n;
	TRY(report_forms_used(c, &used, &n));
	other = is_on(row) ? other_on(row, used, n) : NULL;
	if (other) {
		was = *other;
		other->state = "off";
		TRY(record_update(c, &report_form_record, &was, other, "report_form.changed", NULL, NULL));
	}
	return definition_changed(c, DEFINITION_FORM);
}

static const struct field fields[] = {
	CODE  (report_form, name,     L("名称", "Name"), .required = true, .search = true, .most = 60),
	CODE  (report_form, name_en,  L("英文名称", "English name"), .search = true, .most = 60),
	CHOICE(report_form, pack,     L("行业包", "Industry pack"), .of = pack_choices, .fixed = true),
	CHOICE(report_form, state,    L("状态", "State"), .of = states, .initial = "draft"),
	JSON  (report_form, scenes,   L("场景", "Scenes"), .initial = "[]", .hidden = true),
	JSON  (report_form, symptoms, L("现象", "Symptoms"), .initial = "{}", .hidden = true),
	JSON  (report_form, known,    L("用过的题目", "Questions used before"), .initial = "{}", .system = true, .hidden = true, .quiet = true),
	TIME  (report_form, on_since, L("启用于", "On since"), .system = true),
};

const struct record report_form_record = {
	.name = "report_form", .label = L("报修表单", "Report form"), .plural = "Report forms", .table = &table_report_form, FIELDS(fields), .title = { "name" },
	.no_import = true, .before = before, .after = after,
};
