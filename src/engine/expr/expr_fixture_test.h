/* A ticket, its device and that one's product, as conditions of the tests may name them. Only tests and the bench include this. */
#pragma once

#include <string.h>

#include "engine/expr/expr_run.h"

struct a_product {
	const char *code;
};

struct a_device {
	int64_t id, product_id, bought_on;
	const char *serial;
};

struct a_ticket {
	int64_t id, device_id, owner_id, created_at, solved_at, due_at, reminders, vip, preferred_day;
	double rating;
	const char *grade, *state, *no, *title;
};

#define FIELD_OF(type_name, member, ...) { .name = #member, .offset = offsetof(struct type_name, member), __VA_ARGS__ }

static const struct choice a_grades[] = { { "normal", "一般", "Normal" }, { "urgent", "紧急", "Urgent" }, { "critical", "特急", "Critical" }, { 0 } };
static const struct choice a_states[] = { { "new", "新", "New" }, { "on-hold", "搁置", "On hold" }, { "closed", "关闭", "Closed" }, { 0 } };

static const struct expr_field a_product_fields[] = { FIELD_OF(a_product, code, .type = EXPR_CODE) };
static const struct expr_record a_product_record = { "product", a_product_fields, 1 };

static const struct expr_field a_device_fields[] = {
	FIELD_OF(a_device, id, .type = EXPR_ID),
	FIELD_OF(a_device, product_id, .type = EXPR_ID, .none = EXPR_NONE_ZERO, .to = &a_product_record),
	FIELD_OF(a_device, serial, .type = EXPR_CODE),
	FIELD_OF(a_device, bought_on, .type = EXPR_DAY, .none = EXPR_NONE_ZERO),
};
static const struct expr_record a_device_record = { "device", a_device_fields, 4 };

static const struct expr_field a_ticket_fields[] = {
	FIELD_OF(a_ticket, grade, .type = EXPR_CHOICE, .of = a_grades),
	FIELD_OF(a_ticket, state, .type = EXPR_CHOICE, .of = a_states, .nullable = true),
	FIELD_OF(a_ticket, no, .type = EXPR_CODE),
	FIELD_OF(a_ticket, title, .type = EXPR_TEXT),
	FIELD_OF(a_ticket, device_id, .type = EXPR_ID, .none = EXPR_NONE_ZERO, .to = &a_device_record),
	FIELD_OF(a_ticket, owner_id, .type = EXPR_ID, .none = EXPR_NONE_ZERO),
	FIELD_OF(a_ticket, created_at, .type = EXPR_TIME),
	FIELD_OF(a_ticket, solved_at, .type = EXPR_TIME, .none = EXPR_NONE_ZERO),
	FIELD_OF(a_ticket, due_at, .type = EXPR_TIME, .none = EXPR_NONE_ZERO | EXPR_NONE_FAR),
	FIELD_OF(a_ticket, reminders, .type = EXPR_NUMBER, .nullable = true),
	FIELD_OF(a_ticket, vip, .type = EXPR_FLAG),
	FIELD_OF(a_ticket, rating, .type = EXPR_REAL, .nullable = true),
	FIELD_OF(a_ticket, preferred_day, .type = EXPR_DAY, .none = EXPR_NONE_ZERO),
	{ .name = "tags", .type = EXPR_SET },
};
static const struct expr_record a_ticket_record = { "ticket", a_ticket_fields, sizeof(a_ticket_fields) / sizeof(*a_ticket_fields) };

/* Parsed and checked; 0 or the first fault's code. */
static inline int read_condition(struct arena *a, const char *text, struct expr *e, struct expr_faults *f)
{
	int r = expr_parse(a, text, strlen(text), e, f);
	return r < 0 ? r : expr_check(a, e, &a_ticket_record, f);
}
