/* A program over one row: from step to step until an arrow ends. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/expr/expr_program.h"

/* ---- numbers ---- */

static inline bool is_there(int64_t i, unsigned none)
{
	return i != NULL_INT && !(i == 0 && (none & EXPR_NONE_ZERO)) && !(i == FAR_FUTURE_MS && (none & EXPR_NONE_FAR));
}

static inline int64_t int_at(const void *row, uint32_t offset)
{
	return *(const int64_t *)((const char *)row + offset);
}

static bool in_spans(const struct expr_bound *b, const struct step *s, const void *row)
{
	int64_t i = int_at(row, s->offset);
	const struct span *span = b->spans + s->first;
	for (size_t k = 0; k < s->count; k++)
		if (i >= span[k].first && i <= span[k].last)
			return is_there(i, s->none);
	return false;
}

static bool between(const struct expr_bound *b, const struct step *s, const void *row, const void *other)
{
	int64_t x = int_at(row, s->offset), y = other ? int_at(other, s->other_offset) : NULL_INT;
	if (!is_there(x, s->none) || !is_there(y, s->other_none))
		return false;
	__int128 difference = (__int128)x - y;
	const struct span *span = b->spans + s->first;
	return difference >= (span->first == SPAN_FROM ? difference : span->first) && difference <= (span->last == SPAN_TO ? difference : span->last);
}

static bool compare_real(double x, enum expr_op op, double y)
{
	switch (op) {
	case ATOM_LESS:     return x < y;
	case ATOM_AT_MOST:  return x <= y;
	case ATOM_MORE:     return x > y;
	case ATOM_AT_LEAST: return x >= y;
	default:            return x == y;
	}
}

static inline double real_at(const void *row, uint32_t offset)
{
	return *(const double *)((const char *)row + offset);
}

/* ---- texts ---- */

static inline char lower(char c)
{
	return (unsigned char)(c - 'A') < 26 ? (char)(c + 32) : c;
}

static inline const char *text_at(const void *row, uint32_t offset)
{
	return *(const char *const *)((const char *)row + offset);
}

static bool starts_folded(const char *s, const char *folded)
{
	for (; *folded; s++, folded++)
		if (lower(*s) != *folded)
			return false;
	return true;
}

static bool is_folded(const char *s, const char *folded)
{
	for (; *folded; s++, folded++)
		if (lower(*s) != *folded)
			return false;
	return !*s;
}

static bool contains_folded(const char *s, const char *folded)
{
	for (; *s; s++)
		if (lower(*s) == *folded && starts_folded(s, folded))
			return true;
	return false;
}

static bool text_passes(const struct step *s, const char *text, const char *wanted)
{
	switch ((enum step_code)s->code) {
	case STEP_CODE:          return !strcmp(text, wanted);
	case STEP_FOLD:          return is_folded(text, wanted);
	case STEP_CODE_CONTAINS: return strstr(text, wanted) != NULL;
	case STEP_FOLD_CONTAINS: return contains_folded(text, wanted);
	case STEP_CODE_STARTS:   return !strncmp(text, wanted, strlen(wanted));
	default:                 return starts_folded(text, wanted);
	}
}

static bool text_holds(const struct expr_bound *b, const struct step *s, const char *text)
{
	const char *const *wanted = b->program->texts + s->first;
	if (!text || !*text)
		return false;
	if (s->code == STEP_TEXT_PRESENT)
		return true;
	for (size_t i = 0; i < s->count; i++)
		if (text_passes(s, text, wanted[i]))
			return true;
	return false;
}

/* ---- sets ---- */

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool set_holds(const struct expr_bound *b, const struct step *s, const struct expr_set *set)
{
	const char *const *wanted = b->program->texts + s->first;
	size_t found = 0;
	if (!set->n)
		return false;
	if (s->code == STEP_SET_PRESENT)
		return true;
	for (size_t i = 0; i < s->count; i++)
		found += bsearch(&wanted[i], set->texts, set->n, sizeof(*set->texts), compare_texts) != NULL;
	return s->code == STEP_SET_ALL ? found == s->count : found > 0;
}

/* ---- steps ---- */

static inline bool holds(const struct expr_bound *b, const struct step *s, const void *const *rows, const struct expr_set *sets)
{
	if (s->code >= STEP_SET_ANY)
		return set_holds(b, s, &sets[s->row]);
	const void *row = rows[s->row];
	if (!row)
		return false;
	switch ((enum step_code)s->code) {
	case STEP_SPAN:         return in_spans(b, s, row);
	case STEP_BETWEEN:      return between(b, s, row, rows[s->other_row]);
	case STEP_REAL:         return compare_real(real_at(row, s->offset), (enum expr_op)s->op, b->program->reals[s->first]);
	case STEP_REAL_PRESENT: return !isnan(real_at(row, s->offset));
	default:                return text_holds(b, s, text_at(row, s->offset));
	}
}

bool expr_holds(const struct expr_bound *b, const void *const *rows, const struct expr_set *sets)
{
	const struct step *steps = b->program->steps;
	uint16_t at = b->program->start;
	while (at < STEP_FAILS) {
		const struct step *s = &steps[at];
		at = holds(b, s, rows, sets) ? s->yes : s->no;
	}
	return at == STEP_HOLDS;
}
