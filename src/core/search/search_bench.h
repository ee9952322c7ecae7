/* How fast a million documents are searched: one giant company, many small ones, texts as people write them. */
#pragma once

#include "db/ctx.h"

struct search_bench {
	const char *url;                /* a migrated database; filled up to `documents` and kept for the next run */
	const char *texts;              /* a file of texts, the last tab-separated field of each line; NULL: built-in sentences */
	int64_t documents;
	size_t questions;
	struct log *log;
	const struct clock *clock;

	double built_per_second;        /* 0 when all documents were there already */
	double p50_ms, p99_ms, most_ms;
	double tiny_p99_ms;             /* of a company with 1,000 documents */
	double hits_mean;               /* candidates a question, capped at 2,000 */
};

int search_bench_run(struct search_bench *b) MUST_CHECK;
