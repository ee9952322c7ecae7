/* anxin demo: fills an empty database with one company's last two months, through the same functions that serve people.
 *
 * The calendar is relative to the moment of loading. Drawn from a fixed seed, so two demos are alike. */
#include "app/demo.h"

#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "core/auth/auth.h"
#include "core/demo/demo.h"
#include "core/list/list.h"
#include "core/pack/packs.h"
#include "core/pii/pii.h"
#include "domain/visitor/visitor.h"
#include "domain/conversation/routing.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "domain/org/org.h"
#include "domain/ticket/ticket.h"
#include "gen/routing_sql.h"

enum { CUSTOMERS = DEMO_HOMES_MOST, TICKETS = 2000, SMALL_PART = 10, DAYS = 60, CHUNK = 25 };
enum { SUPERVISOR = 1, FIRST_AGENT = 2, AGENTS = 6 };   /* places in demo_staff */

/* xorshift64*: the demo needs variety, not secrecy. */
size_t demo_draw(struct demo *d, size_t n)
{
	d->random ^= d->random >> 12;
	d->random ^= d->random << 25;
	d->random ^= d->random >> 27;
	return (size_t)((d->random * UINT64_C(2685821657736338717)) >> 33) % n;
}

/* What a company has already is taken as it is. */
static int find(struct ctx *c, const struct record *record, const char *field, const char *value, int64_t *id)
{
	const struct record_model *m = model_of(c, record);
	return list_find(c, m, field_index(m, field), &(struct slot){ .text = value }, id);
}

static int named_row(struct ctx *c, const struct record *record, const char *code, const char *name, int64_t *id)
{
	const struct record_model *m = model_of(c, record);
	TRY(find(c, record, code ? "code" : "name", code ? code : name, id));
	if (*id)
		return 0;
	struct slot slots[MOST_FIELDS_OF_RECORD] = { 0 };
	uint64_t present = UINT64_C(1) << field_index(m, "name");
	slots[field_index(m, "name")].text = name;
	if (code) {
		slots[field_index(m, "code")].text = code;
		present |= UINT64_C(1) << field_index(m, "code");
	}
	void *row = arena_alloc(c->arena, record->table->row->size);
	TRY(record_create(c, record, slots, present, row));
	*id = *member_int(m->id, row);
	return 0;
}

int demo_add_catalogue(struct ctx *c, struct demo *d)
{
	for (size_t i = 0; i < d->content->product_count; i++) {
		const struct demo_product *p = &d->content->products[i];
		TRY(find(c, &product_record, "code", p->code, &d->product_ids[i]));
		if (d->product_ids[i])
			continue;
		struct product row = { .tenant = c->tenant, .id = new_id(c), .code = p->code, .name = p->name, .name_en = p->name_en, .warranty_months = p->months };
		d->product_ids[i] = row.id;
		TRY(record_insert(c, &product_record, &row));
	}
	for (size_t i = 0; i < d->content->model_count; i++) {
		size_t p = 0;
		while (!text_equal(d->content->products[p].code, d->content->models[i].product))
			p++;
		TRY(find(c, &model_record, "code", d->content->models[i].code, &d->model_ids[i]));
		if (d->model_ids[i])
			continue;
		struct model row = { .tenant = c->tenant, .id = new_id(c), .product_id = d->product_ids[p], .code = d->content->models[i].code, .name = d->content->models[i].name };
		d->model_ids[i] = row.id;
		TRY(record_insert(c, &model_record, &row));
	}
	return 0;
}

int demo_add_teams(struct ctx *c, struct demo *d)
{
	TRY(named_row(c, &region_record, "east", "华东", &d->region_ids[0]));
	TRY(named_row(c, &region_record, "south", "华南", &d->region_ids[1]));
	TRY(named_row(c, &team_record, NULL, "客服一组", &d->team_ids[0]));
	return named_row(c, &team_record, NULL, "客服二组", &d->team_ids[1]);
}

static int add_people(struct ctx *c, struct demo *d)
{
	for (size_t i = 0; i < demo_staff_count; i++) {
		d->staff[i] = (struct staff){
			.account = demo_staff[i].account, .name = demo_staff[i].name, .phone = demo_staff[i].phone, .password_hash = d->password_hash,
			.role_id = d->company.role_ids[demo_staff[i].role], .team_id = d->team_ids[text_equal(demo_staff[i].team, "客服二组")],
		};
		TRY(company_add_staff(c, &d->staff[i]));
	}
	return 0;
}

/* The chat of its web pages, for pages of this server alone until somebody names others. */
static int add_web_chat(struct ctx *c)
{
	struct web_chat row = {
		.tenant = c->tenant, .id = new_id(c), .title = "在线客服", .title_en = "Chat with us", .state = "on", .origins = "", .colour = "#0b6675", .side = "right",
		.greeting = "您好！使用中遇到问题，或者想预约上门，都可以直接告诉我们。", .greeting_en = "Hello! Tell us what is wrong, or when we may come by.",
		.away = "现在是非服务时间。请留言，我们上班后第一时间回复您。", .away_en = "We are closed now. Leave a message, and we answer first thing when we are back.",
		.ask_name = "optional", .ask_phone = "off", .ask_product = "optional",
	};
	return record_insert(c, &web_chat_record, &row);
}

/* Without the queues of its pack there are no nights. */
static int put_queues_away(struct ctx *c)
{
	struct chat_queue *queues, row;
	size_t n;
	TRY(chat_queues(c, &queues, &n));
	for (size_t i = 0; i < n; i++)
		TRY(record_archive(c, &chat_queue_record, queues[i].id, queues[i].version, ARCHIVE, &row));
	return 0;
}

static int build_company(struct ctx *c, void *arg)
{
	struct demo *d = arg;
	d->company = (struct company){ .code = "demo", .name = d->content->company, .service_phone = d->content->phone, .pack = d->pack, .demo = true };
	TRY(company_create(c, &d->company));
	if (d->open)
		TRY(put_queues_away(c));
	c->request_id = DEMO_REQUEST;
	TRY(demo_add_catalogue(c, d));
	TRY(demo_add_teams(c, d));
	c->request_id = "command";      /* who can sign in is no demo data: somebody has to be there to remove it */
	TRY(add_people(c, d));
	return add_web_chat(c);
}

/* The next that nobody has: what an earlier demo left may have become the company's. */
static int free_number(struct ctx *c, const struct record *record, const char *field, const char *head, size_t digits, size_t no, const char **out)
{
	int64_t taken;
	do {
		*out = arena_format(c->arena, "%s%0*zu", head, (int)digits, no++);
		TRY(find(c, record, field, *out, &taken));
	} while (taken);
	return 0;
}

/* The two people of the stories come first: 王女士 with her fridge, 许女士 with her washer. */
int demo_add_home(struct ctx *c, struct demo *d, size_t i)
{
	const char *name = i == 0 ? "王女士" : i == 1 ? "许女士" :
		arena_format(c->arena, "%s%s", demo_surnames[demo_draw(d, demo_surname_count)], demo_given[demo_draw(d, demo_given_count)]);
	const char *phone = i == 0 ? "13812345678" : i == 1 ? "13955552046" : arena_format(c->arena, "1%zu%09zu", 3 + demo_draw(d, 3) * 2, 100000000 + i * 1471 + demo_draw(d, 1000));
	const char *no;
	TRY(free_number(c, &customer_record, "external_no", d->prefix ? "DEMO" : "C", 6, i + 1, &no));
	struct customer customer = {
		.tenant = c->tenant, .id = new_id(c), .kind = "person", .level = demo_draw(d, 12) ? "standard" : "vip", .lang = "zh",
		.region_id = d->region_ids[0], .external_no = no, .source = "import", .note = "",
	};
	TRY(pii_key_new(c, "customer", customer.id, &customer.key));
	TRY(pii_seal(c, customer.key, "customer.name", name, &customer.name));
	TRY(pii_seal(c, customer.key, "customer.phone", arena_format(c->arena, "+86%s", phone), &customer.phone));
	TRY(record_insert(c, &customer_record, &customer));
	const struct demo_place *place = &demo_places[demo_draw(d, demo_place_count)];
	struct address address = { .tenant = c->tenant, .id = new_id(c), .customer_id = customer.id, .key = customer.key,
	                           .province = place->province, .city = place->city, .district = place->district };
	TRY(pii_seal(c, customer.key, "address.street", arena_format(c->arena, "%s %zu 号 %zu 幢 %zu 室", demo_streets[demo_draw(d, demo_street_count)],
	                                                             1 + demo_draw(d, 400), 1 + demo_draw(d, 30), 101 + demo_draw(d, 20) * 100), &address.street));
	TRY(record_insert(c, &address_record, &address));
	size_t model = i == 0 ? 0 : i == 1 ? 2 : demo_draw(d, d->content->model_count);
	const char *serial;
	TRY(free_number(c, &device_record, "serial", arena_format(c->arena, "AX%02zu", model + 10), 8, 20250000 + i * 37, &serial));
	struct device device = {
		.tenant = c->tenant, .id = new_id(c), .serial = serial, .model_id = d->model_ids[model],
		.customer_id = customer.id, .place = "", .purchased_on = day_of(d->now, CHINA_MINUTES) - 40 - (int64_t)demo_draw(d, 1500), .purchase_channel = d->content->bought_at.at[demo_draw(d, d->content->bought_at.n)],
		.software = "", .qr = "",
		.order_no = arena_format(c->arena, "2025%04zu%04zu", model + 10, i),
	};
	TRY(record_insert(c, &device_record, &device));
	d->homes[i].customer = customer.id;
	d->homes[i].device = device.id;
	d->homes[i].model = model;
	return 0;
}

static int build_homes(struct ctx *c, void *arg)
{
	struct demo *d = arg;
	c->request_id = DEMO_REQUEST;
	d->random = d->chunk_random;
	for (size_t i = d->from; i < d->from + CHUNK && i < d->customers; i++)
		TRY(demo_add_home(c, d, i));
	return 0;
}

static void act_as(struct ctx *c, enum actor_kind kind, int64_t id, const struct auth *auth, time_ms at)
{
	c->actor_kind = kind;
	c->actor_id = id;
	c->auth = auth;
	c->now = at;
}

void demo_as_customer(struct ctx *c, int64_t id, time_ms at)
{
	struct auth *auth = ARENA_NEW(c->arena, struct auth);
	*auth = (struct auth){ .customer_id = id, .scope = SCOPE_ALL };
	act_as(c, ACTOR_CUSTOMER, id, auth, at);
}

/* With the rights of the role: what nobody may do at work does not happen in the demo. A company may have changed what its roles may do. */
int demo_as_staff(struct ctx *c, const struct demo *d, size_t i, time_ms at)
{
	const struct staff *who = &d->staff[i];
	struct role role;
	TRY(role_row_get(c, who->role_id, &role));
	struct auth *auth = ARENA_NEW(c->arena, struct auth);
	*auth = (struct auth){ .user_id = who->id, .role_id = who->role_id, .team_id = who->team_id, .scope = d->prefix ? SCOPE_ALL : scope_read(role.scope) };
	TRY(permissions_read(c->arena, d->prefix ? "[\"*\"]" : role.permissions, &auth->permissions, &auth->permission_count));
	act_as(c, ACTOR_USER, who->id, auth, at);
	return 0;
}

static int comment(struct ctx *c, struct ticket *t, const char *text, const char *visibility)
{
	int64_t id;
	return ticket_comment_add(c, t, &(struct comment_in){ .id = t->id, .text = text, .visibility = visibility }, &id);
}

const struct demo_problem *demo_problem_of(struct demo *d, size_t model)
{
	const struct demo_problem *p;
	do
		p = &d->content->problems[demo_draw(d, d->content->problem_count)];
	while (!text_equal(p->product, d->content->models[model].product));
	return p;
}

/* How far a ticket of this age has come: old ones are closed, fresh ones are everywhere. */
int demo_stage_of(struct demo *d, int64_t age)
{
	size_t luck = demo_draw(d, 100);
	if (age > 3 * DAY_MS)
		return luck < 93 ? 6 : luck < 96 ? 7 : 4;
	if (age > 4 * (int64_t)HOUR_MS)
		return luck < 60 ? 6 : luck < 75 ? 4 : luck < 85 ? 3 : luck < 95 ? 5 : 2;
	return luck < 30 ? 0 : luck < 50 ? 1 : luck < 80 ? 2 : luck < 90 ? 3 : 5;
}

/* Accepted, worked on, answered. */
static int work(struct ctx *c, struct demo *d, struct ticket *t, size_t owner, int64_t step, time_ms *at, int stage)
{
	TRY(demo_as_staff(c, d, owner, *at += step / 4 + (int64_t)demo_draw(d, 8) * MINUTE_MS / 4));
	TRY(flow_move(c, &ticket_flow, t, "accept", NULL, NULL));
	if (stage == 1)
		return 0;
	c->now = *at += step;
	TRY(flow_move(c, &ticket_flow, t, "start", NULL, NULL));
	c->now = *at += step / 2;
	TRY(comment(c, t, d->content->replies.at[demo_draw(d, d->content->replies.n)], "public"));
	if (demo_draw(d, 3) == 0)
		TRY(comment(c, t, d->content->notes.at[demo_draw(d, d->content->notes.n)], "internal"));
	if (stage != 3)
		return 0;
	c->now = *at += step;
	return flow_move(c, &ticket_flow, t, "wait", d->content->waits, NULL);
}

static int solve(struct ctx *c, struct demo *d, struct ticket *t, size_t owner, const struct demo_problem *p, time_ms at)
{
	struct { const char *steps, *result; } solution = { p->steps, p->result };
	TRY(demo_as_staff(c, d, owner, at));
	return flow_move(c, &ticket_flow, t, "resolve", NULL, &solution);
}

static int live(struct ctx *c, struct demo *d, struct ticket *t, const struct demo_problem *p, int stage)
{
	size_t owner = FIRST_AGENT + demo_draw(d, AGENTS);
	time_ms at = t->created_at;
	const int64_t step = (d->now - at) / 12 < 40 * (int64_t)MINUTE_MS ? (d->now - at) / 12 : 40 * (int64_t)MINUTE_MS;
	if (stage >= 1)
		TRY(work(c, d, t, owner, step, &at, stage));
	if (stage >= 4 && demo_draw(d, 4) == 0) {
		demo_as_customer(c, t->customer_id, at += step);
		TRY(flow_move(c, &ticket_flow, t, "remind", NULL, NULL));
		TRY(comment(c, t, d->content->facts.at[demo_draw(d, d->content->facts.n)], "public"));
	}
	if (stage == 5 || stage == 6)
		TRY(solve(c, d, t, owner, p, at += step * 2));
	if (stage == 6) {
		demo_as_customer(c, t->customer_id, at += step * 2);
		TRY(flow_move(c, &ticket_flow, t, "confirm", NULL, NULL));
	}
	if (stage == 7) {
		TRY(demo_as_staff(c, d, SUPERVISOR, at + step));
		TRY(flow_move(c, &ticket_flow, t, "cancel", d->content->cancelled, NULL));
	}
	return 0;
}

int demo_add_ticket(struct ctx *c, struct demo *d, const struct demo_matter *m, struct ticket *t)
{
	static const char *const channels[] = { "web", "wechat", "phone", "app", "outlet", "mail", "wecom" };
	const struct ticket_report report = {
		.scene = m->scene, .channel = channels[demo_draw(d, 7)], .text = m->problem->text,
		.customer_id = d->homes[m->home].customer, .device_id = d->homes[m->home].device, .product_id = NULL_INT, .symptoms = m->problem->symptoms,
		.preferred_day = NULL_INT, .grade = m->problem->grade,
	};
	demo_as_customer(c, report.customer_id, m->at);
	t->id = 0;
	int r = ticket_file_report(c, &report, t);
	if (r == ERR_OPEN_TICKET) {     /* this home already waits for somebody */
		error_clear(c->error);
		t->id = 0;
		return 0;
	}
	TRY(r);
	return live(c, d, t, m->problem, m->stage);
}

static int add_ticket(struct ctx *c, struct demo *d, size_t i)
{
	/* The stories are open and recent; everybody else comes in order of time, at hours when people call. */
	struct demo_matter m = { .home = i >= d->tickets - 2 ? i - (d->tickets - 2) : 2 + (i * 7 + demo_draw(d, 5)) % (d->customers - 2) };
	int64_t left = (int64_t)(d->tickets - i), most = (int64_t)d->tickets;
	int64_t back = left <= 2 ? (26 - 22 * (left - 1)) * HOUR_MS : left * DAYS * DAY_MS / most;
	struct ticket t;
	m.at = d->now - back;
	m.problem = demo_problem_of(d, d->homes[m.home].model);
	if (i == d->tickets - 2)
		m.problem = &d->content->problems[0];
	if (i == d->tickets - 1)
		m.problem = &d->content->problems[3];
	const char *common = demo_draw(d, 9) ? "repair" : demo_draw(d, 2) ? "usage" : "installation";
	m.scene = text_empty(m.problem->scene) ? common : m.problem->scene;
	m.stage = i >= d->tickets - 2 ? 2 : demo_stage_of(d, back);
	return demo_add_ticket(c, d, &m, &t);
}

static int build_tickets(struct ctx *c, void *arg)
{
	struct demo *d = arg;
	c->request_id = DEMO_REQUEST;
	d->random = d->chunk_random;
	for (size_t i = d->from; i < d->from + CHUNK && i < d->tickets; i++)
		TRY(add_ticket(c, d, i));
	return 0;
}

static int in_chunks(struct app *app, struct demo *d, size_t most, int (*fn)(struct ctx *c, void *arg), const char *what)
{
	for (d->from = 0; d->from < most; d->from += CHUNK) {
		d->chunk_random = d->random;
		TRY(app_write(app, d->company.tenant, fn, d));
		fprintf(stderr, "\r%s %zu / %zu ", what, d->from + CHUNK < most ? d->from + CHUNK : most, most);
	}
	fputc('\n', stderr);
	return 0;
}

int command_demo(const struct app_options *options, int argc, char **argv)
{
	struct app_options o = *options;
	o.migrate = true;
	o.log_level = LOG_ERROR;        /* nobody waits for these writes: how long they hold the writer is no news */
	struct app *app;
	if (app_open(&o, &app) < 0)
		return 1;
	struct demo *d = ARENA_NEW(app->arena, struct demo);
	bool small = false, bare = false, quiet = false;
	for (int i = 0; i < argc; i++) {
		small |= !strcmp(argv[i], "small");
		bare |= !strcmp(argv[i], "bare");
		quiet |= !strcmp(argv[i], "quiet");     /* nobody writes in the chat */
		d->open |= !strcmp(argv[i], "open");
		d->pack = pack_find(argv[i]) ? pack_find(argv[i]) : d->pack;
	}
	const size_t part = small ? SMALL_PART : 1;
	d->content = demo_content_of(d->pack);
	d->customers = bare ? 0 : CUSTOMERS / part;
	d->tickets = bare ? 0 : TICKETS / part;
	d->random = 20261122;
	d->now = clock_now(&app->clock);
	int r = password_hash(app->arena, DEMO_PASSWORD, &d->password_hash);
	if (r == 0)
		r = app_write(app, id_next(&app->services.ids, d->now), build_company, d);
	if (r == 0)
		r = in_chunks(app, d, d->customers, build_homes, "customers");
	if (r == 0)
		r = in_chunks(app, d, d->tickets, build_tickets, "tickets");
	if (r == 0 && !small && !bare && !quiet)
		r = app_write(app, d->company.tenant, demo_add_talks, d);
	for (size_t i = 0; r == 0 && i < demo_staff_count; i++)
		printf("%-10s %s   %s\n", demo_staff[i].account, DEMO_PASSWORD, demo_staff[i].name);
	app_close(app);
	return r < 0;
}
