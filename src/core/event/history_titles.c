/* What the references are called that changes went from and to. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/event/history.h"

/* The ids that one change names for this field, from and to: "owner_id":[null,"12"]. PostgreSQL puts spaces between. */
static size_t ids_of(const char *fields, const char *quoted, int64_t ids[static 2])
{
	const char *p = strstr(fields, quoted);
	size_t n = 0;
	p = p ? p + strlen(quoted) : "";
	p += strspn(p, ": ");
	if (*p++ != '[')
		return 0;
	for (int side = 0; side < 2; side++) {
		p += strspn(p, " ,\"");
		if (*p >= '0' && *p <= '9')
			ids[n++] = strtoll(p, (char **)&p, 10);
		else if (!strncmp(p, "null", 4))
			p += 4;
	}
	return n;
}

static int write_titles_of(struct ctx *c, const struct field *f, const char *const *fields, size_t n, struct text *out)
{
	const char *quoted = arena_format(c->arena, "\"%s\"", f->name);
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n * 2 + 1);
	struct titles titles;
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += ids_of(fields[i], quoted, ids + count);
	if (count == 0)
		return 0;
	TRY(record_titles(c, f->to, ids, count, &titles));
	text_format(out, "%s%s:{", out->p[out->n - 1] == '{' ? "" : ",", quoted);
	for (size_t i = 0; i < titles.n; i++) {
		text_format(out, "%s\"%lld\":", i ? "," : "", (long long)titles.at[i].id);
		json_text(out, titles.at[i].text);
	}
	text_char(out, '}');
	return 0;
}

int history_titles(struct ctx *c, const struct record_model *m, const char *const *fields, size_t n, struct text *out)
{
	text_char(out, '{');
	for (size_t i = 0; i < m->record->field_count; i++)
		if (m->record->fields[i].kind == FIELD_REF && m->record->fields[i].to)
			TRY(write_titles_of(c, &m->record->fields[i], fields, n, out));
	text_char(out, '}');
	return 0;
}
