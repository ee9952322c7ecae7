/* What people say of themselves: on duty, on a break, off. Each word knows from the beginning when it lapses, so neither a restart nor a browser
 * that was simply closed leaves one behind. */
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/duty/duty.h"

static int words_since(struct ctx *c, int64_t user_id, struct attendance **rows, size_t *n)
{
	return said_of_user(c, user_id, c->now > DUTY_WORD_MOST_MS ? c->now - DUTY_WORD_MOST_MS : 0, rows, n);
}

int duty_said_now(struct ctx *c, int64_t user_id, struct attendance *held)
{
	struct attendance *rows;
	size_t n;
	*held = (struct attendance){ 0 };
	TRY(words_since(c, user_id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (rows[i].from_at <= c->now && c->now < rows[i].to_at)
			*held = rows[i];
	return 0;
}

/* She, and those for whom she covers now. */
static int people_around(struct ctx *c, int64_t user_id, struct duty_person **people, size_t *n)
{
	struct absence *absences;
	size_t count, ids = 1;
	TRY(absences_between(c, c->now, c->now + 1, &absences, &count));
	int64_t *around = ARENA_ARRAY(c->arena, int64_t, count + 1);
	around[0] = user_id;
	for (size_t i = 0; i < count; i++)
		if (absences[i].cover_id == user_id)
			around[ids++] = absences[i].user_id;
	return duty_people_of_ids(c, around, ids, people, n);
}

int duty_shift_now(struct ctx *c, int64_t user_id, struct time_span *s)
{
	struct duty_person *people;
	struct duty_desk d;
	size_t n;
	*s = (struct time_span){ 0 };
	TRY(people_around(c, user_id, &people, &n));
	TRY(duty_load(c, people, n, c->now, c->now + 1, &d));
	for (size_t i = 0; i < n; i++) {
		const struct duty_shift *shift = duty_shift_at(&d.roster, people[i].id, c->now);
		if (shift && duty_holder(&d.roster, people[i].id, c->now) == user_id && shift->at.to > s->to)
			*s = shift->at;
	}
	return 0;
}

/* What holds now, or would later (the clock may have been put back), ends. */
static int end_words(struct ctx *c, int64_t user_id)
{
	struct attendance *rows;
	size_t n;
	TRY(words_since(c, user_id, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].to_at <= c->now || rows[i].to_at <= rows[i].from_at)
			continue;
		struct attendance old = rows[i];
		rows[i].to_at = old.from_at > c->now ? old.from_at : c->now;
		TRY(record_update(c, &attendance_record, &old, &rows[i], "attendance.ended", NULL, NULL));
	}
	return 0;
}

int duty_say(struct ctx *c, const struct duty_say *say)
{
	struct user_account user;
	struct time_span shift;
	TRY(user_account_row_get(c, say->user_id, &user));
	TRY(duty_shift_now(c, user.id, &shift));
	TRY(end_words(c, user.id));
	struct attendance row = {
		.tenant = c->tenant, .id = new_id(c), .user_id = user.id, .team_id = user.team_id, .state = say->state, .reason_id = say->reason_id,
		.cause = say->cause, .from_at = c->now, .to_at = shift.to ? shift.to : c->now + setting_ms(c, SETTING_SHIFT_SAID_LIFE),
	};
	return record_insert(c, &attendance_record, &row);
}

/* Whoever signs out in her shift, or while something that she said holds, is off until she comes back. */
int duty_say_left(struct ctx *c, int64_t user_id)
{
	struct sessions_of_user_row *others;
	struct attendance held;
	struct time_span shift;
	size_t n;
	TRY(sessions_of_user(c, user_id, c->now, &others, &n));
	if (n)
		return 0;
	TRY(duty_said_now(c, user_id, &held));
	TRY(duty_shift_now(c, user_id, &shift));
	if (text_equal(held.state, "off") || (!held.id && !shift.to))
		return 0;
	return duty_say(c, &(struct duty_say){ .user_id = user_id, .state = "off", .cause = "signed_out" });
}

int duty_say_came(struct ctx *c, int64_t user_id)
{
	struct attendance held;
	TRY(duty_said_now(c, user_id, &held));
	return held.id && text_equal(held.cause, "signed_out") ? end_words(c, user_id) : 0;
}
