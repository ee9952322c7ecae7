/* Which part of a content was asked for (RFC 9110 §14): one range of bytes. Several at once, other units and what says nothing count as all of it. Pure. */
#pragma once

#include <stdint.h>

enum file_range_kind { RANGE_WHOLE, RANGE_PART, RANGE_OUTSIDE };

struct file_range {
	enum file_range_kind kind;
	int64_t at, n;                  /* of a part */
};

/* header: of the request, NULL for none. */
struct file_range file_range_of(const char *header, int64_t size);
