/* A person's own conversations, for whoever may be asking by the customer's sign-in or as a visitor: one of them, what was said, having read, rating it.
 * Who came by the link of one ticket sees that ticket and nothing else. */
#pragma once

#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

struct conversation;
struct ctx;

/* Answers of routes; `in` is id_in, messages_in, read_in and conversation_rate_in. */
int own_conversation(struct ctx *c, const void *in, void *out) MUST_CHECK;
int own_messages(struct ctx *c, const void *in, void *out) MUST_CHECK;
int own_read_to(struct ctx *c, const void *in, void *out) MUST_CHECK;
int own_rate(struct ctx *c, const void *in, void *out) MUST_CHECK;

int own_not_by_link(struct ctx *c) MUST_CHECK;
/* "items":[…] of these. */
int own_list_write(struct ctx *c, const struct conversation *rows, size_t n, struct text *out) MUST_CHECK;
/* The conversation as its owner sees it, as an answer; own_said(): with the number of what she just said. */
int own_show(struct ctx *c, const struct conversation *k, void *out) MUST_CHECK;
int own_said(struct ctx *c, const struct conversation *k, int64_t no, void *out) MUST_CHECK;
