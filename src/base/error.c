/* The table of errors.def and the notes of one request. */
#include "base/error.h"

#include <string.h>

enum { MOST_FIELDS = 50 };

static const struct entry {
	int status;
	const char *name;
	const char *text[2];
} entries[] = {
#define ERROR(name, status, code, zh, en) { status, code, { zh, en } },
#include "base/errors.def"
#undef ERROR
};

static const struct entry *entry_of(int code)
{
	int index = -1 - code;
	return &entries[index >= 0 && index < ERROR_COUNT ? index : ERROR_INDEX_INTERNAL];
}

void error_clear(struct error *e)
{
	memset(e, 0, sizeof(*e));
}

void error_take_back(struct error *e, const struct error *before)
{
	*e = *before;
	if (e->fields)
		*e->tail = NULL;
}

void error_note(struct error *e, struct arena *a, int code, const char *arg)
{
	e->code = code;
	e->arg = arena_string(a, arg);
}

int error_field(struct error *e, struct arena *a, const char *field, int code, const char *arg)
{
	if (!e->code)
		e->code = ERR_INVALID;
	if (e->field_count == MOST_FIELDS)
		return code;
	struct field_error *f = ARENA_NEW(a, struct field_error);
	f->field = arena_string(a, field);
	f->code = code;
	f->arg = arena_string(a, arg);
	if (!e->fields)
		e->tail = &e->fields;
	*e->tail = f;
	e->tail = &f->next;
	e->field_count++;
	return code;
}

int error_status(int code)
{
	return entry_of(code)->status;
}

const char *error_name(int code)
{
	return entry_of(code)->name;
}

int error_named(const char *name)
{
	for (int i = 0; i < ERROR_COUNT; i++)
		if (!strcmp(entries[i].name, name))
			return -1 - i;
	return 0;
}

const char *error_text(int code, enum lang lang, const char *arg, struct arena *a)
{
	const char *text = entry_of(code)->text[lang == LANG_EN];
	const char *hole = strstr(text, "%s");
	if (!hole)
		return text;
	return arena_format(a, "%.*s%s%s", (int)(hole - text), text, arg ? arg : "", hole + 2);
}
