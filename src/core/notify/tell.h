/* tell: who hears of a row, by what he is to it, and the way up when there is nobody: owner, team, supervisors.
 *
 * The owner or whoever covers for her; without one the team, without a team the supervisors, all of them when none is on duty. */
#pragma once

#include "core/notify/staff.h"

/* "owner", "team", "supervisor": labels for all who offer the choice. */
#define TELL_LADDER { "owner", "负责人", "Owner" }, { "team", "小组", "Team" }, { "supervisor", "主管", "Supervisor" }

struct receivers {
	int64_t *at;
	size_t n;
};
int receivers_of(struct ctx *c, const struct record_model *m, const void *row, const char *to, struct receivers *out) MUST_CHECK;
/* Of these those who are on duty, all when nobody is. */
int receivers_present(struct ctx *c, struct receivers *all) MUST_CHECK;
/* Writer: tells each of them but for those told already; told NULL: nobody was. */
int tell_all(struct ctx *c, const struct receivers *who, const struct receivers *told, const struct staff_notice *n) MUST_CHECK;
/* Writer: what time brings. Nobody is called because of a row of the demo (core/demo). */
int tell(struct ctx *c, const struct record_model *m, const void *row, const char *to, const struct staff_notice *n) MUST_CHECK;
