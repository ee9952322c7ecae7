/* What customers and colleagues of a demo said to one another in the chat: some of it over and rated, some under way, some still waiting; and the
 * queues in which people wait. packs/NAME/demo.json holds the words. */
#include "app/demo.h"

#include "core/demo/demo.h"
#include "core/clock/clocks.h"
#include "core/flow/flow.h"
#include "core/list/list.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "domain/conversation/routing.h"
#include "engine/expr/expr.h"

enum { TYPES_MS = 90 * 1000, ANSWERED_MS = 40 * 1000, VIP_FIRST = 2, OTHERS = 5 };

static int add_queue(struct ctx *c, int64_t calendar, const struct chat_queue *wish)
{
	struct chat_queue row = *wish;
	row.tenant = c->tenant;
	row.id = new_id(c);
	row.give_by = "push";
	row.favour_seconds = 60;
	row.language = EXPR_VERSION;
	row.night = row.night_en = "";
	row.calendar_id = calendar;
	return record_insert(c, &chat_queue_record, &row);
}

/* At night as the pack's own queue; a company that has put the calendar away has no nights here either. */
static int add_queues(struct ctx *c, struct demo *d)
{
	const struct record_model *m = model_of(c, &calendar_record);
	int64_t calendar;
	TRY(list_find(c, m, field_index(m, "code"), &(struct slot){ .text = "chat_hours" }, &calendar));
	TRY(add_queue(c, calendar, &(struct chat_queue){ .name = "VIP 客户", .name_en = "VIP customers", .place = 10, .condition = "customer.level = vip", .team_id = d->team_ids[1], .priority = VIP_FIRST }));
	return add_queue(c, calendar, &(struct chat_queue){ .name = "在线客服", .name_en = "Web chat", .place = 20, .condition = "", .team_id = d->team_ids[1], .priority = OTHERS });
}

/* The first home with this model that no talk is about yet. */
static int home_of(struct demo *d, const char *model, size_t *home)
{
	for (size_t i = 0; i < d->customers; i++)
		if (!d->homes[i].talks && text_equal(d->content->models[d->homes[i].model].code, model)) {
			d->homes[i].talks = true;
			*home = i;
			return 0;
		}
	return ERR_NOT_FOUND;
}

static int say(struct ctx *c, struct demo *d, size_t home, const struct demo_talk *t, const struct demo_line *line, time_ms at, struct conversation *k)
{
	int64_t no;
	if (text_equal(line->who, "customer")) {
		demo_as_customer(c, d->homes[home].customer, at);
		return conversation_take_in(c, &(struct inbound){
			.channel = "web", .external_id = arena_format(c->arena, "demo-talk-%zu-%lld", home, (long long)at), .customer_id = d->homes[home].customer, .text = line->text,
		}, k, &no);
	}
	TRY(demo_as_staff(c, d, t->agent, at));
	return conversation_say(c, k, &(struct message_in){ .id = k->id, .text = line->text, .visibility = text_equal(line->who, "note") ? "internal" : "public" });
}

static int end(struct ctx *c, struct demo *d, size_t home, const struct demo_talk *t, time_ms at, struct conversation *k)
{
	if (!t->closed)
		return 0;
	TRY(demo_as_staff(c, d, t->agent, at));
	TRY(flow_move(c, &conversation_flow, k, "close", NULL, NULL));
	if (!t->rating)
		return 0;
	demo_as_customer(c, d->homes[home].customer, at + TYPES_MS);
	return conversation_rate(c, k, t->rating, t->words);
}

static int add_talk(struct ctx *c, struct demo *d, const struct demo_talk *t)
{
	struct conversation k = { 0 };
	time_ms at = d->now - t->minutes * MINUTE_MS;
	size_t home;
	TRY(home_of(d, t->model, &home));
	for (size_t i = 0; i < t->line_count; i++) {
		at += i == 0 ? 0 : text_equal(t->lines[i].who, "customer") ? TYPES_MS : ANSWERED_MS;
		TRY(say(c, d, home, t, &t->lines[i], at, &k));
	}
	at += ANSWERED_MS;
	return end(c, d, home, t, at, &k);
}

int demo_add_talks(struct ctx *c, void *arg)
{
	struct demo *d = arg;
	c->request_id = DEMO_REQUEST;
	TRY(add_queues(c, d));
	for (size_t i = 0; i < d->content->talk_count; i++)
		TRY(add_talk(c, d, &d->content->talks[i]));
	return 0;
}
