/* From heads to fields and from cells to slots. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

#include "base/crypto.h"
#include "base/json.h"
#include "core/io/import.h"
#include "core/list/list.h"
#include "core/services.h"
#include "core/tag/tag.h"
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

const struct field *import_field(const struct import_map *map, const struct import_column *column)
{
	if (column->custom)
		return &column->custom->field;
	return column->field == SIZE_MAX ? NULL : &map->model->record->fields[column->field];
}

size_t import_column_of(const struct import_map *map, const char *field)
{
	for (size_t i = 0; i < map->count; i++)
		if (import_field(map, &map->columns[i]) && text_equal(import_field(map, &map->columns[i])->name, field))
			return i;
	return SIZE_MAX;
}

/* A column of its own may fill it. */
static bool may_be_filled(const struct record_model *m, size_t field)
{
	const struct field *f = &m->record->fields[field];
	return !f->system && !f->series && field != m->custom_field;
}

const char *import_field_of(struct ctx *c, const struct record_model *m, const struct customs *custom, const char *head)
{
	const char *bare = bare_head(c, head);
	for (size_t i = 0; i < m->record->field_count; i++)
		if (may_be_filled(m, i) && knows_head(c, &m->record->fields[i], bare))
			return m->record->fields[i].name;
	for (size_t i = 0; i < custom->n; i++)
		if (!custom->at[i].archived && custom_may_read(c, &custom->at[i]) && knows_head(c, &custom->at[i].field, bare))
			return custom->at[i].field.name;
	return NULL;
}

static int bad_mapping(struct ctx *c, const char *what)
{
	return fail_field(c, "mapping", ERR_FIELD_INVALID, arena_format(c->arena, "：%s", what));
}

/* The field that a mapping names, as a column fills it. */
static bool name_field(struct ctx *c, const struct import_map *map, const struct customs *custom, const char *name, struct import_column *out)
{
	const struct record_model *m = map->model;
	out->field = name ? field_index(m, name) : SIZE_MAX;
	out->custom = out->field == SIZE_MAX ? custom_named(custom, name) : NULL;
	if (out->custom && (out->custom->archived || !custom_may_read(c, out->custom)))
		return false;
	if (out->custom) {
		out->field = m->custom_field;
		return true;
	}
	return out->field != SIZE_MAX && may_be_filled(m, out->field);
}

/* One head and its field. The first of columns with equal heads counts; no field is filled from two. */
static int map_head(struct ctx *c, const struct customs *custom, const char *head, yyjson_val *value, struct import_map *out)
{
	const char *name = yyjson_get_str(value);
	if (yyjson_is_null(value))
		return 0;
	struct import_column named;
	if (!name_field(c, out, custom, name, &named))
		return bad_mapping(c, name ? name : head);
	struct import_column *to = NULL;
	for (size_t i = 0; i < out->count; i++) {
		if (out->columns[i].field == named.field && out->columns[i].custom == named.custom)
			return bad_mapping(c, name);
		if (!to && text_equal(out->columns[i].head, head))
			to = &out->columns[i];
	}
	if (!to)
		return bad_mapping(c, head);
	to->field = named.field;
	to->custom = named.custom;
	return 0;
}

static int map_columns(struct ctx *c, const struct customs *custom, yyjson_val *columns, yyjson_val *mapping, struct import_map *out)
{
	size_t index, n;
	yyjson_val *column, *head, *value;
	yyjson_arr_foreach(columns, index, n, column) {
		if (out->count == IMPORT_COLUMNS)
			break;
		out->columns[out->count++] = (struct import_column){ arena_string(c->arena, yyjson_get_str(yyjson_obj_get(column, "head"))), SIZE_MAX, NULL };
	}
	yyjson_obj_foreach(mapping, index, n, head, value)
		TRY(map_head(c, custom, yyjson_get_str(head), value, out));
	return 0;
}

int import_map_read(struct ctx *c, const struct record_model *m, const char *columns, const char *mapping, struct import_map *out)
{
	struct customs custom;
	*out = (struct import_map){ .model = m };
	TRY(customs_of(c, m, &custom));
	yyjson_doc *heads = yyjson_read(columns, strlen(columns), 0), *chosen = yyjson_read(mapping, strlen(mapping), 0);
	int r = heads && chosen && yyjson_is_obj(yyjson_doc_get_root(chosen)) ? map_columns(c, &custom, yyjson_doc_get_root(heads), yyjson_doc_get_root(chosen), out) : ERR_JSON;
	yyjson_doc_free(heads);
	yyjson_doc_free(chosen);
	return r;
}

const struct record_model *import_target(struct ctx *c, const char *name)
{
	const struct record_model *m = target_of(c, name);
	if (!m)
		m = registry_find(&c->services->registry, name);
	return m && record_is_imported(m->record) ? m : NULL;
}

const char *import_right(struct ctx *c, const char *name)
{
	return arena_format(c->arena, "%s.import", target_of(c, name) ? "ticket" : name);
}

/* Words ------------------------------------------------------------------------------------------------------------------ */

static int read_word(struct ctx *c, const struct record_model *m, size_t field, yyjson_val *word, yyjson_val *value, struct import_word *out)
{
	const char *code = yyjson_get_str(value);
	const struct choice *of = m->record->fields[field].of;
	if (!code || !of || !choice_find(of, code))
		return fail_field(c, "words", ERR_FIELD_INVALID, arena_format(c->arena, "：%s", yyjson_get_str(word)));
	*out = (struct import_word){ field, text_fold(c->arena, yyjson_get_str(word)), choice_find(of, code)->value };
	return 0;
}

static int read_words(struct ctx *c, yyjson_val *root, struct import_map *map)
{
	size_t i, k, n, m, all = 0;
	yyjson_val *name, *of, *word, *value;
	yyjson_obj_foreach(root, i, n, name, of)
		all += yyjson_obj_size(of);
	struct import_word *words = ARENA_ARRAY(c->arena, struct import_word, all + 1);
	yyjson_obj_foreach(root, i, n, name, of) {
		size_t field = field_index(map->model, yyjson_get_str(name));
		if (field == SIZE_MAX || !yyjson_is_obj(of))
			return fail_field(c, "words", ERR_FIELD_INVALID, arena_format(c->arena, "：%s", yyjson_get_str(name)));
		yyjson_obj_foreach(of, k, m, word, value)
			TRY(read_word(c, map->model, field, word, value, &words[map->word_count++]));
	}
	map->words = words;
	return 0;
}

int import_words_read(struct ctx *c, const char *json, struct import_map *map)
{
	yyjson_doc *doc = yyjson_read(json, strlen(json), 0);
	int r = doc && yyjson_is_obj(yyjson_doc_get_root(doc)) ? read_words(c, yyjson_doc_get_root(doc), map) : fail_field(c, "words", ERR_FIELD_TYPE, "{}");
	yyjson_doc_free(doc);
	return r;
}

/* The word of a choice, as the other system's words were said to mean, else by code or by either label. */
static const char *choice_of(struct ctx *c, const struct import_map *map, const struct field *f, const char *text)
{
	const char *folded = text_fold(c->arena, text);
	for (size_t i = 0; i < map->word_count; i++)
		if (&map->model->record->fields[map->words[i].field] == f && text_equal(map->words[i].word, folded))
			return map->words[i].value;
	for (const struct choice *o = f->of; o->value; o++)
		if (text_equal(folded, o->value) || text_equal(folded, text_fold(c->arena, o->zh)) || text_equal(folded, text_fold(c->arena, o->en)))
			return o->value;
	return text;    /* refused by the field's own check, with the choices */
}

/* Memo --------------------------------------------------------------------------------------------------------------------- */

struct import_memo {
	struct { const struct field *field; int64_t id; char text[IMPORT_MEMO_TEXT]; } at[IMPORT_MEMO];
};

struct import_memo *import_memo_new(struct arena *a)
{
	return ARENA_NEW(a, struct import_memo);
}

/* The one place where these words of this field would be kept (FNV-1a), or NULL. A later one takes the place over. */
static void *memo_place(struct import_memo *m, const char *text)
{
	uint32_t hash = 2166136261u;
	size_t n = 0;
	for (; text[n]; n++)
		hash = (hash ^ (uint8_t)text[n]) * 16777619u;
	return m && n < IMPORT_MEMO_TEXT ? &m->at[hash % IMPORT_MEMO] : NULL;
}

/* Names of things are written in either case and with blanks in them. */
static const char *squeezed(struct ctx *c, const char *text, bool upper)
{
	struct text t = text_in(c->arena);
	for (const char *p = text_fold(c->arena, text); *p; p++)
		if (*p != ' ')
			text_char(&t, upper && *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p);
	return text_end(&t);
}

/* Whatever names the other record: its unique values, its phone, its plain title; as written, then in capitals, then in small letters. */
static int look_for(struct ctx *c, const struct record_model *to, const char *text, int64_t *id)
{
	const char *const ways[] = { text, squeezed(c, text, true), squeezed(c, text, false) };
	*id = 0;
	for (size_t w = 0; w < 3 && !*id; w++) {
		if (w && (text_equal(ways[w], text) || (w == 2 && text_equal(ways[2], ways[1]))))
			continue;
		for (size_t i = 0; i < to->record->field_count && !*id; i++)
			if (import_names_its_row(to, i) && (w == 0 || !field_is_sealed(&to->record->fields[i])))
				TRY(list_find(c, to, i, &(struct slot){ .text = ways[w] }, id));
	}
	return 0;
}

static int reference_of(struct ctx *c, struct import_memo *memo, const struct field *f, const char *text, int64_t *id)
{
	typeof(&memo->at[0]) kept = memo_place(memo, text);
	if (kept && kept->field == f && text_equal(kept->text, text)) {
		*id = kept->id;
		return 0;
	}
	TRY(look_for(c, model_of(c, f->to), text, id));
	if (!*id)
		return fail_field(c, f->name, ERR_FIELD_REFERENCE, NULL), 0;
	if (kept) {
		kept->field = f;
		kept->id = *id;
		memcpy(kept->text, text, strlen(text) + 1);
	}
	return 0;
}

static void set_number(struct ctx *c, const struct field *f, const char *text, struct slot *out)
{
	char *end;
	const char *half = text_fold(c->arena, text);
	bool plain = half[strspn(half, "+-.0123456789e")] == 0;         /* no "nan", no "0x10" */
	errno = 0;
	if (f->kind == FIELD_REAL)
		out->real = strtod(half, &end);
	else
		out->i = strtoll(half, &end, 10);
	while (*end == '0' || *end == '.')      /* spreadsheets write 12.0 */
		end++;
	if (*end || end == half || !plain || (errno && (f->kind != FIELD_REAL || isinf(out->real))))
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

static int set_slot(struct ctx *c, const struct import_map *map, const struct field *f, const char *text, struct slot *out)
{
	struct clean_date date = { 0 };
	int r = 0;
	switch (f->kind) {
	case FIELD_REF:    return reference_of(c, map->memo, f, clean_text(c->arena, text), &out->i);
	case FIELD_CHOICE: out->text = choice_of(c, map, f, text); return 0;
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
	case FIELD_TAGS:   out->text = tags_of_cell(c->arena, text); return 0;
	case FIELD_BYTES:  r = base64_read(c->arena, text, strlen(text), &out->bytes); break;
	default:           out->text = f->kind == FIELD_TEXT || f->kind == FIELD_SEALED ? text : clean_text(c->arena, text); return 0;
	}
	if (r < 0)
		fail_field(c, f->name, r, NULL);
	return 0;
}

/* A value of a field that the company defines joins the object of the others. */
static void add_custom(const struct custom *k, const struct slot *slot, struct text *t)
{
	char day[16];
	text_format(t, "%s\"%s\":", t->n ? "," : "{", k->field.name);
	if (k->kind == CUSTOM_FLAG) {
		text_append(t, slot->i ? "true" : "false");
	} else if (k->kind == CUSTOM_NUMBER) {
		text_format(t, "%lld", (long long)slot->i);
	} else if (k->kind == CUSTOM_DAY) {
		day_format(slot->i, day);
		text_format(t, "\"%s\"", day);
	} else {
		json_text(t, slot->text);
	}
}

int import_slots(struct ctx *c, const struct import_map *map, const struct sheet_row *row, struct slot *slots, uint64_t *present)
{
	const struct record *record = map->model->record;
	struct text custom = text_in(c->arena);
	*present = 0;
	for (size_t i = 0; i < record->field_count; i++)
		slots[i] = (struct slot){ .i = NULL_INT, .real = NAN };
	for (size_t i = 0; i < map->count && i < row->count; i++) {
		size_t k = map->columns[i].field;
		if (k == SIZE_MAX || clean_is_nothing(row->cells[i].text))
			continue;
		if (row->cells[i].broken) {
			fail_field(c, import_field(map, &map->columns[i])->name, ERR_ENCODING, NULL);
			continue;
		}
		size_t faults = c->error->field_count;
		struct slot own = { .i = NULL_INT, .real = NAN };
		const struct custom *k_own = map->columns[i].custom;
		TRY(set_slot(c, map, import_field(map, &map->columns[i]), arena_string(c->arena, row->cells[i].text), k_own ? &own : &slots[k]));
		if (c->error->field_count != faults)
			continue;
		if (k_own)
			add_custom(k_own, &own, &custom);
		*present |= UINT64_C(1) << k;
	}
	if (custom.n) {
		text_char(&custom, '}');
		slots[map->model->custom_field].text = text_end(&custom);
	}
	return 0;
}
