/* From rows to what is asked of every object. A promise that no longer compiles is left out and told in the log. */
#include "core/promise/promise_set.h"

#include <math.h>
#include <string.h>

#include "core/auth/auth.h"
#include "core/services.h"
#include "gen/promise_sql.h"

#define CLOCK_PREFIX "clock_"

const struct promise_source *promise_source_of(struct ctx *c, const char *object)
{
	for (const struct promise_source *const *s = c->services->promise_sources; s && *s; s++)
		if (text_equal((*s)->record->name, object))
			return *s;
	return NULL;
}

static bool find_measure(struct ready_promise *p)
{
	const char *code = p->row->measure;
	for (const struct promise_measure *m = p->source->measures; m && m->code; m++)
		if (text_equal(m->code, code)) {
			p->measure = m;
			p->unit = m->unit;
			return true;
		}
	if (strncmp(code, CLOCK_PREFIX, strlen(CLOCK_PREFIX)) || !p->source->record->measures)
		return false;
	p->clock = code + strlen(CLOCK_PREFIX);         /* perhaps one of the company's own: without such clocks there are no cases */
	p->unit = PROMISE_DURATION;
	return true;
}

int promise_ready(struct ctx *c, struct arena *a, const struct promise *row, struct ready_promise *out)
{
	struct ctx all = ctx_as_system(c);
	struct promise *own = ARENA_NEW(a, struct promise);
	all.arena = a;
	*own = *row;
	own->measure = arena_string(a, row->measure);
	own->condition = arena_string(a, row->condition);
	own->name = arena_string(a, row->name);
	own->name_en = arena_string(a, row->name_en);
	own->meaning = arena_string(a, row->meaning);
	own->meaning_en = arena_string(a, row->meaning_en);
	own->code = arena_string(a, row->code);
	own->area = arena_string(a, row->area);
	own->period = arena_string(a, row->period);
	*out = (struct ready_promise){ .row = own, .source = promise_source_of(c, row->object) };
	if (!out->source)
		return fail_field(c, "object", ERR_FIELD_INVALID, "");
	own->object = out->source->record->name;
	if (!find_measure(out))
		return fail_field(c, "measure", ERR_FIELD_REFERENCE, NULL);
	own->unit = out->unit == PROMISE_SHARE ? "share" : "duration";
	own->direction = out->unit == PROMISE_SHARE ? "least" : "most";
	out->target = llround(row->target * (out->unit == PROMISE_SHARE ? 100 : MINUTE_MS));
	return condition_compile(&all, a, model_of(c, out->source->record), own->condition, &out->when);
}

static int compile(struct ctx *c, struct definition_set *set)
{
	struct promise_set *s = (struct promise_set *)set;
	struct promise *rows;
	size_t n;
	if (!set->stamp)
		return 0;
	TRY(promises_all(c, &rows, &n));
	s->at = ARENA_ARRAY(set->arena, struct ready_promise, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct error error = { 0 };
		struct ctx own = *c;
		own.error = &error;
		if (promise_ready(&own, set->arena, &rows[i], &s->at[s->n]) == 0)
			s->n++;
		else
			log_write(c->log, LOG_ERROR, "a promise cannot be measured any more", "promise", rows[i].code, "code", error_name(error.code), NULL);
	}
	return 0;
}

int promise_set_take(struct ctx *c, struct promise_set **out)
{
	struct definition_set *set = NULL;
	int r = definition_take(c, DEFINITION_PROMISE, sizeof(**out), compile, &set);
	*out = (struct promise_set *)set;
	return r;
}

const struct ready_promise *promise_set_find(const struct promise_set *s, int64_t id)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->at[i].row->id == id)
			return &s->at[i];
	return NULL;
}
