/* A load generator for benches: keep-alive HTTP clients on one epoll thread, each sending its next request as soon as the
 * last one is answered. Every answer must have the expected status. */
#pragma once

#include "base/error.h"

struct load {
	int port;
	int connections;
	double seconds;                 /* measured; a tenth of it is warm-up before */
	size_t requests_most;           /* 0: none; else ends after so many, all of them measured */
	int expected;                   /* status */
	/* The whole request, in the arena (reset after each); NULL: nothing more to ask. */
	const char *(*next)(void *arg, struct arena *a, size_t *n);
	void *arg;

	/* results */
	size_t done, wrong;
	double per_second, p50_ms, p99_ms;
};

int load_run(struct load *l) MUST_CHECK;

/* One request outside of a measurement; the answer's body, and the value of Set-Cookie up to the first ';' (or NULL). */
int load_call(int port, struct arena *a, const char *request, int *status, const char **body, const char **cookie) MUST_CHECK;
/* The same for a request with any bytes in it. */
int load_send(int port, struct arena *a, const char *request, size_t request_n, int *status, const char **body, const char **cookie) MUST_CHECK;
/* The same from the address of `number`. */
int load_call_from(int port, int number, struct arena *a, const char *request, int *status, const char **body) MUST_CHECK;
/* A connection from an address of its own: 127.0.1.0 and on. Negative: errno says why. */
int load_connect(int port, int number);
