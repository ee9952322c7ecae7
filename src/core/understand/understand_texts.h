/* A pack's knowledge as files and as texts to learn from. */
#pragma once

#include "core/understand/understand_private.h"

struct understand_file {
	const char *product;            /* the folder it lies in */
	struct bytes text;
};

struct understand_files {
	struct bytes words, outside;
	struct understand_file *products;       /* by name */
	size_t product_count;
};

struct bytes understand_slurp(struct arena *a, const char *path);      /* nothing (p NULL) when it cannot be read */
int understand_files_read(struct arena *a, const char *folder, struct understand_files *out) MUST_CHECK;
/* Everything in normal form, without vectors; *fault names the file that cannot be read. */
int understand_texts_read(struct arena *a, const struct understand_files *files, const struct understand_words *words, struct classify_source *out,
			  const char **fault) MUST_CHECK;
