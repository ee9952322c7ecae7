/* Putting tags on a row and taking them off: as a call, and as what rules, macros and bulk work do. */

#include "core/auth/auth.h"
#include "core/services.h"
#include "core/tag/tag_private.h"

static bool stands_in(const struct tags_named_row *rows, size_t n, int64_t stands_for)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].stands_for == stands_for)
			return true;
	return false;
}

/* The names that the column is to have then; *changes: whether that is anything new. */
static int names_then(struct ctx *c, const char *column, const struct tag_names *add, const struct tag_names *remove, struct tag_names *out, bool *changes)
{
	struct tag_ids ids = tag_ids_of(c->arena, column);
	struct tags_shown_row *had;
	struct tags_named_row *plus, *minus;
	size_t had_count, plus_count, minus_count;
	TRY(tags_look_up(c, &ids, &had, &had_count));
	TRY(tags_find(c, add, &plus, &plus_count));
	TRY(tags_find(c, remove, &minus, &minus_count));
	const char **names = ARENA_ARRAY(c->arena, const char *, ids.n + add->n + 1);
	int64_t *kept = ARENA_ARRAY(c->arena, int64_t, ids.n + 1);
	struct tag_ids stands = { kept, 0 };
	*out = (struct tag_names){ names, 0 };
	*changes = false;
	for (size_t i = 0; i < ids.n; i++) {
		const struct tags_shown_row *tag = tag_shown(had, had_count, ids.at[i]);
		bool goes = tag && stands_in(minus, minus_count, tag->stands_for);
		*changes |= goes;
		if (!tag || goes || tag_ids_hold(&stands, tag->stands_for))
			continue;
		kept[stands.n++] = tag->stands_for;
		names[out->n++] = tag->name;
	}
	for (size_t i = 0; i < add->n; i++) {
		const struct tags_named_row *tag = tag_named(c->arena, plus, plus_count, add->at[i]);
		if (tag && tag_ids_hold(&stands, tag->stands_for))
			continue;
		names[out->n++] = tag ? tag->name : add->at[i];
		*changes = true;
	}
	return 0;
}

int tags_change(struct ctx *c, const struct record *record, int64_t id, const struct tag_names *add, const struct tag_names *remove, void *row)
{
	const struct record_model *m = model_of(c, record);
	struct slot slots[MOST_FIELDS_OF_RECORD];
	struct tag_names names;
	bool changes;
	TRY(require(c, m->tags_field != SIZE_MAX, ERR_NOT_FOUND, NULL));
	TRY(record_get(c, record, id, row));
	TRY(names_then(c, *member_text(m->column[m->tags_field], row), add, remove, &names, &changes));
	if (!changes)
		return 0;
	slots[m->tags_field].text = tags_json(c->arena, &names);
	return record_change(c, record, id, *member_int(m->version, row), slots, UINT64_C(1) << m->tags_field, NULL, row);
}

/* As an action ----------------------------------------------------------------------------------------------------- */

struct tag_in {
	struct list add, remove;        /* of const char * */
};
static const struct member members[] = {
	MEMBER(struct tag_in, add, list, .item = TYPE_code, .most = TAGS_MOST),
	MEMBER(struct tag_in, remove, list, .item = TYPE_code, .most = TAGS_MOST),
};
static const struct shape action_shape = SHAPE("action_tag", struct tag_in, members);

/* An action that adds what nobody may add would only say so in the log. */
static int check_add(struct ctx *c, const struct tag_names *names)
{
	struct tags_named_row *rows;
	size_t n;
	TRY(tags_find(c, names, &rows, &n));
	for (size_t i = 0; i < names->n; i++) {
		const struct tags_named_row *tag = tag_named(c->arena, rows, n, names->at[i]);
		if (!tag && !may(c, "tag.create"))
			return fail_field(c, "add", ERR_TAG_UNKNOWN, names->at[i]);
		if (tag && tag->archived_at)
			return fail_field(c, "add", ERR_TAG_ARCHIVED, tag->name);
	}
	return 0;
}

static int check(struct ctx *c, const struct record_model *m, const void *in)
{
	const struct tag_in *v = in;
	struct tag_names add, remove;
	if (m->tags_field == SIZE_MAX || m->record->read_only)
		return fail_field(c, "do", ERR_FIELD_CHOICE, "ticket, customer, conversation");
	if (!may(c, arena_format(c->arena, "%s.change", m->record->name)))
		return fail_field(c, "do", ERR_FORBIDDEN, NULL);
	if (!v->add.n && !v->remove.n)
		return fail_field(c, "add", ERR_FIELD_REQUIRED, NULL);
	TRY(tags_listed(c, "add", &v->add, &add));
	TRY(tags_listed(c, "remove", &v->remove, &remove));
	return check_add(c, &add);
}

static int run(struct ctx *c, struct acting *on, const void *in)
{
	const struct tag_in *v = in;
	struct tag_names add, remove;
	void *row = arena_alloc(c->arena, on->model->record->table->row->size);
	TRY(require_permission(c, arena_format(c->arena, "%s.change", on->model->record->name)));
	TRY(tags_listed(c, "add", &v->add, &add));
	TRY(tags_listed(c, "remove", &v->remove, &remove));
	return tags_change(c, on->model->record, on->id, &add, &remove, row);
}

const struct action_kind tag_action = { .name = "tag", .label = L("打标签", "Tag"), .shape = &action_shape, .check = check, .run = run };
