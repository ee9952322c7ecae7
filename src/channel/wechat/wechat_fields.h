/* wechat_fields: a delivery of WeChat, XML or JSON, as a flat list of names and texts ("ScanCodeInfo.ScanResult").
 *
 * No document type, no entities beyond the five of XML, no name spaces, nothing from elsewhere; size, depth and number of elements are capped
 * before anything is kept. A name that comes again is refused: two readers could take different ones for true. The entries of a list that
 * events of subscriptions bring are told apart, the second as "List.2". */
#pragma once

#include "base/error.h"

enum { WECHAT_DELIVERY_MOST = 256 * 1024, WECHAT_FIELDS_MOST = 200, WECHAT_DEPTH_MOST = 6 };

#define WECHAT_LIST "List"

struct wechat_field {
	const char *name, *value;
};
struct wechat_fields {
	struct wechat_field *at;
	size_t n;
};

/* ERR_BAD_REQUEST for what is neither, or past a cap. */
int wechat_fields_read(struct arena *a, const char *text, size_t n, struct wechat_fields *out) MUST_CHECK;
/* "" when there is none. */
const char *wechat_field(const struct wechat_fields *f, const char *name);

/* <xml> with each value as CDATA, whatever stands in it; for answers. */
const char *wechat_xml(struct arena *a, const struct wechat_field *fields, size_t n);
