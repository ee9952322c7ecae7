/* JSON out: rows written along their shape. Nothing here can fail; texts are valid UTF-8 because reading made sure. */
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"

void json_text(struct text *t, const char *s)
{
	static const char digits[] = "0123456789abcdef";
	if (!s) {
		text_append(t, "null");
		return;
	}
	text_char(t, '"');
	const char *run = s;
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		text_append_n(t, run, (size_t)(s - run));
		run = s + 1;
		char escaped[6] = { '\\', 'u', '0', '0', digits[c >> 4], digits[c & 15] };
		if (c == '"' || c == '\\')
			text_append_n(t, (char[]){ '\\', (char)c }, 2);
		else if (c == '\n')
			text_append(t, "\\n");
		else if (c == '\t')
			text_append(t, "\\t");
		else
			text_append_n(t, escaped, sizeof(escaped));
	}
	text_append_n(t, run, (size_t)(s - run));
	text_char(t, '"');
}

void json_label(struct text *t, const char *zh, const char *en)
{
	text_append(t, "{\"zh\":");
	json_text(t, zh);
	text_append(t, ",\"en\":");
	json_text(t, text_empty(en) ? zh : en);
	text_char(t, '}');
}

void json_named(struct text *t, size_t before, int64_t id, const char *name)
{
	text_format(t, "%s{\"id\":\"%lld\",\"name\":", before ? "," : "", (long long)id);
	json_text(t, name);
}

static void write_int(struct text *t, enum type type, int64_t value)
{
	char day[16];
	if (value == NULL_INT || (type == TYPE_ref && value == 0)) {
		text_append(t, "null");
	} else if (type == TYPE_id || type == TYPE_tenant_id || type == TYPE_key_id || type == TYPE_ref) {
		text_char(t, '"');
		text_int(t, value);
		text_char(t, '"');
	} else if (type == TYPE_day) {
		day_format(value, day);
		json_text(t, day);
	} else if (type == TYPE_flag) {
		text_append(t, value ? "true" : "false");
	} else {
		text_int(t, value);
	}
}

/* The shortest of two precisions that reads back as the same number; JSON has neither NaN nor infinity. */
static void write_real(struct text *t, double value)
{
	char digits[40];
	if (!isfinite(value)) {
		text_append(t, "null");
		return;
	}
	snprintf(digits, sizeof(digits), "%.15g", value);
	if (strtod(digits, NULL) != value)
		snprintf(digits, sizeof(digits), "%.17g", value);
	text_append(t, digits);
}

static void write_list(struct text *t, const struct member *m, const struct list *list)
{
	size_t size = m->shape ? m->shape->size : type_kind(m->item) == KIND_BYTES ? sizeof(struct bytes) : sizeof(int64_t);
	struct member item = { .name = m->name, .type = m->item };
	text_char(t, '[');
	for (size_t i = 0; i < list->n; i++) {
		const char *row = (const char *)list->at + i * size;
		if (i)
			text_char(t, ',');
		if (m->shape)
			json_write(t, m->shape, row);
		else
			json_member(t, &item, row);
	}
	text_char(t, ']');
}

void json_member(struct text *t, const struct member *m, const void *row)
{
	const void *at = (const char *)row + m->offset;
	switch (type_kind(m->type)) {
	case KIND_INT:
		write_int(t, m->type, *(const int64_t *)at);
		break;
	case KIND_REAL:
		write_real(t, *(const double *)at);
		break;
	case KIND_TEXT: {
		const char *s = *(const char *const *)at;
		if (s && (m->type == TYPE_json || m->type == TYPE_raw))
			text_append(t, s);
		else
			json_text(t, s);
		break;
	}
	case KIND_BYTES: {
		const struct bytes *b = at;
		json_text(t, b->p && m->type != TYPE_sealed ? base64(t->arena, b->p, b->n) : NULL);
		break;
	}
	case KIND_SHAPE: {
		const void *inner = *(const void *const *)at;
		if (inner && m->shape)
			json_write(t, m->shape, inner);
		else
			text_append(t, "null");
		break;
	}
	case KIND_LIST:
		write_list(t, m, at);
		break;
	}
}

void json_write(struct text *t, const struct shape *shape, const void *row)
{
	char before = '{';
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *m = &shape->members[i];
		if ((m->flags & MEMBER_SECRET) || m->type == TYPE_sealed)
			continue;
		text_char(t, before);
		before = ',';
		json_text(t, m->name);
		text_char(t, ':');
		json_member(t, m, row);
	}
	if (before == '{')
		text_char(t, '{');
	text_char(t, '}');
}
