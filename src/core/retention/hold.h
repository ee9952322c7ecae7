/* hold: a legal hold that a person places on a customer or a ticket (docs/adr/0042).
 *
 * While one is in force nothing of what it is about is erased or emptied: not by age, not on her request. A hold on a customer is one on her
 * tickets, devices and files; a hold on a ticket keeps its customer's key, without which it could not be read; what was merged into a row brings
 * its holds along. */
#pragma once

#include "core/record/record.h"
#include "gen/schema.h"

/* Those in force that keep a row ("customer", "ticket"), oldest first. */
int hold_find(struct ctx *c, const char *object, int64_t object_id, struct legal_hold **out, size_t *n) MUST_CHECK;
/* ERR_HELD, naming the oldest, while there is one. */
int hold_refuse(struct ctx *c, const char *object, int64_t object_id) MUST_CHECK;

struct retention_row;
/* Marks as held those of a page that are due otherwise. */
int hold_mark(struct ctx *c, const char *object, struct retention_row *rows, size_t n) MUST_CHECK;
