/* Values between row and slot: sealed columns opened, masked and sealed again, every value checked on its way in. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "core/pii/pii.h"
#include "core/record/record.h"
#include "core/services.h"
#include "engine/clean/clean.h"

/* Numbers that mean "none" in a row, where NULL is not wanted. */
static bool is_none(const struct field *f, int64_t i)
{
	if (i == NULL_INT)
		return true;
	return (f->kind == FIELD_REF || f->kind == FIELD_DAY || f->kind == FIELD_TIME) && (i == 0 || i == FAR_FUTURE_MS);
}

static const char *context_of(struct ctx *c, const struct record_model *m, size_t i)
{
	return arena_format(c->arena, "%s.%s", m->record->table->name, m->record->fields[i].name);
}

static const char *masked(struct ctx *c, const struct field *f, const char *clear)
{
	switch (f->kind) {
	case FIELD_NAME:  return mask(c->arena, MASK_NAME, clear);
	case FIELD_PHONE: return mask(c->arena, MASK_PHONE, clear);
	case FIELD_EMAIL: return mask(c->arena, MASK_EMAIL, clear);
	case FIELD_PLACE: return mask(c->arena, MASK_ADDRESS, clear);
	default:          return clear;
	}
}

static void plain_slots(const struct record_model *m, const void *row, struct slot *slots)
{
	for (size_t i = 0; i < m->record->field_count; i++) {
		const struct member *column = m->column[i];
		struct slot *slot = &slots[i];
		*slot = (struct slot){ .i = NULL_INT, .real = NAN };
		if (field_is_sealed(&m->record->fields[i]))
			continue;
		switch (type_kind(column->type)) {
		case KIND_INT:
			slot->i = *member_int(column, (void *)row);
			if (is_none(&m->record->fields[i], slot->i))
				slot->i = NULL_INT;
			break;
		case KIND_REAL:  slot->real = *member_real(column, (void *)row); break;
		case KIND_BYTES: slot->bytes = *member_bytes(column, (void *)row); break;
		default:         slot->text = *member_text(column, (void *)row); break;
		}
	}
}

/* All sealed values of all rows are opened together, so a page asks the key store once. */
static int open_slots(struct ctx *c, const struct record_model *m, const char *rows, size_t n, enum opened opened, struct slot *slots)
{
	size_t count = m->record->field_count, used = 0;
	struct pii_field *fields = ARENA_ARRAY(c->arena, struct pii_field, n * count + 1);
	struct { struct slot *slot; const struct field *field; } *target = arena_array(c->arena, n * count + 1, sizeof(*target));
	for (size_t k = 0; k < n; k++) {
		void *row = (void *)(rows + k * m->record->table->row->size);
		for (size_t i = 0; i < count; i++) {
			if (!field_is_sealed(&m->record->fields[i]) || !member_bytes(m->column[i], row)->p)
				continue;
			fields[used] = (struct pii_field){ .key = *member_int(m->key, row), .context = context_of(c, m, i), .sealed = *member_bytes(m->column[i], row) };
			target[used].slot = &slots[k * count + i];
			target[used++].field = &m->record->fields[i];
		}
	}
	if (!used)
		return 0;
	TRY(pii_open_many(c, fields, used));
	for (size_t i = 0; i < used; i++)
		target[i].slot->text = opened == MASKED ? masked(c, target[i].field, fields[i].text) : fields[i].text;
	return 0;
}

int record_slots_many(struct ctx *c, const struct record_model *m, const void *rows, size_t n, enum opened opened, struct slot *slots)
{
	for (size_t k = 0; k < n; k++)
		plain_slots(m, (const char *)rows + k * m->record->table->row->size, slots + k * m->record->field_count);
	return m->key ? open_slots(c, m, rows, n, opened, slots) : 0;
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

static int fill_sealed(struct ctx *c, const struct record_model *m, size_t i, const struct slot *slot, void *row)
{
	const struct field *f = &m->record->fields[i];
	const char *text = slot->text;
	if (normalise(c, f, &text) < 0)
		return 0;       /* noted; the others are still checked */
	struct bytes *column = member_bytes(m->column[i], row);
	*column = (struct bytes){ 0 };
	if (!text)
		return 0;
	if (!*member_int(m->key, row)) {        /* a dry run: the value is only checked, the row is never stored */
		*column = (struct bytes){ (const uint8_t *)text, strlen(text) };
		return 0;
	}
	return pii_seal(c, *member_int(m->key, row), context_of(c, m, i), text, column);
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
	if (id == NULL_INT || id == 0)
		return 0;
	void *row = arena_alloc(c->arena, f->to->table->row->size);
	int r = record_get(c, f->to, id, row);
	if (r == ERR_NOT_FOUND) {
		error_clear(c->error);
		fail_field(c, f->name, ERR_FIELD_REFERENCE, NULL);
		return 0;
	}
	return r;
}

static void fill_number(struct ctx *c, const struct record_model *m, size_t i, int64_t value, void *row)
{
	const struct field *f = &m->record->fields[i];
	bool none = value == NULL_INT;
	if (none)
		value = f->kind == FIELD_TIME && *member_int(m->column[i], row) == FAR_FUTURE_MS ? FAR_FUTURE_MS : 0;
	if (!none && value < f->least)
		fail_field(c, f->name, ERR_FIELD_TOO_SMALL, arena_format(c->arena, "%lld", (long long)f->least));
	else if (!none && f->most && value > f->most)
		fail_field(c, f->name, ERR_FIELD_TOO_LARGE, arena_format(c->arena, "%lld", (long long)f->most));
	else
		*member_int(m->column[i], row) = value;
}

static int fill_field(struct ctx *c, const struct record_model *m, size_t i, const struct slot *slot, void *row)
{
	const struct field *f = &m->record->fields[i];
	const struct member *column = m->column[i];
	if (field_is_sealed(f))
		return fill_sealed(c, m, i, slot, row);
	switch (type_kind(column->type)) {
	case KIND_INT:
		if (f->kind == FIELD_REF)
			TRY(check_reference(c, f, slot->i));
		fill_number(c, m, i, slot->i, row);
		return 0;
	case KIND_REAL:
		*member_real(column, row) = isnan(slot->real) && !(column->flags & MEMBER_NULLABLE) ? 0 : slot->real;
		return 0;
	case KIND_BYTES:
		*member_bytes(column, row) = slot->bytes;
		return 0;
	default:
		if (f->kind == FIELD_CHOICE)
			check_choice(c, f, slot->text ? slot->text : "");
		if (f->kind == FIELD_JSON)
			*member_text(column, row) = slot->text ? slot->text : "{}";
		else
			*member_text(column, row) = slot->text ? (f->kind == FIELD_TEXT ? slot->text : clean_text(c->arena, slot->text)) : "";
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
