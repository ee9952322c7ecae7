/* Connections that listen: staff and visitors whose WebSockets a bench opens and times frames of. */
#pragma once

#include "app/bench_server.h"

enum { LISTEN_ROOM = 65536 };

/* `n` colleagues who are signed in, in *cookies ("name=value"): every second one sees all rows, the others those of their team and of none. */
int listen_add_people(struct bench_run *b, size_t n, const char **cookies) MUST_CHECK;
/* A WebSocket at `path` from the address of `number`; head: further lines, each with its line end. */
int listen_open(struct bench_run *b, int number, const char *path, const char *head, int *fd) MUST_CHECK;
/* topic: at most 60 bytes. */
int listen_subscribe(int fd, const char *topic) MUST_CHECK;
/* As many descriptors as may be. */
void listen_raise_files(void);

/* Times in ms, at most `most`. */
struct listen_times {
	double *ms;
	size_t n, most;
};
void listen_time(struct listen_times *t, double ms);
/* Wall clock in ms, as events carry it. */
double listen_now_ms(void);
/* Adds the age of each event of one of `kinds` (NULL-ended) that stands in these frames; bytes[n] is written. */
void listen_ages(struct listen_times *t, char *bytes, size_t n, const char *const *kinds);
/* Sorts and says the time that `share` of them are within; 0 when there is none. */
double listen_within(struct listen_times *t, double share);
