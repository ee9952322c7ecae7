/* Names, reasons and values as the answers about duty write them. */
#include "domain/duty/duty_json.h"

#include "base/json.h"

void duty_write_id(struct text *t, int64_t id)
{
	if (id)
		text_format(t, "\"%lld\"", (long long)id);
	else
		text_append(t, "null");
}

void duty_write_time(struct text *t, time_ms at)
{
	if (at)
		text_format(t, "%lld", (long long)at);
	else
		text_append(t, "null");
}

/* The people asked for, and those who cover for one of them. */
int duty_write_names(struct ctx *c, const struct duty_desk *d, struct text *t)
{
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, d->n + d->roster.absence_count + 1);
	struct duty_of_people_row *rows;
	size_t n = 0, count;
	for (size_t i = 0; i < d->n; i++)
		n = duty_add_id(ids, n, d->people[i].id);
	for (size_t i = 0; i < d->roster.absence_count; i++)
		n = duty_add_id(ids, n, d->roster.absences[i].cover_id);
	text_append(t, ",\"names\":{");
	if (n)
		TRY(duty_of_people(c, ids, n, &rows, &count));
	for (size_t i = 0; n && i < count; i++) {
		text_format(t, "%s\"%lld\":", i ? "," : "", (long long)rows[i].id);
		json_text(t, rows[i].name);
	}
	text_char(t, '}');
	return 0;
}

int duty_write_reasons(struct ctx *c, struct text *t)
{
	struct break_reason *rows;
	size_t n;
	TRY(break_reasons_all(c, &rows, &n));
	text_append(t, ",\"reasons\":[");
	for (size_t i = 0; i < n; i++) {
		json_named(t, i, rows[i].id, rows[i].name);
		text_append(t, ",\"name_en\":");
		json_text(t, rows[i].name_en);
		text_format(t, ",\"limit_minutes\":%lld}", (long long)rows[i].limit_minutes);
	}
	text_char(t, ']');
	return 0;
}
