/* From heads to fields and from cells to slots. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

#include "base/crypto.h"
#include "core/io/import.h"
#include "core/list/list.h"
#include "core/pii/mask.h"
#include "core/services.h"
#include "engine/clean/clean.h"

static bool same_head(struct ctx *c, const char *a, const char *b, size_t n)
{
	return text_equal(text_fold(c->arena, a), text_fold(c->arena, arena_string_n(c->arena, b, n)));
}

static bool knows_head(struct ctx *c, const struct field *f, const char *head)
{
	if (same_head(c, head, f->name, strlen(f->name)) || same_head(c, head, f->label.zh, strlen(f->label.zh)) || same_head(c, head, f->label.en, strlen(f->label.en)))
		return true;
	for (const char *p = f->heads; p && *p;) {
		size_t n = strcspn(p, "|");
		if (same_head(c, head, p, n))
			return true;
		p += n + (p[n] == '|');
	}
	return false;
}

/* Heads carry units and stars: 金额(元), *手机号. */
static const char *bare_head(struct ctx *c, const char *head)
{
	char *s = clean_text(c->arena, head);
	while (*s == '*')
		s++;
	static const char *const opens[] = { "(", "（", "[" };
	for (size_t i = 0; i < 3; i++) {
		char *open = strstr(s, opens[i]);
		if (open && open != s)
			*open = 0;
	}
	return s;
}

size_t import_field_of(struct ctx *c, const struct record_model *m, const char *head)
{
	const char *bare = bare_head(c, head);
	for (size_t i = 0; i < m->record->field_count; i++)
		if (!m->record->fields[i].system && !m->record->fields[i].series && knows_head(c, &m->record->fields[i], bare))
			return i;
	return SIZE_MAX;
}

static int map_columns(struct ctx *c, yyjson_val *columns, yyjson_val *mapping, struct import_map *out)
{
	size_t index, n;
	yyjson_val *column;
	yyjson_arr_foreach(columns, index, n, column) {
		if (out->count == IMPORT_COLUMNS)
			break;
		struct import_column *to = &out->columns[out->count++];
		to->head = arena_string(c->arena, yyjson_get_str(yyjson_obj_get(column, "head")));
		const char *field = to->head ? yyjson_get_str(yyjson_obj_get(mapping, to->head)) : NULL;
		to->field = field ? field_index(out->model, field) : SIZE_MAX;
		if (field && (to->field == SIZE_MAX || out->model->record->fields[to->field].system))
			fail_field(c, "mapping", ERR_FIELD_INVALID, arena_format(c->arena, "：%s", field));
	}
	return c->error->code;
}

int import_map_read(struct ctx *c, const struct record_model *m, const char *columns, const char *mapping, struct import_map *out)
{
	*out = (struct import_map){ .model = m };
	yyjson_doc *heads = yyjson_read(columns, strlen(columns), 0), *chosen = yyjson_read(mapping, strlen(mapping), 0);
	int r = heads && chosen && yyjson_is_obj(yyjson_doc_get_root(chosen)) ? map_columns(c, yyjson_doc_get_root(heads), yyjson_doc_get_root(chosen), out) : ERR_JSON;
	yyjson_doc_free(heads);
	yyjson_doc_free(chosen);
	return r;
}

/* The word of a choice, by code or by either label. */
static const char *choice_of(struct ctx *c, const struct field *f, const char *text)
{
	const char *folded = text_fold(c->arena, text);
	for (const struct choice *o = f->of; o->value; o++)
		if (text_equal(folded, o->value) || text_equal(folded, text_fold(c->arena, o->zh)) || text_equal(folded, text_fold(c->arena, o->en)))
			return o->value;
	return text;    /* refused by the field's own check, with the choices */
}

/* Whatever names the other record: its unique values, its phone, its plain title. */
static int reference_of(struct ctx *c, const struct field *f, const char *text, int64_t *id)
{
	const struct record_model *to = model_of(c, f->to);
	*id = 0;
	for (size_t i = 0; i < to->record->field_count && !*id; i++) {
		const struct field *target = &to->record->fields[i];
		bool is_title = false;
		for (size_t k = 0; k < to->title_count; k++)
			is_title |= to->title[k] == i && target->kind == FIELD_CODE;
		if ((target->unique && target->kind == FIELD_CODE) || (field_has_lookup(target) && target->kind != FIELD_NAME) || is_title)
			TRY(list_find(c, to, i, &(struct slot){ .text = text }, id));
	}
	if (!*id)
		fail_field(c, f->name, ERR_FIELD_REFERENCE, NULL);
	return 0;
}

static void set_number(struct ctx *c, const struct field *f, const char *text, struct slot *out)
{
	char *end;
	const char *half = text_fold(c->arena, text);
	if (f->kind == FIELD_REAL)
		out->real = strtod(half, &end);
	else
		out->i = strtoll(half, &end, 10);
	while (*end == '0' || *end == '.')      /* spreadsheets write 12.0 */
		end++;
	if (*end || end == half)
		fail_field(c, f->name, ERR_FIELD_TYPE, f->kind == FIELD_REAL ? "1.5" : "123");
}

static void set_flag(struct ctx *c, const struct field *f, const char *text, struct slot *out)
{
	static const char *const yes[] = { "1", "是", "yes", "true", "y", "√", "有" }, *const no[] = { "0", "否", "no", "false", "n", "×", "无" };
	const char *folded = text_fold(c->arena, text);
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (text_equal(folded, yes[i]))
			out->i = 1;
		if (text_equal(folded, no[i]))
			out->i = 0;
	}
	if (out->i == NULL_INT)
		fail_field(c, f->name, ERR_FIELD_CHOICE, "是, 否");
}

static int set_slot(struct ctx *c, const struct field *f, const char *text, struct slot *out)
{
	struct clean_date date;
	int r = 0;
	switch (f->kind) {
	case FIELD_REF:    return reference_of(c, f, clean_text(c->arena, text), &out->i);
	case FIELD_CHOICE: out->text = choice_of(c, f, text); return 0;
	case FIELD_FLAG:   set_flag(c, f, text, out); return 0;
	case FIELD_MONEY:  r = clean_money(c->arena, text, &out->i); break;
	case FIELD_DAY:
	case FIELD_TIME:
		r = clean_date(c->arena, text, DATE_BASE_1900, &date);
		out->i = f->kind == FIELD_DAY ? date.day : (date.day * 86400 + (date.second > 0 ? date.second : 0)) * (int64_t)SECOND_MS - 8 * (int64_t)HOUR_MS;
		break;
	case FIELD_COUNT:
	case FIELD_INT:
	case FIELD_REAL:   set_number(c, f, text, out); return 0;
	case FIELD_BYTES:  r = base64url_read(c->arena, text, &out->bytes); break;
	default:           out->text = f->kind == FIELD_TEXT || f->kind == FIELD_SEALED ? text : clean_text(c->arena, text); return 0;
	}
	if (r < 0)
		fail_field(c, f->name, r, NULL);
	return 0;
}

int import_slots(struct ctx *c, const struct import_map *map, const struct sheet_row *row, struct slot *slots, uint64_t *present)
{
	const struct record *record = map->model->record;
	*present = 0;
	for (size_t i = 0; i < record->field_count; i++)
		slots[i] = (struct slot){ .i = NULL_INT, .real = NAN };
	for (size_t i = 0; i < map->count && i < row->count; i++) {
		size_t k = map->columns[i].field;
		if (k == SIZE_MAX || clean_is_nothing(row->cells[i].text))
			continue;
		if (row->cells[i].broken) {
			fail_field(c, record->fields[k].name, ERR_ENCODING, NULL);
			continue;
		}
		TRY(set_slot(c, &record->fields[k], arena_string(c->arena, row->cells[i].text), &slots[k]));
		*present |= UINT64_C(1) << k;
	}
	return 0;
}

int import_find(struct ctx *c, const struct import_map *map, const struct slot *slots, uint64_t present, int64_t *id)
{
	const struct record *record = map->model->record;
	*id = 0;
	for (size_t i = 0; i < record->field_count; i++) {
		const struct field *f = &record->fields[i];
		int64_t found;
		if (!f->unique || !(present >> i & 1) || text_empty(slots[i].text) || (field_is_sealed(f) && !field_has_lookup(f)))
			continue;
		TRY(list_find(c, map->model, i, &slots[i], &found));
		if (found && *id && found != *id)
			fail_field(c, f->name, ERR_FIELD_TAKEN, field_is_sealed(f) ? "…" : slots[i].text);
		if (found && !*id)
			*id = found;
	}
	return 0;
}
