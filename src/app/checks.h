/* What is looked at to say whether an installation is well: by `anxin doctor` from outside, by the running server for its page. */
#pragma once

#include "app/app.h"

enum check_state { CHECK_WELL, CHECK_WARN, CHECK_BAD };

/* One look. code NULL: it does not apply here. Texts lie in the arena. */
struct check {
	enum check_state state;
	const char *code;               /* disk, backup … */
	const char *zh, *en;
	int64_t amount;                 /* hours of a backup, MB of a disk, events of a follower; NULL_INT: none is known */
};

struct checker {
	struct arena *arena;
	const struct app_options *o;
	time_ms now;
};

/* Outside of the database. */
struct check check_audit(const struct checker *k);
struct check check_certificate(const struct checker *k);
struct check check_space(const struct checker *k);
struct check check_reserve(const struct checker *k);
struct check check_backups(const struct checker *k, const char *folder);

/* In the database, of all companies. */
int check_jobs(const struct checker *k, struct ctx *c, struct check *out) MUST_CHECK;
int check_followers(const struct checker *k, struct ctx *c, struct check *out) MUST_CHECK;
/* Whether anybody answers for what is late: in every company, or in the ctx's own when `own`. */
int check_escalations(const struct checker *k, struct ctx *c, bool own, struct check *out) MUST_CHECK;
