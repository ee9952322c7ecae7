/* Values between row and slot: sealed columns opened, masked and sealed again, every value checked on its way in. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "core/auth/auth.h"
#include "core/custom/custom.h"
#include "core/pii/pii.h"
#include "core/record/record.h"
#include "core/services.h"
#include "core/tag/tag.h"
#include "engine/clean/clean.h"

enum { JSON_LEVELS = 32 };       /* as in a body */

/* Numbers that mean "none" in a row, where NULL is not wanted. */
static bool is_none(const struct field *f, int64_t i)
{
	return i == NULL_INT || (field_has_none(f) && (i == 0 || i == FAR_FUTURE_MS));
}

bool field_masked_for(const struct ctx *c, const char *record, const struct field *f)
{
	if (!field_is_sealed(f))
		return false;
	if (f->kind != FIELD_SEALED)
		return true;
	return c->auth && c->auth->mask_count && is_masked_for(c, arena_format(c->arena, "%s.%s", record, f->name));
}

static const char *masked(struct ctx *c, const struct field *f, const char *record, const char *clear)
{
	switch (f->kind) {
	case FIELD_NAME:  return mask(c->arena, MASK_NAME, clear);
	case FIELD_PHONE: return mask(c->arena, MASK_PHONE, clear);
	case FIELD_EMAIL: return mask(c->arena, MASK_EMAIL, clear);
	case FIELD_PLACE: return mask(c->arena, MASK_ADDRESS, clear);
	default:          return field_masked_for(c, record, f) ? mask(c->arena, MASK_ALL, clear) : clear;
	}
}

static void plain_slot(const struct field *f, const struct member *column, const void *row, struct slot *slot)
{
	*slot = (struct slot){ .i = NULL_INT, .real = NAN };
	switch (type_kind(column->type)) {
	case KIND_INT:
		slot->i = *member_int(column, (void *)row);
		if (is_none(f, slot->i))
			slot->i = NULL_INT;
		break;
	case KIND_REAL:
		slot->real = *member_real(column, (void *)row);
		break;
	case KIND_BYTES:
		if (!field_is_sealed(f))
			slot->bytes = *member_bytes(column, (void *)row);
		break;
	default:
		slot->text = *member_text(column, (void *)row);
	}
}

/* One sealed value and where its text belongs. */
struct opening_value {
	struct opening_value *next;
	struct pii_field value;
	const struct field *field;
	const char *record;
	struct slot *slot;
};

static void wait_to_open(struct ctx *c, const struct record_model *m, size_t i, const void *row, struct slot *slot, struct opening *o)
{
	struct bytes sealed = *member_bytes(m->column[i], (void *)row);
	if (!sealed.p)
		return;
	struct opening_value *v = ARENA_NEW(c->arena, struct opening_value);
	v->value = (struct pii_field){ .key = *member_int(m->key, (void *)row), .context = m->context[i], .sealed = sealed };
	v->field = &m->record->fields[i];
	v->record = m->record->name;
	v->slot = slot;
	v->next = o->first;
	o->first = v;
	o->n++;
}

/* Names that a row holds until it is written are what is shown of it. */
static void wait_to_name(struct ctx *c, struct slot *slot, struct opening *o)
{
	if (text_empty(slot->text))
		slot->text = "[]";
	if (*slot->text == '[')
		return;
	struct tag_wish *w = ARENA_NEW(c->arena, struct tag_wish);
	*w = (struct tag_wish){ o->tags, slot->text, slot };
	o->tags = w;
}

void record_slots_begin(struct ctx *c, const struct record_model *m, const void *rows, size_t n, uint64_t wanted, struct slot *slots, struct opening *o)
{
	size_t count = m->record->field_count;
	for (size_t k = 0; k < n; k++) {
		const void *row = (const char *)rows + k * m->record->table->row->size;
		for (size_t i = 0; i < count; i++) {
			if (!(wanted >> i & 1))
				continue;
			plain_slot(&m->record->fields[i], m->column[i], row, &slots[k * count + i]);
			if (m->sealed_fields >> i & 1)
				wait_to_open(c, m, i, row, &slots[k * count + i], o);
			if (i == m->tags_field)
				wait_to_name(c, &slots[k * count + i], o);
		}
	}
}

int record_slots_end(struct ctx *c, struct opening *o, enum opened opened)
{
	if (o->tags)
		TRY(tags_open(c, o->tags));
	if (!o->n)
		return 0;
	struct pii_field *fields = ARENA_ARRAY(c->arena, struct pii_field, o->n);
	size_t n = 0;
	for (struct opening_value *v = o->first; v; v = v->next)
		fields[n++] = v->value;
	TRY(pii_open_many(c, fields, n));
	n = 0;
	for (struct opening_value *v = o->first; v; v = v->next, n++)
		v->slot->text = opened == MASKED ? masked(c, v->field, v->record, fields[n].text) : fields[n].text;
	return 0;
}

int record_slots_many(struct ctx *c, const struct record_model *m, const void *rows, size_t n, enum opened opened, struct slot *slots)
{
	struct opening o = { 0 };
	record_slots_begin(c, m, rows, n, (uint64_t)ALL_FIELDS, slots, &o);
	return record_slots_end(c, &o, opened);
}

int record_slots(struct ctx *c, const struct record_model *m, const void *row, enum opened opened, struct slot *slots)
{
	return record_slots_many(c, m, row, 1, opened, slots);
}

/* Puts a person's text into the one form that is stored and looked up. */
static int normalise(struct ctx *c, const struct field *f, const char **text)
{
	if (text_empty(*text)) {
		*text = NULL;
		return 0;
	}
	if (f->kind == FIELD_PHONE) {
		struct clean_phone phone;
		int r = clean_phone(c->arena, *text, &phone);
		if (r < 0)
			return fail_field(c, f->name, r, NULL);
		*text = phone.value;
	} else if (f->kind == FIELD_EMAIL) {
		int r = clean_mail(c->arena, *text, text);
		if (r < 0)
			return fail_field(c, f->name, r, NULL);
	} else if (f->kind == FIELD_NAME || f->kind == FIELD_PLACE) {
		*text = clean_text(c->arena, *text);
	}
	return 0;
}

/* Characters of a text, or bytes. Values in JSON were held to it when they were read; cells of a sheet come here unasked. */
static bool fits(struct ctx *c, const struct record_model *m, size_t i, size_t n)
{
	const struct member *wire = &m->wire.members[i];
	if (n && (int64_t)n < wire->least)
		fail_field(c, wire->name, ERR_FIELD_TOO_SHORT, arena_format(c->arena, "%lld", (long long)wire->least));
	else if (wire->most && (int64_t)n > wire->most)
		fail_field(c, wire->name, ERR_FIELD_TOO_LONG, arena_format(c->arena, "%lld", (long long)wire->most));
	else
		return true;
	return false;
}

static int fill_sealed(struct ctx *c, const struct record_model *m, size_t i, const struct slot *slot, void *row)
{
	const struct field *f = &m->record->fields[i];
	const char *text = slot->text;
	if (normalise(c, f, &text) < 0 || (text && !fits(c, m, i, utf8_count(text))))
		return 0;       /* noted; the others are still checked */
	struct bytes *column = member_bytes(m->column[i], row);
	*column = (struct bytes){ 0 };
	if (!text)
		return 0;
	if (!*member_int(m->key, row)) {        /* a dry run: the value is only checked, the row is never stored */
		*column = (struct bytes){ (const uint8_t *)text, strlen(text) };
		return 0;
	}
	return pii_seal(c, *member_int(m->key, row), m->context[i], text, column);
}

static void check_choice(struct ctx *c, const struct field *f, const char *value)
{
	if (choice_find(f->of, value) || (!*value && !f->required))
		return;
	struct text words = text_in(c->arena);
	for (const struct choice *o = f->of; o->value; o++)
		text_format(&words, "%s%s", o == f->of ? "" : ", ", o->value);
	fail_field(c, f->name, ERR_FIELD_CHOICE, text_end(&words));
}

static int check_reference(struct ctx *c, const struct field *f, int64_t id)
{
	if (id == NULL_INT || id == 0 || !f->to)
		return 0;
	void *row = arena_alloc(c->arena, f->to->table->row->size);
	bool there;
	TRY(record_look(c, f->to, id, row, &there));
	if (!there)
		fail_field(c, f->name, ERR_FIELD_REFERENCE, NULL);
	return 0;
}

static void fill_number(struct ctx *c, const struct record_model *m, size_t i, int64_t value, void *row)
{
	const struct field *f = &m->record->fields[i];
	bool none = value == NULL_INT;
	if (none && (m->column[i]->flags & MEMBER_NULLABLE))
		value = NULL_INT;
	else if (none)
		value = f->kind == FIELD_TIME && *member_int(m->column[i], row) == FAR_FUTURE_MS ? FAR_FUTURE_MS : 0;
	if (none && f->required && !field_has_none(f))
		fail_field(c, f->name, ERR_FIELD_REQUIRED, NULL);
	else if (!none && value < f->least && f->kind != FIELD_DAY)
		fail_field(c, f->name, ERR_FIELD_TOO_SMALL, arena_format(c->arena, "%lld", (long long)f->least));
	else if (!none && f->most && value > f->most)
		fail_field(c, f->name, ERR_FIELD_TOO_LARGE, arena_format(c->arena, "%lld", (long long)f->most));
	else
		*member_int(m->column[i], row) = value;
}

static void fill_real(struct ctx *c, const struct record_model *m, size_t i, double value, void *row)
{
	const struct field *f = &m->record->fields[i];
	const struct member *column = m->column[i];
	if (f->required && isnan(value))
		fail_field(c, f->name, ERR_FIELD_REQUIRED, NULL);
	else if ((f->least || f->most) && value < (double)f->least)
		fail_field(c, f->name, ERR_FIELD_TOO_SMALL, arena_format(c->arena, "%lld", (long long)f->least));
	else if (f->most && value > (double)f->most)
		fail_field(c, f->name, ERR_FIELD_TOO_LARGE, arena_format(c->arena, "%lld", (long long)f->most));
	else
		*member_real(column, row) = isnan(value) && !(column->flags & MEMBER_NULLABLE) ? 0 : value;
}

static void fill_bytes(struct ctx *c, const struct record_model *m, size_t i, struct bytes value, void *row)
{
	if (!value.p && !(m->column[i]->flags & MEMBER_NULLABLE))
		value = (struct bytes){ (const uint8_t *)"", 0 };
	if (fits(c, m, i, value.n))
		*member_bytes(m->column[i], row) = value;
}

static void fill_text(struct ctx *c, const struct record_model *m, size_t i, const char *text, void *row)
{
	const struct field *f = &m->record->fields[i];
	if (!text && !f->required && (m->column[i]->flags & MEMBER_NULLABLE)) {
		*member_text(m->column[i], row) = NULL;
		return;
	}
	if (f->kind == FIELD_CHOICE)
		check_choice(c, f, text ? text : "");
	if (f->kind == FIELD_JSON && !text)
		text = "{}";
	else if (f->kind != FIELD_JSON && f->kind != FIELD_TEXT)
		text = text ? clean_text(c->arena, text) : "";
	if (text && !fits(c, m, i, utf8_count(text)))
		return;
	if (f->kind == FIELD_JSON && !json_is_valid(text, strlen(text), JSON_LEVELS))
		fail_field(c, f->name, ERR_FIELD_TYPE, type_json(TYPE_json));
	else
		*member_text(m->column[i], row) = text ? text : "";
}

static int fill_field(struct ctx *c, const struct record_model *m, size_t i, const struct slot *slot, void *row)
{
	const struct field *f = &m->record->fields[i];
	if (field_is_sealed(f))
		return fill_sealed(c, m, i, slot, row);
	if (f->kind == FIELD_CUSTOM)
		return custom_fill(c, m, slot->text, *member_text(m->column[i], row), member_text(m->column[i], row));
	if (f->kind == FIELD_TAGS)
		return tags_fill(c, f, slot->text, member_text(m->column[i], row));
	switch (type_kind(m->column[i]->type)) {
	case KIND_INT:
		if (f->kind == FIELD_REF)
			TRY(check_reference(c, f, slot->i));
		fill_number(c, m, i, slot->i, row);
		return 0;
	case KIND_REAL:
		fill_real(c, m, i, slot->real, row);
		return 0;
	case KIND_BYTES:
		fill_bytes(c, m, i, slot->bytes, row);
		return 0;
	default:
		fill_text(c, m, i, slot->text, row);
		return 0;
	}
}

int record_fill(struct ctx *c, const struct record_model *m, const struct slot *slots, uint64_t present, void *row)
{
	for (size_t i = 0; i < m->record->field_count; i++)
		if (present >> i & 1)
			TRY(fill_field(c, m, i, &slots[i], row));
	return c->error->code;
}

const char *record_title(struct ctx *c, const struct record_model *m, const struct slot *slots)
{
	struct text t = text_in(c->arena);
	for (size_t k = 0; k < m->title_count; k++) {
		const struct slot *slot = &slots[m->title[k]];
		if (slot->text && *slot->text)
			text_format(&t, "%s%s", t.n ? " " : "", slot->text);
	}
	return text_end(&t);
}
