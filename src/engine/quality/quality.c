/* The rules, one function a kind. */
#include "engine/quality/quality_private.h"

#include <stdlib.h>

#include "engine/language/language.h"

enum { NOTE_BEFORE_MS = 10 * 60000, WORDS_OF_A_LANGUAGE = 3, HAN_OF_A_LANGUAGE = 2, WHOLE = 100 };

bool quality_is_said(enum quality_kind kind)
{
	return kind == QUALITY_FORBIDDEN || kind == QUALITY_PERSONAL;
}

/* What is being inspected. */
struct inspection {
	const struct quality_talk *talk;
	const struct letters *letters;          /* of each message */
	const struct quality_check *rule;
	size_t place;                           /* of the rule */
	struct quality_spot *found;
	size_t n;
	time_ms look_at;
};

static void add(struct inspection *i, size_t message, size_t from, size_t to)
{
	if (i->n < QUALITY_MOST_FINDINGS)
		i->found[i->n++] = (struct quality_spot){ i->place, i->talk->messages[message].no, from, to };
}

static bool says(const struct inspection *i, const struct quality_words *w, size_t message, size_t *from, size_t *to)
{
	return quality_find(w, i->rule->except, &i->letters[message], from, to);
}

static bool says_any(const struct inspection *i, const struct quality_words *w, size_t message)
{
	size_t from, to;
	return quality_find(w, NULL, &i->letters[message], &from, &to);
}

static bool is_from(const struct inspection *i, size_t message, enum quality_side side)
{
	const struct quality_message *m = &i->talk->messages[message];
	return m->is_public && m->side == side;
}

/* The bot answers, too; automatic words do not. */
static bool is_answer(const struct inspection *i, size_t message)
{
	return is_from(i, message, SIDE_STAFF) || is_from(i, message, SIDE_BOT);
}

static time_ms at_of(const struct inspection *i, size_t message)
{
	return i->talk->messages[message].at;
}

static time_ms end_of(const struct inspection *i)
{
	return i->talk->closed_at ? i->talk->closed_at : i->talk->now;
}

/* When the minutes that begin then are over. */
static time_ms limit_from(const struct inspection *i, time_ms from)
{
	if (!i->rule->ms)
		return FAR_FUTURE_MS;
	return i->talk->hours ? calendar_add(i->talk->hours, from, i->rule->ms, NULL) : from + i->rule->ms;
}

static void look_at(struct inspection *i, time_ms at)
{
	if (at > i->talk->now && at < i->look_at)
		i->look_at = at;
}

static bool was_done(const struct inspection *i, time_ms from, time_ms to)
{
	for (size_t k = 0; k < i->talk->done_count; k++)
		if (i->talk->done[k] >= from && i->talk->done[k] <= to)
			return true;
	return false;
}

/* What staff say ------------------------------------------------------------------------------------------------------------ */

static void opening(struct inspection *i)
{
	size_t seen = 0, first = i->talk->n;
	int64_t most = i->rule->count > 0 ? i->rule->count : 1;
	for (size_t m = 0; m < i->talk->n && (int64_t)seen < most; m++) {
		if (!is_from(i, m, SIDE_STAFF))
			continue;
		first = seen++ ? first : m;
		if (says_any(i, i->rule->words, m))
			return;
	}
	if (seen && ((int64_t)seen == most || i->talk->closed_at))
		add(i, first, 0, 0);
}

static void closing(struct inspection *i)
{
	int64_t seen = 0, most = i->rule->count > 0 ? i->rule->count : 1;
	size_t last = i->talk->n;
	if (!i->talk->closed_at)
		return;
	for (size_t m = i->talk->n; m-- > 0 && seen < most;) {
		if (!is_from(i, m, SIDE_STAFF))
			continue;
		last = seen++ ? last : m;
		if (says_any(i, i->rule->words, m))
			return;
	}
	if (seen)
		add(i, last, 0, 0);
}

static void said(struct inspection *i)
{
	size_t from, to;
	for (size_t m = 0; m < i->talk->n; m++)
		if (is_from(i, m, SIDE_STAFF) && says(i, i->rule->words, m, &from, &to))
			add(i, m, from, to);
}

/* Put down before it is said counts as well: who is quick writes the task first. */
static void promise(struct inspection *i)
{
	size_t from, to;
	for (size_t m = 0; m < i->talk->n; m++) {
		if (!is_from(i, m, SIDE_STAFF) || !says(i, i->rule->words, m, &from, &to))
			continue;
		time_ms at = at_of(i, m), until = i->rule->ms ? at + i->rule->ms : end_of(i);
		if (was_done(i, at - i->rule->ms, until))
			continue;
		if (i->rule->ms && until >= i->talk->now) {
			look_at(i, until + 1);
			continue;
		}
		if (i->rule->ms || i->talk->closed_at)
			add(i, m, from, to);
	}
}

/* What the customer asks and waits for -------------------------------------------------------------------------------------- */

/* The next message that answers her; talk->n: none. */
static size_t answer_to(const struct inspection *i, size_t message)
{
	for (size_t m = message + 1; m < i->talk->n; m++)
		if (is_answer(i, m))
			return m;
	return i->talk->n;
}

/* Not answered by the limit, or at the end. Says when to look again while that is open. */
static bool is_late(struct inspection *i, size_t answer, time_ms from)
{
	time_ms limit = limit_from(i, from);
	if (answer < i->talk->n)
		return at_of(i, answer) > limit;
	if (i->talk->closed_at)
		return true;
	if (limit < i->talk->now)
		return true;
	look_at(i, limit < FAR_FUTURE_MS ? limit + 1 : FAR_FUTURE_MS);
	return false;
}

/* Of several questions before one answer the first. */
static void unanswered(struct inspection *i)
{
	size_t from, to;
	for (size_t m = 0; m < i->talk->n; m++) {
		if (!is_from(i, m, SIDE_CUSTOMER) || !says(i, i->rule->words, m, &from, &to))
			continue;
		size_t answer = answer_to(i, m);
		if (is_late(i, answer, at_of(i, m)))
			add(i, m, from, to);
		m = answer;
	}
}

/* Her wait for somebody who has the conversation: before, it is the queue's. Closed while she waited, it lasted until then. */
static void silence(struct inspection *i)
{
	for (size_t m = 0; i->talk->taken_at && i->rule->ms && m < i->talk->n; m++) {
		if (!is_from(i, m, SIDE_CUSTOMER))
			continue;
		size_t answer = answer_to(i, m);
		time_ms from = at_of(i, m) > i->talk->taken_at ? at_of(i, m) : i->talk->taken_at, limit = limit_from(i, from);
		time_ms until = answer < i->talk->n ? at_of(i, answer) : end_of(i);
		if (until > limit)
			add(i, m, 0, 0);
		else if (answer == i->talk->n && !i->talk->closed_at)
			look_at(i, limit < FAR_FUTURE_MS ? limit + 1 : FAR_FUTURE_MS);
		m = answer;
	}
}

/* One of the answers by the bot or by staff behind message m, within the limit; of danger at once, so no calendar is asked. */
static bool is_told(const struct inspection *i, size_t message, time_ms limit)
{
	for (size_t m = message + 1; m < i->talk->n; m++)
		if (is_answer(i, m) && at_of(i, m) <= limit && says_any(i, i->rule->answers, m))
			return true;
	return false;
}

static void safety(struct inspection *i)
{
	size_t from, to;
	for (size_t m = 0; m < i->talk->n; m++) {
		if (!is_from(i, m, SIDE_CUSTOMER) || !says(i, i->rule->words, m, &from, &to))
			continue;
		time_ms limit = i->rule->ms ? at_of(i, m) + i->rule->ms : FAR_FUTURE_MS;
		if (is_told(i, m, limit))
			return;
		if (i->talk->closed_at || limit < i->talk->now)
			add(i, m, from, to);
		else
			look_at(i, limit < FAR_FUTURE_MS ? limit + 1 : FAR_FUTURE_MS);
		return;
	}
}

/* A need that she names is met by what is said of it, or by what is put down to be done. */
static void need(struct inspection *i)
{
	size_t from, to;
	for (size_t m = 0; i->talk->closed_at && m < i->talk->n; m++) {
		if (!is_from(i, m, SIDE_CUSTOMER) || !says(i, i->rule->words, m, &from, &to))
			continue;
		if (!is_told(i, m, FAR_FUTURE_MS) && !was_done(i, at_of(i, m), i->talk->now))
			add(i, m, from, to);
		return;
	}
}

/* Language, hand-over ------------------------------------------------------------------------------------------------------- */

enum language { LANGUAGE_NONE, LANGUAGE_CHINESE, LANGUAGE_ENGLISH, LANGUAGE_BOTH };

/* Model numbers and brands are no language. */
static enum language tongue_of(const char *text)
{
	struct language_signs s = language_signs(text ? text : "");
	bool chinese = s.han >= HAN_OF_A_LANGUAGE, english = s.words >= WORDS_OF_A_LANGUAGE;
	return chinese && english ? LANGUAGE_BOTH : chinese ? LANGUAGE_CHINESE : english ? LANGUAGE_ENGLISH : LANGUAGE_NONE;
}

static void language(struct inspection *i)
{
	enum language hers = LANGUAGE_NONE;
	for (size_t m = 0; m < i->talk->n; m++) {
		enum language l = tongue_of(i->talk->messages[m].text);
		if (is_from(i, m, SIDE_CUSTOMER) && l != LANGUAGE_NONE)
			hers = l;
		bool other = (hers == LANGUAGE_CHINESE && l == LANGUAGE_ENGLISH) || (hers == LANGUAGE_ENGLISH && l == LANGUAGE_CHINESE);
		if (is_from(i, m, SIDE_STAFF) && other)
			add(i, m, 0, 0);
	}
}

static bool noted_before(const struct inspection *i, const struct quality_transfer *t)
{
	for (size_t m = 0; m < i->talk->n; m++) {
		const struct quality_message *k = &i->talk->messages[m];
		if (!k->is_public && k->side == SIDE_STAFF && k->by == t->by && k->at < t->at && k->at >= t->at - NOTE_BEFORE_MS)
			return true;
	}
	return false;
}

/* The finding stands at the last message before it. */
static void transfer(struct inspection *i)
{
	for (size_t k = 0; k < i->talk->transfer_count; k++) {
		const struct quality_transfer *t = &i->talk->transfers[k];
		size_t at = 0;
		if (t->noted || noted_before(i, t) || !i->talk->n)
			continue;
		for (size_t m = 0; m < i->talk->n; m++)
			at = i->talk->messages[m].at <= t->at && i->talk->messages[m].is_public ? m : at;
		add(i, at, 0, 0);
	}
}

/* All together -------------------------------------------------------------------------------------------------------------- */

/* Is not for rules to see. */
static void nothing(struct inspection *i)
{
}

static void (*const judges[QUALITY_KINDS])(struct inspection *i) = {
	[QUALITY_OPENING] = opening, [QUALITY_CLOSING] = closing, [QUALITY_FORBIDDEN] = said, [QUALITY_PROMISE] = promise, [QUALITY_UNANSWERED] = unanswered, [QUALITY_SILENCE] = silence,
	[QUALITY_SAFETY] = safety, [QUALITY_PERSONAL] = said, [QUALITY_LANGUAGE] = language, [QUALITY_TRANSFER] = transfer, [QUALITY_NEED] = need,
	[QUALITY_ASKED] = nothing,
};

static int by_message(const void *a, const void *b)
{
	const struct quality_spot *x = a, *y = b;
	if (x->no != y->no)
		return x->no < y->no ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

size_t quality_inspect(struct arena *a, const struct quality_talk *talk, const struct quality_check *rules, size_t n, struct quality_spot **out, time_ms *look)
{
	struct letters *letters = ARENA_ARRAY(a, struct letters, talk->n + 1);
	struct inspection i = { .talk = talk, .letters = letters, .found = ARENA_ARRAY(a, struct quality_spot, QUALITY_MOST_FINDINGS), .look_at = FAR_FUTURE_MS };
	for (size_t m = 0; m < talk->n; m++)
		letters[m] = quality_letters(a, talk->messages[m].text);
	for (size_t k = 0; k < n; k++) {
		i.rule = &rules[k];
		i.place = k;
		judges[rules[k].kind](&i);
	}
	qsort(i.found, i.n, sizeof(*i.found), by_message);
	*out = i.found;
	*look = i.look_at;
	return i.n;
}

int64_t quality_score(const struct quality_spot *findings, size_t n, const struct quality_check *rules, const bool *counts, bool *fatal)
{
	int64_t score = WHOLE;
	*fatal = false;
	for (size_t k = 0; k < n; k++) {
		if (counts && !counts[k])
			continue;
		*fatal |= rules[findings[k].rule].fatal;
		score -= rules[findings[k].rule].weight;
	}
	return *fatal || score < 0 ? 0 : score;
}
