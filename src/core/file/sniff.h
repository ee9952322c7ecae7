/* What a file is, judged by its content alone: never by its name or by what the sender claims. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum file_class {
	FILE_REFUSED,           /* programs, pages and pictures with script, anything unknown */
	FILE_PICTURE,           /* re-encoded before it is kept */
	FILE_MEDIA,             /* sound and moving pictures: shown in the page */
	FILE_ATTACHMENT,        /* documents: only ever downloaded */
};

struct file_kind {
	const char *type;       /* "image/jpeg" */
	enum file_class class;
};

enum { SNIFF_SIZE = 4096 };

/* head: the first SNIFF_SIZE bytes, or all of a shorter file. Never NULL. */
const struct file_kind *sniff(const uint8_t *head, size_t n);

/* By name of the type, for files that were judged before; an unknown name gives an attachment. */
const struct file_kind *file_kind_of(const char *type);
