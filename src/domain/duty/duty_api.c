/* Who is on duty, and what somebody says of herself. */

#include "base/json.h"
#include "core/api/api.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "domain/duty/duty.h"
#include "domain/duty/duty_json.h"

/* Who is there ---------------------------------------------------------------------------------------------------------------- */

enum { PAGE = 100 };

struct duty_in {
	int64_t team_id, at, after;
};
static const struct member duty_members[] = {
	MEMBER(struct duty_in, team_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct duty_in, at, time_ms, .flags = MEMBER_NULLABLE),
	MEMBER(struct duty_in, after, ref, .flags = MEMBER_NULLABLE),
};
static const struct shape duty_shape = SHAPE("duty_query", struct duty_in, duty_members);

int duty_page(struct ctx *c, enum duty_of whose, int64_t team_id, int64_t after, size_t most, struct duty_person **people, size_t *n, int64_t *next)
{
	struct duty_people_after_row *all = NULL;
	struct duty_team_after_row *team = NULL;
	size_t found;
	if (whose == TEAM)
		TRY(duty_team_after(c, team_id, after, (int64_t)most + 1, &team, &found));
	else
		TRY(duty_people_after(c, after, (int64_t)most + 1, &all, &found));
	*people = ARENA_ARRAY(c->arena, struct duty_person, most + 1);
	*n = 0;
	*next = 0;
	for (size_t i = 0; i < found; i++) {
		struct duty_person p = team ? (struct duty_person){ team[i].id, team[i].team_id, team[i].name } : (struct duty_person){ all[i].id, all[i].team_id, all[i].name };
		const struct scope_place place = { .owner = p.id, .team = p.team_id };
		if (i == most) {
			*next = team ? team[i - 1].id : all[i - 1].id;
			break;
		}
		if (scope_covers_place(c->auth, model_of(c, &shift_record), &place))
			(*people)[(*n)++] = p;
	}
	return 0;
}

static const char *const word_names[] = { [DUTY_UNSAID] = "on", [DUTY_ON] = "on", [DUTY_BREAK] = "break", [DUTY_OFF] = "off" };

static const struct attendance *said_at(const struct duty_desk *d, int64_t user_id, time_ms at)
{
	for (size_t i = 0; i < d->roster.said_count; i++)
		if (d->said[i].user_id == user_id && d->said[i].from_at <= at && at < d->said[i].to_at)
			return &d->said[i];
	return NULL;
}

/* {"user_id","for_id","state","since","until","reason_id"}: since and until as far as they are known, else null. */
static void write_place(struct text *t, const struct duty_desk *d, const struct duty_place *p, time_ms at)
{
	const struct attendance *said = said_at(d, p->user_id, at);
	const struct duty_shift *shift = duty_shift_at(&d->roster, p->for_id, at);
	text_format(t, "{\"user_id\":\"%lld\",\"for_id\":", (long long)p->user_id);
	duty_write_id(t, p->for_id == p->user_id ? 0 : p->for_id);
	text_format(t, ",\"state\":\"%s\",\"since\":", word_names[p->word]);
	duty_write_time(t, said ? said->from_at : shift ? shift->at.from : 0);
	text_append(t, ",\"until\":");
	duty_write_time(t, shift ? shift->at.to : said ? said->to_at : 0);
	text_append(t, ",\"reason_id\":");
	duty_write_id(t, said && p->word == DUTY_BREAK ? said->reason_id : 0);
	text_char(t, '}');
}

static void write_absent(struct text *t, const struct duty_desk *d, time_ms at)
{
	size_t shown = 0;
	for (size_t i = 0; i < d->n; i++) {
		const struct duty_absence *a = duty_absence_at(&d->roster, d->people[i].id, at);
		if (!a)
			continue;
		text_format(t, "%s{\"user_id\":\"%lld\",\"until\":%lld,\"cover_id\":", shown++ ? "," : "", (long long)a->user_id, (long long)a->at.to);
		duty_write_id(t, a->cover_id);
		text_char(t, '}');
	}
}

static int who(struct ctx *c, const void *arg, void *out)
{
	const struct duty_in *in = arg;
	struct duty_person *people;
	struct duty_desk d;
	size_t n;
	int64_t next, team = in->team_id > 0 ? in->team_id : 0;
	time_ms at = in->at > 0 ? in->at : c->now;
	TRY(duty_page(c, team ? TEAM : EVERYBODY, team, in->after > 0 ? in->after : 0, PAGE, &people, &n, &next));
	TRY(duty_load(c, people, n, at, at + 1, &d));
	struct duty_place *places = ARENA_ARRAY(c->arena, struct duty_place, 2 * n + 1);
	size_t count = duty_places(&d.roster, d.members, n, at, places);
	struct text t = text_in(c->arena);
	text_format(&t, "{\"at\":%lld,\"items\":[", (long long)at);
	for (size_t i = 0; i < count; i++) {
		text_append(&t, i ? "," : "");
		write_place(&t, &d, &places[i], at);
	}
	text_append(&t, "],\"absent\":[");
	write_absent(&t, &d, at);
	text_char(&t, ']');
	TRY(duty_write_names(c, &d, &t));
	TRY(duty_write_reasons(c, &t));
	text_append(&t, ",\"next\":");
	duty_write_id(&t, next);
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* I myself ------------------------------------------------------------------------------------------------------------------- */

/* The one who holds a token may be no person with shifts; she is asked as herself all the same. */
static int load_self(struct ctx *c, struct duty_person *self, struct duty_desk *d)
{
	struct user_account user;
	TRY(user_account_row_get(c, c->auth->user_id, &user));
	*self = (struct duty_person){ user.id, user.team_id, user.name };
	return duty_load(c, self, 1, c->now, c->now + 8 * DAY_MS, d);
}

static const struct duty_shift *next_shift(const struct duty_desk *d, int64_t user_id, time_ms now)
{
	const struct duty_shift *best = NULL;
	for (size_t i = 0; i < d->roster.shift_count; i++) {
		const struct duty_shift *s = &d->roster.shifts[i];
		if (s->user_id == user_id && s->at.from > now && s->at.from < s->at.to && (!best || s->at.from < best->at.from))
			best = s;
	}
	return best;
}

static void write_span(struct text *t, const char *name, const struct time_span *s)
{
	if (s && s->to)
		text_format(t, ",\"%s\":{\"from_at\":%lld,\"to_at\":%lld}", name, (long long)s->from, (long long)s->to);
	else
		text_format(t, ",\"%s\":null", name);
}

/* state: what counts now, with what was said before what is planned. */
static int write_self(struct ctx *c, struct text *t)
{
	struct duty_person self;
	struct duty_desk d;
	struct attendance held;
	struct time_span now = { 0 };
	TRY(load_self(c, &self, &d));
	TRY(duty_said_now(c, self.id, &held));
	TRY(duty_shift_now(c, self.id, &now));
	const struct duty_absence *absence = duty_absence_at(&d.roster, self.id, c->now);
	bool there = now.to || (!d.members[0].is_planned && !absence);
	text_format(t, "{\"state\":\"%s\",\"said\":%s,\"planned\":%s,\"since\":", held.id ? held.state : there ? "on" : "off", held.id ? "true" : "false",
	            d.members[0].is_planned ? "true" : "false");
	duty_write_time(t, held.id ? held.from_at : now.from);
	text_append(t, ",\"until\":");
	duty_write_time(t, held.id ? held.to_at : now.to);
	text_append(t, ",\"reason_id\":");
	duty_write_id(t, held.id && text_equal(held.state, "break") ? held.reason_id : 0);
	write_span(t, "shift", &now);
	const struct duty_shift *next = next_shift(&d, self.id, c->now);
	write_span(t, "next", next ? &next->at : NULL);
	write_span(t, "absence", absence ? &absence->at : NULL);
	return duty_write_reasons(c, t);
}

static int me(struct ctx *c, const void *in, void *out)
{
	struct text t = text_in(c->arena);
	TRY(write_self(c, &t));
	text_format(&t, ",\"now\":%lld}", (long long)c->now);
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct say_in {
	const char *state;
	int64_t reason_id;
};
static const struct member say_members[] = {
	MEMBER(struct say_in, state, code, .flags = MEMBER_REQUIRED, .choices = attendance_states),
	MEMBER(struct say_in, reason_id, ref, .flags = MEMBER_NULLABLE),
};
static const struct shape say_shape = SHAPE("duty_say", struct say_in, say_members);

static int check_reason(struct ctx *c, int64_t reason_id)
{
	struct break_reason reason;
	struct error before = *c->error;
	int r = reason_id > 0 ? break_reason_row_get(c, reason_id, &reason) : ERR_NOT_FOUND;
	if (r != 0 && r != ERR_NOT_FOUND)
		return r;
	error_take_back(c->error, &before);
	if (r == 0 && !reason.archived_at)
		return 0;
	return fail_field(c, "reason_id", reason_id > 0 ? ERR_FIELD_REFERENCE : ERR_FIELD_REQUIRED, NULL);
}

/* Saying twice what holds already changes nothing: its time goes on. */
static int say(struct ctx *c, const void *arg, void *out)
{
	const struct say_in *in = arg;
	struct attendance held;
	bool is_break = text_equal(in->state, "break");
	int64_t reason = is_break && in->reason_id > 0 ? in->reason_id : 0;
	if (is_break || in->reason_id > 0)
		TRY(check_reason(c, in->reason_id));
	TRY(duty_said_now(c, c->auth->user_id, &held));
	if (!held.id || !text_equal(held.state, in->state) || held.reason_id != reason || !text_equal(held.cause, "said"))
		TRY(duty_say(c, &(struct duty_say){ .user_id = c->auth->user_id, .state = in->state, .reason_id = reason, .cause = "said" }));
	return me(c, NULL, out);
}

const struct route duty_routes[] = {
	ROUTE(GET, "/api/v1/duty", "shift.read", POOL, .in = &duty_shape, .out = &raw_shape, .run = who, .zh = "此刻或某一时刻谁在岗", .en = "Who is on duty now or at a time"),
	ROUTE(GET, "/api/v1/duty/me", FOR_STAFF, POOL, .out = &raw_shape, .run = me, .zh = "本人的在岗状态", .en = "My own duty"),
	ROUTE(POST, "/api/v1/duty/me", FOR_STAFF, WRITE, .body = BODY_JSON, .in = &say_shape, .out = &raw_shape, .run = say, .zh = "选择在岗、小休或离岗", .en = "Say that I am on duty, on a break or off"),
};
const size_t duty_route_count = sizeof(duty_routes) / sizeof(duty_routes[0]);
