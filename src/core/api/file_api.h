/* Files over HTTP: announce, send parts, read. The same for staff and customers. */
#pragma once

#include "net/route.h"

extern const struct route file_routes[];
extern const size_t file_route_count;

/* For routes of one's own that announce a file: body and answer, and what they do. */
extern const struct shape file_announce_shape, file_place_shape;
int file_announce(struct ctx *c, const void *in, void *out) MUST_CHECK;

/* In a reading ctx: what a file is, for whoever uploaded it or may see something that holds it; ERR_NOT_FOUND for others. */
struct file_info;
int file_for_reader(struct ctx *c, int64_t id, struct file_info *out) MUST_CHECK;

/* Sends the file that `find` names, to whoever asks: that is the caller's to decide. find runs in a reading ctx; ERR_NOT_FOUND for none. One range of it, where
 * that is asked for (RFC 9110 §14), in pieces of a megabyte. */
void file_send(struct http_request *r, struct ctx *c, int (*find)(struct ctx *c, struct http_request *r, int64_t *id));
