/* Whom a ticket goes to when a rule says "assign": the agent she knows, else whoever of its teams is on duty, has the skill and least to do. */
#include "core/action/action.h"
#include "core/flow/flow.h"
#include "domain/device/device.h"
#include "domain/duty/duty.h"
#include "domain/org/org.h"
#include "domain/ticket/ticket.h"
#include "gen/ticket_sql.h"

static const struct field skill_fields[] = {
	REF(user_skill, user_id,    L("员工", "User"), .to = &user_record, .required = true, .fixed = true, .index = true),
	REF(user_skill, product_id, L("产品", "Product"), .to = &product_record, .required = true, .fixed = true),
	COUNT(user_skill, level,    L("熟练程度", "Level"), .least = 1, .most = 5, .initial = "1"),
};

const struct record user_skill_record = {
	.name = "user_skill", .label = L("员工技能", "Skill"), .plural = "Skills", .table = &table_user_skill, FIELDS(skill_fields), .title = { "user_id" },
};

/* Choosing (pure) -------------------------------------------------------------------------------------------------------- */

static bool is_better(const struct assign_candidate *a, const struct assign_candidate *b)
{
	if (a->skilled != b->skilled)
		return a->skilled;
	if (a->open != b->open)
		return a->open < b->open;
	return a->last_at < b->last_at;
}

const struct assign_candidate *ticket_assignee(const struct assign_candidate *all, size_t n)
{
	const struct assign_candidate *best = NULL;
	for (size_t i = 0; i < n; i++)
		if (!best || is_better(&all[i], best))
			best = &all[i];
	return best;
}

/* The action ---------------------------------------------------------------------------------------------------------------- */

static const struct choice ways[] = {
	{ "load", "工作量最少", "Least open tickets" }, { "last_agent", "上次的客服，否则工作量最少", "The last agent, else least open tickets" }, { 0 },
};

struct assign_in {
	const char *by;
	int64_t team_id;                /* 0: the ticket's own, else a team of its region */
	int64_t again;                  /* also when somebody owns it */
};
static const struct member assign_members[] = {
	MEMBER(struct assign_in, by, code, .flags = MEMBER_REQUIRED, .choices = ways),
	MEMBER(struct assign_in, team_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct assign_in, again, flag),
};
static const struct shape assign_shape = SHAPE("action_assign", struct assign_in, assign_members);

static int check(struct ctx *c, const struct record_model *m, const void *arg)
{
	const struct assign_in *in = arg;
	struct team team;
	struct error before = *c->error;
	if (in->team_id <= 0)
		return 0;
	int r = team_row_get(c, in->team_id, &team);
	if (r != ERR_NOT_FOUND)
		return r;
	error_take_back(c->error, &before);
	return fail_field(c, "team_id", ERR_FIELD_REFERENCE, NULL);
}

/* Where it may go: the team that the rule names, the ticket's own, or any of its region. */
static int find_teams(struct ctx *c, const struct assign_in *in, const struct ticket *t, int64_t **teams, size_t *n)
{
	struct teams_of_region_row *rows = NULL;
	int64_t team = in->team_id > 0 ? in->team_id : t->team_id;
	*n = 0;
	if (!team && t->region_id)
		TRY(teams_of_region(c, t->region_id, &rows, n));
	*teams = ARENA_ARRAY(c->arena, int64_t, *n + 1);
	for (size_t i = 0; i < *n; i++)
		(*teams)[i] = rows[i].id;
	if (team)
		(*teams)[(*n)++] = team;
	return 0;
}

static const struct duty_present *find_present(const struct duty_present *all, size_t n, int64_t user_id)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].user_id == user_id)
			return &all[i];
	return NULL;
}

/* The one who had the customer's last ticket, or who covers for her, if she still works there and is on duty. Of no team: if she is to be had. */
static int find_last_agent(struct ctx *c, const struct ticket *t, const struct duty_present *all, size_t n, bool any_team, struct duty_present *to)
{
	struct last_agent_of_row *rows;
	size_t count;
	TRY(last_agent_of(c, t->customer_id, t->id, &rows, &count));
	if (!count)
		return 0;
	int64_t id[] = { rows[0].owner_id };
	size_t chosen = 1;
	TRY(duty_choose(c, id, &chosen));
	const struct duty_present *found = chosen ? find_present(all, n, id[0]) : NULL;
	if (found)
		*to = *found;
	else if (chosen && any_team)
		to->user_id = id[0];
	return 0;
}

static int find_owner(struct ctx *c, const struct assign_in *in, const struct ticket *t, const int64_t *teams, size_t team_count, struct duty_present *to)
{
	struct duty_present *present;
	struct assign_candidates_row *rows;
	size_t n;
	TRY(duty_present_of_teams(c, teams, team_count, &present, &n));
	if (text_equal(in->by, "last_agent"))
		TRY(find_last_agent(c, t, present, n, team_count == 0, to));
	if (to->user_id || !n)
		return 0;
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n);
	for (size_t i = 0; i < n; i++)
		ids[i] = present[i].user_id;
	TRY(assign_candidates(c, ids, n, t->product_id, &rows, &n));
	struct assign_candidate *all = ARENA_ARRAY(c->arena, struct assign_candidate, n + 1);
	for (size_t i = 0; i < n; i++)
		all[i] = (struct assign_candidate){ .user_id = rows[i].id, .open = rows[i].open, .last_at = rows[i].last_at, .skilled = rows[i].skilled > 0 };
	const struct assign_candidate *best = ticket_assignee(all, n);
	const struct duty_present *found = best ? find_present(present, n, best->user_id) : NULL;
	if (found)
		*to = *found;
	return 0;
}

/* With nobody there the ticket stays with its team, or the first of its region: somebody will take it. */
static int run(struct ctx *c, struct acting *on, const void *arg)
{
	const struct assign_in *in = arg;
	struct ticket t;
	struct duty_present found = { 0 };
	int64_t *teams;
	size_t n;
	TRY(record_get(c, &ticket_record, on->id, &t));
	if (t.owner_id && !in->again)
		return 0;
	TRY(find_teams(c, in, &t, &teams, &n));
	TRY(find_owner(c, in, &t, teams, n, &found));
	int64_t owner = found.user_id, team = found.team_id ? found.team_id : n ? teams[0] : 0;
	if (owner == t.owner_id && (!team || team == t.team_id))
		return 0;
	const struct ticket_assign_in to = { .owner_id = owner ? owner : NULL_INT, .team_id = team ? team : NULL_INT };
	return owner || team ? flow_act(c, &ticket_flow, on->id, 0, "assign", NULL, &to, &t) : 0;
}

const struct action_kind assign_action = { .name = "assign", .label = L("自动指派", "Assign by itself"), .only = &ticket_record, .shape = &assign_shape, .check = check, .run = run };

/* A message to the customer ------------------------------------------------------------------------------------------------ */

struct message_in {
	const char *template;
};
static const struct choice messages[] = {
	{ "ticket_received", "已收到", "Received" }, { "ticket_answered", "有新回复", "Answered" }, { "ticket_waiting", "需要补充", "Needs facts" },
	{ "ticket_resolved", "已处理，请确认", "Done, please confirm" }, { 0 },
};
static const struct member message_members[] = {
	MEMBER(struct message_in, template, code, .flags = MEMBER_REQUIRED, .choices = messages),
};
static const struct shape message_shape = SHAPE("action_message", struct message_in, message_members);

static int send(struct ctx *c, struct acting *on, const void *in)
{
	struct ticket t;
	on->lasting = true;
	TRY(record_get(c, &ticket_record, on->id, &t));
	return ticket_notify(c, &t, ((const struct message_in *)in)->template);
}

const struct action_kind message_action = { .name = "message", .label = L("通知客户", "Message to the customer"), .only = &ticket_record, .shape = &message_shape, .run = send };
