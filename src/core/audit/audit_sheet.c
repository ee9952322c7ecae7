/* A page of entries at a time into the cells of a sheet. */
#include "core/audit/audit_sheet.h"

#include <string.h>

#include "core/api/actor.h"
#include "core/setting/settings.h"

enum { PAGE = 200 };

static const struct label heads[] = {
	{ "序号", "No." }, { "时间", "Time" }, { "类别", "Area" }, { "事件", "Event" }, { "操作者类型", "Actor" }, { "操作者", "Name" }, { "对象", "Object" },
	{ "对象编号", "Object id" }, { "对象名称", "Object name" }, { "原因或用途", "Reason or purpose" }, { "内容", "Details" },
};

static void put_row(struct ctx *c, struct export_out *x, const struct audit_entry *entry, const char *about, const struct audit_names *names)
{
	const struct event *e = entry->event;
	const struct choice *area = choice_find(audit_areas, e->area);
	const struct titles *who = e->actor_kind == ACTOR_TOKEN ? &names->tokens : &names->users;
	export_number(x, e->no);
	export_time(x, e->at);
	export_text(x, !area ? "" : c->lang == LANG_EN ? area->en : area->zh);
	export_text(x, e->kind);
	export_text(x, actor_kind_name(e->actor_kind));
	export_text(x, titles_find(who, e->actor_id));
	export_text(x, e->object);
	export_text(x, e->object_id ? arena_format(c->arena, "%lld", (long long)e->object_id) : NULL);
	export_text(x, about);
	export_text(x, entry->why);
	export_text(x, entry->fields ? entry->fields : entry->field ? entry->field : strcmp(e->data, "{}") ? e->data : NULL);
	export_end_row(x);
}

static int put_pages(struct ctx *c, struct export_out *x, const struct audit_query *query)
{
	struct audit_query q = *query;
	q.limit = PAGE;
	for (q.before = 0;;) {
		struct arena_mark mark = arena_mark(c->arena);
		struct audit_entries all;
		struct audit_names names;
		TRY(audit_find(c, &q, &all));
		TRY(audit_names_of(c, &all, &names));
		if (x->rows + (int64_t)all.n > setting_of(c, SETTING_SHEET_EXPORT_ROWS))
			return fail(c, ERR_REPORT_BUDGET, NULL);
		for (size_t i = 0; i < all.n; i++)
			put_row(c, x, &all.at[i], all.n ? names.about[i] : NULL, &names);
		q.before = all.next;
		arena_rewind(c->arena, mark);
		if (!q.before)
			return 0;
	}
}

int audit_sheet(struct ctx *c, const void *in, struct export_file *out)
{
	const struct audit_export *asked = in;
	struct export_out x;
	TRY(export_begin(c, asked->format, "audit", out, &x));
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		export_text(&x, c->lang == LANG_EN ? heads[i].en : heads[i].zh);
	export_end_row(&x);
	x.rows = 0;
	return export_end(&x, put_pages(c, &x, &asked->query), out);
}
