/* What the answers about duty have in common. */
#pragma once

#include "base/text.h"
#include "domain/duty/duty.h"

void duty_write_id(struct text *t, int64_t id);                 /* "12"; 0: null */
void duty_write_time(struct text *t, time_ms at);               /* 0: null */
/* ,"names":{"12":"林晓"}: of all people that the desk tells of. */
int duty_write_names(struct ctx *c, const struct duty_desk *d, struct text *t) MUST_CHECK;
/* ,"reasons":[{"id","name","name_en","limit_minutes"}] */
int duty_write_reasons(struct ctx *c, struct text *t) MUST_CHECK;

/* People by id after `after`, whose shifts the actor may see; *next: the last one looked at when there may be more, else 0. team_id 0: in no team. */
enum duty_of { EVERYBODY, TEAM };
int duty_page(struct ctx *c, enum duty_of whose, int64_t team_id, int64_t after, size_t most, struct duty_person **people, size_t *n, int64_t *next) MUST_CHECK;
