/* redirect: the plain port beside https. It sends whoever comes there to the same path on the https address, answers the challenges of a
 * certificate authority from a folder (RFC 8555 §8.3), and does nothing else.
 *
 * It promises: the address it sends people to is the configured one, whatever a request says; no byte of a request but a checked path comes
 * back in an answer; a connection is closed after its answer and after a few seconds at the latest. No request reaches the server behind it. */
#pragma once

#include "base/error.h"
#include "base/log.h"

struct redirect;

struct redirect_options {
	int listen_fd;                  /* from http_listen(); its owner closes it after redirect_close() */
	const char *to;                 /* "https://service.example.cn:8443", without a path */
	const char *challenges;         /* folder of tokens; NULL: none */
	struct log *log;
};

int redirect_open(const struct redirect_options *o, struct redirect **out) MUST_CHECK;
void redirect_close(struct redirect *r);        /* accepts NULL */

/* The answer to a head of n bytes that ends with an empty line, and its length; for the test beside it, too. */
enum { REDIRECT_HEAD_MOST = 8192, REDIRECT_ANSWER_MOST = REDIRECT_HEAD_MOST + 4096 + 1024 };
size_t redirect_answer(const struct redirect_options *o, const char *head, size_t n, char *answer);
