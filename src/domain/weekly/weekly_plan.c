/* When a report is due, to whom it goes, and what became of it. The job of a slot sends the report of the week before that slot, to every
 * receiver who has not had it, and names the next slot. A server that was down sends the newest one when it is back, and none before it. */
#include "domain/weekly/weekly.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/auth/sign_in.h"
#include "core/notify/sender.h"
#include "core/notify/staff.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "core/upkeep.h"
#include "db/follower.h"
#include "db/writer.h"
#include "gen/job_sql.h"
#include "gen/schema.h"
#include "gen/weekly_sql.h"

enum { THURSDAY_TO_MONDAY = 3, WEEK_DAYS = 7, ERROR_CHARACTERS = 80, MADE_MOST = 2000000, LATE_MS = 5000, PATIENCE_MS = 20000 };

/* Slots (pure) --------------------------------------------------------------------------------------------------------- */

static int64_t monday_of(int64_t day)
{
	return day - ((day + THURSDAY_TO_MONDAY) % WEEK_DAYS + WEEK_DAYS) % WEEK_DAYS;
}

time_ms weekly_slot(const struct weekly_when *w, time_ms now)
{
	int64_t day = monday_of(day_of(now, (int)w->zone_minutes)) + w->day;
	time_ms at = day * DAY_MS + w->hour * HOUR_MS - w->zone_minutes * MINUTE_MS;
	return at > now ? at - WEEK_DAYS * DAY_MS : at;
}

time_ms weekly_next(const struct weekly_when *w, time_ms now)
{
	return weekly_slot(w, now) + WEEK_DAYS * DAY_MS;
}

int64_t weekly_monday(const struct weekly_when *w, time_ms at)
{
	return monday_of(day_of(at, (int)w->zone_minutes)) - WEEK_DAYS;
}

int weekly_when(struct ctx *c, struct weekly_when *out)
{
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	*out = (struct weekly_when){ tenant.zone_minutes, setting_of(c, SETTING_WEEKLY_DAY), setting_of(c, SETTING_WEEKLY_HOUR) };
	return 0;
}

/* The job of a slot ------------------------------------------------------------------------------------------------------ */

/* Its key is the slot's time: whoever plans it, it is there once. */
static int plan(struct ctx *c, const struct weekly_when *w)
{
	time_ms next = weekly_next(w, c->now);
	return job_add(c, new_id(c), weekly_plan_job.name, next, arena_format(c->arena, "%lld", (long long)next), NULL);
}

static int send_all(struct ctx *c, int64_t monday)
{
	struct weekly_receivers_row *rows;
	size_t n;
	int64_t id;
	TRY(weekly_receivers(c, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(weekly_send(c, monday, rows[i].user_id, 0, &id));
	return 0;
}

/* A slot that was moved since by a setting is none any more: its job only looks for the next one. */
static int run_plan(struct ctx *c, const struct job *job, const char *answer)
{
	struct weekly_when w;
	TRY(weekly_when(c, &w));
	time_ms slot = weekly_slot(&w, c->now);
	if (slot >= strtoll(job->unique_key, NULL, 10))
		TRY(send_all(c, weekly_monday(&w, slot)));
	return plan(c, &w);
}

const struct job_kind weekly_plan_job = { .name = "weekly.plan", .run = run_plan, .attempts_most = 100 };

int weekly_begin(struct ctx *c)
{
	struct jobs_to_come_row to_come;
	struct weekly_when w;
	TRY(jobs_to_come(c, weekly_plan_job.name, &to_come));
	if (to_come.n)
		return 0;
	TRY(weekly_when(c, &w));
	return plan(c, &w);
}

int weekly_setting_chosen(struct ctx *c, int id)
{
	struct weekly_when w;
	if (id != SETTING_WEEKLY_DAY && id != SETTING_WEEKLY_HOUR)
		return 0;
	TRY(weekly_when(c, &w));
	return plan(c, &w);
}

static int begin(struct ctx *c, void *arg)
{
	return weekly_begin(c);
}

int weekly_start(struct services *services, const struct clock *clock)
{
	return upkeep_each_company(services, clock, begin, NULL);
}

/* One report to one receiver ---------------------------------------------------------------------------------------------- */

int weekly_send(struct ctx *c, int64_t monday, int64_t user_id, time_ms asked_at, int64_t *id)
{
	struct weekly_mail_of_row *sent;
	size_t n;
	char from[16], to[16];
	TRY(weekly_mail_of(c, monday, user_id, asked_at, &sent, &n));
	*id = n ? sent[0].id : new_id(c);
	if (n)
		return 0;
	day_format(monday, from);
	day_format(monday + WEEK_DAYS - 1, to);
	struct weekly_mail row = {
		.tenant = c->tenant, .id = *id, .week = monday, .user_id = user_id, .asked_at = asked_at, .state = "waiting",
		.name = arena_format(c->arena, "%s – %s", from, to),
	};
	TRY(record_insert(c, &weekly_mail_record, &row));
	return job_add(c, row.id, weekly_make_job.name, c->now, NULL, NULL);
}

struct made {
	int64_t mail_id;
	const char *subject, *text, *html;
};
static const struct member made_members[] = {
	MEMBER(struct made, subject, text), MEMBER(struct made, text, text, .most = MADE_MOST), MEMBER(struct made, html, text, .most = MADE_MOST),
};
static const struct shape made_shape = SHAPE("weekly_made", struct made, made_members);

/* Which parts she takes; all of them when she is no receiver and asked for one herself. */
static int parts_of(struct ctx *c, int64_t user_id, struct weekly_parts *out)
{
	struct weekly_receiver *rows;
	size_t n;
	TRY(weekly_receiver_of(c, user_id, &rows, &n));
	*out = n ? (struct weekly_parts){ rows[0].promises, rows[0].worst, rows[0].counts, rows[0].oldest } : (struct weekly_parts){ true, true, true, true };
	return 0;
}

int weekly_for(struct ctx *c, int64_t monday, struct weekly *figures, struct notice_text *out)
{
	struct weekly_parts parts;
	TRY(parts_of(c, c->auth->user_id, &parts));
	TRY(weekly_look(c, monday, &parts, figures));
	weekly_write(c->arena, figures, out);
	return 0;
}

/* On a snapshot, as the receiver would see it. */
static int make(struct ctx *c, void *arg)
{
	struct made *made = arg;
	struct weekly_mail row;
	struct auth auth;
	struct weekly figures;
	struct notice_text text;
	struct ctx hers = *c;
	TRY(weekly_mail_row_get(c, made->mail_id, &row));
	TRY(auth_by_person(&hers, row.user_id, &auth));
	hers.auth = &auth;
	TRY(weekly_for(&hers, row.week, &figures, &text));
	made->subject = text.subject;
	made->text = text.text;
	made->html = text.html;
	return 0;
}

static int look_behind(struct ctx *c, void *arg)
{
	struct weekly_clocks_behind_row *clocks;
	struct weekly_looks_behind_row *looks;
	size_t n, more;
	TRY(weekly_clocks_behind(c, c->now - LATE_MS, &clocks, &n));
	TRY(weekly_looks_behind(c, c->now - LATE_MS, &looks, &more));
	*(size_t *)arg = n + more;
	return 0;
}

/* After a while without a server much is made up for at once; a report that did not wait for it would say less than the page does a moment later. */
static int wait_for_figures(struct ctx *c)
{
	size_t behind;
	TRY(readers_run(c->services->readers, c, look_behind, &behind));
	TRY(require(c, behind == 0, ERR_BUSY, NULL));
	return c->services->followers ? followers_drain(c->services->followers, PATIENCE_MS) : 0;
}

static int call_make(struct ctx *c, const struct job *job, const char **answer)
{
	struct made made = { .mail_id = job->id };
	struct text t = text_in(c->arena);
	TRY(wait_for_figures(c));
	int r = readers_run(c->services->readers, c, make, &made);
	if (r == ERR_NOT_FOUND)
		return 0;       /* she has left */
	TRY(r);
	json_write(&t, &made_shape, &made);
	*answer = text_end(&t);
	return 0;
}

static int mark(struct ctx *c, int64_t id, const char *state, const char *why)
{
	int64_t changed;
	const char *note = arena_string_n(c->arena, why, utf8_prefix(why, ERROR_CHARACTERS));
	TRY(weekly_mail_mark(c, id, state, note, strcmp(state, "sent") ? 0 : c->now, &changed));
	return changed ? event_add(c, arena_format(c->arena, "weekly_mail.%s", state), "weekly_mail", id, "{}") : 0;
}

/* Somebody has to know that somebody else was not told. */
static int fail_mail(struct ctx *c, int64_t id, const char *why)
{
	struct weekly_administrators_row *people;
	size_t n;
	TRY(mark(c, id, "failed", why));
	TRY(weekly_administrators(c, &people, &n));
	for (size_t i = 0; i < n; i++)
		TRY(notify_staff(c, people[i].id, &(struct staff_notice){ .kind = "weekly_failed", .object = "weekly_mail", .object_id = id }));
	return 0;
}

static int run_make(struct ctx *c, const struct job *job, const char *answer)
{
	struct weekly_mail row;
	struct user_account user;
	struct made made;
	const char *address;
	bool has;
	TRY(weekly_mail_row_get(c, job->id, &row));
	if (!answer)
		return fail_mail(c, row.id, "left");
	TRY(json_read(c->arena, &made_shape, answer, strlen(answer), &made, NULL, c->error));
	TRY(user_account_row_get(c, row.user_id, &user));
	TRY(pii_open(c, user.key, "user_account.email", user.email, &address));
	if (text_empty(address))
		return fail_mail(c, row.id, "no_address");
	const struct notice n = {
		.channel = NOTICE_MAIL, .template = "weekly_report", .key = user.key, .address = address, .object = weekly_mail_record.name, .object_id = row.id,
	};
	TRY(notify_text(c, &n, &(struct notice_text){ made.subject, made.text, made.html }));
	TRY(sender_carries(c, NOTICE_MAIL, &has));
	return has ? 0 : mark(c, row.id, "held", "no_channel");
}

static int died(struct ctx *c, const struct job *job)
{
	return fail_mail(c, job->id, job->last_error);
}

const struct job_kind weekly_make_job = { .name = "weekly.make", .call = call_make, .run = run_make, .died = died };

static int settled(struct ctx *c, const struct outbox *row, const char *state, const char *why)
{
	return strcmp(state, "failed") ? mark(c, row->object_id, state, why) : fail_mail(c, row->object_id, why);
}

const struct outbox_end weekly_end = { .object = "weekly_mail", .settled = settled };
