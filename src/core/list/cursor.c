/* Where a page ends: sort column, id and sort value of its last row, as one word that people hand back for the next page. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/id.h"
#include "core/list/list_private.h"

const char *cursor_write(struct builder *b, const void *row)
{
	struct text t = text_in(b->c->arena);
	text_format(&t, "%s:%lld:", b->sort->name, (long long)*member_int(b->m->id, (void *)row));
	if (type_kind(b->sort->type) == KIND_INT)
		text_int(&t, *member_int(b->sort, (void *)row));
	else if (type_kind(b->sort->type) == KIND_REAL)
		text_format(&t, "%.17g", *member_real(b->sort, (void *)row));
	else
		text_append(&t, *member_text(b->sort, (void *)row));
	return base64url(b->c->arena, text_end(&t), t.n);
}

int cursor_read(struct builder *b, const char *cursor)
{
	struct bytes raw;
	if (strlen(cursor) > LIST_CURSOR_MOST || base64url_read(b->c->arena, cursor, &raw) < 0)
		return fail(b->c, ERR_CURSOR, NULL);
	char *s = arena_string_n(b->c->arena, (const char *)raw.p, raw.n);
	char *id = strchr(s, ':'), *value = id ? strchr(id + 1, ':') : NULL;
	if (!value || strlen(s) != raw.n || !utf8_is_text(s, raw.n))
		return fail(b->c, ERR_CURSOR, NULL);
	*id++ = 0;
	*value++ = 0;
	if (strcmp(s, b->sort->name) || id_parse(id, &b->position_id) < 0)
		return fail(b->c, ERR_CURSOR, NULL);
	char *end = value + strlen(value);
	b->position.text = value;
	if (type_kind(b->sort->type) == KIND_INT)
		b->position.i = strtoll(value, &end, 10);
	else if (type_kind(b->sort->type) == KIND_REAL)
		b->position.real = strtod(value, &end);
	if (*end || (end == value && type_kind(b->sort->type) != KIND_TEXT) || !isfinite(b->position.real))
		return fail(b->c, ERR_CURSOR, NULL);
	return 0;
}
