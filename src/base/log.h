/* Structured log: one JSON line an event, to a file descriptor. Logged once, where a thing is handled.
 *
 * Values are escaped, so nothing that came from outside can start a line of its own. Personal data and secrets never
 * come here: log ids, codes and sizes. Writing is one write(2) a line, safe from all threads. */
#pragma once

#include <stdint.h>

#include "base/clock.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log {
	int fd;
	enum log_level least;
	const struct clock *clock;
	_Atomic uint64_t written[4];    /* lines per level, for metrics */
};

void log_init(struct log *l, int fd, enum log_level least, const struct clock *clock);

/* log_write(l, LOG_WARN, "request refused", "request", c->request_id, "code", error_name(code), NULL):
 * pairs of strings, ended by NULL; a NULL value is written as null. */
void log_write(struct log *l, enum log_level level, const char *what, ...) __attribute__((sentinel));
