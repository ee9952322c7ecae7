/* org: regions, teams, roles, staff, their saved views and tokens. Signing in is core/auth. */
#pragma once

#include "core/record/record.h"
#include "net/route.h"

extern const struct record region_record, team_record, role_record, user_record, view_record, macro_record, token_record;

extern const struct route org_routes[], colleague_routes[], view_routes[], macro_routes[];
extern const size_t org_route_count, colleague_route_count, view_route_count, macro_route_count;

/* What is a person's own, his team's or the company's: it belongs to whoever makes it, sharing it needs `right`. */
extern const struct choice audiences[];
struct audience_change {
	int64_t old_owner_id;
	bool is_change;
	const char *audience;
	int64_t *owner_id, *team_id;
};
int audience_check(struct ctx *c, const struct audience_change *a, const char *right) MUST_CHECK;

/* Faults of field role_id if the role holds or sees more than the actor. */
int role_may_be_given(struct ctx *c, int64_t role_id) MUST_CHECK;
/* Nobody gives away a right that he does not hold: faults of `field` unless *json is a list of words that the actor holds. */
int rights_check(struct ctx *c, const char *field, const char **json) MUST_CHECK;
