/* What a count follows from, and the two numbers as a text. */
#include "core/list/count_shared.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/auth/auth.h"
#include "core/record/narrowing.h"
#include "core/services.h"

const struct shared_options count_sharing = { .rows = 1024, .ways = 8, .age = SHARED_NOW };

static bool is_of_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* `me`, `my_team`, `my_region`: one too many found costs sharing, one too few would show another person's number. */
static bool names_the_actor(const char *text)
{
	for (const char *p = text; p && (p = strchr(p, 'm')); p++) {
		bool begins = p == text || !is_of_word(p[-1]);
		if (begins && (!strncmp(p, "my_", 3) || (p[1] == 'e' && !is_of_word(p[2]))))
			return true;
	}
	return false;
}

static void add(struct text *t, const char *part)
{
	text_append(t, part ? part : "");
	text_char(t, '\n');
}

/* The conditions of the role; true when one speaks of who reads. */
static bool add_narrowing(struct text *t, struct ctx *c, const struct narrowing *narrowing)
{
	bool is_own = false;
	for (size_t i = 0; narrowing && i < narrowing->n; i++) {
		const struct narrowing_rule *r = &narrowing->rules[i];
		const char *where = r->e.root ? expr_print(c->arena, &r->e) : "false";
		add(t, r->m->record->name);
		add(t, where);
		is_own |= names_the_actor(where);
	}
	return is_own;
}

/* Scopes below all rows hold the actor's own ones, so no two people share them. */
static struct shared_question question(struct ctx *c, const struct record *record, const struct list_query *q, int64_t max_age_ms)
{
	const struct auth *a = c->auth;
	struct text t = text_in(c->arena);
	text_format(&t, "%lld\n", (long long)q->archived);
	add(&t, record->name);
	add(&t, q->filter);
	add(&t, q->condition);
	add(&t, q->cell);
	add(&t, q->q);
	bool is_own = names_the_actor(q->filter) || names_the_actor(q->condition);
	if (a)
		is_own |= add_narrowing(&t, c, a->narrowing) || a->scope != SCOPE_ALL || record->audience;
	return (struct shared_question){ .what = text_end(&t), .life_ms = max_age_ms, .who = is_own ? SHARED_BY_PERSON : SHARED_BY_ROLE };
}

struct counting {
	const struct record *record;
	const struct list_query *query;
};

static int make(struct ctx *c, void *arg, struct text *out)
{
	const struct counting *k = arg;
	int64_t n, more;
	TRY(list_count(c, k->record, k->query, &n, &more));
	text_format(out, "%lld %lld", (long long)n, (long long)more);
	return 0;
}

int list_count_shared(struct ctx *c, const struct record *record, const struct list_query *q, int64_t max_age_ms, int64_t *n, int64_t *more)
{
	struct counting k = { record, q };
	const char *answer;
	char *end;
	if (!c->services->counts || max_age_ms <= 0)
		return list_count(c, record, q, n, more);
	const struct shared_question asked = question(c, record, q, max_age_ms);
	TRY(shared_answer(c, c->services->counts, &asked, make, &k, &answer));
	*n = strtoll(answer, &end, 10);
	*more = strtoll(end, NULL, 10);
	return 0;
}
