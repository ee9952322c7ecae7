/* Files: uploaded in resumable parts, judged by their content, sealed with a key of their own, kept by content hash.
 *
 * What touches the disk runs on a pool thread (file_part, file_prepare, file_read); what touches the database runs in the
 * writer (file_begin, file_advance, file_finish, file_attach). A crash between the two leaves a longer part, which the next
 * part overwrites, or a blob that nobody names, which the orphan job removes. Erasing a file is destroying its key. */
#pragma once

#include <stdbool.h>

#include "base/crypto.h"
#include "core/file/blob.h"
#include "db/ctx.h"

struct pool;

struct file_store;
/* folder: for uploads in progress. blobs: where finished files go. media_child: argv[0] of `anxin media-child`, at_once of them. */
int file_store_open(const char *folder, struct blob_store *blobs, const char *media_child, unsigned at_once, struct log *log,
                    struct file_store **out) MUST_CHECK;
/* Lets what is being prepared end, while the writer still runs; then nothing is prepared any more. */
void file_store_stop(struct file_store *f);
void file_store_close(struct file_store *f);

struct upload_place {
	int64_t id, offset, size;
	int64_t key;                    /* for file_prepare */
};

/* Writer: announces a file. ERR_TOO_LARGE, ERR_FIELD_INVALID (name), ERR_RATE (too many open uploads). */
int file_begin(struct ctx *c, const char *name, int64_t size, struct upload_place *out) MUST_CHECK;
/* Any thread with a reading or writing ctx: how far it came; only its own actor finds it (ERR_NOT_FOUND). A finished one: offset = size. */
int file_place(struct ctx *c, int64_t id, struct upload_place *out) MUST_CHECK;
/* Pool: writes and syncs the bytes at offset. ERR_OFFSET with the right offset when `at` differs from the place. */
int file_part(struct ctx *c, const struct upload_place *place, int64_t at, struct bytes part) MUST_CHECK;
/* Writer: the part is on disk. */
int file_advance(struct ctx *c, int64_t id, int64_t from, int64_t to) MUST_CHECK;

struct file_ready {
	const char *blob, *thumbnail;   /* names in the store; thumbnail "" for none */
	int64_t size, thumbnail_size;
	const char *type;
	int64_t width, height;
};

/* Pool, once the last part is on disk, instead of advancing: sniffs, re-encodes pictures without their place in the media
 * child, seals, stores. Needs no database. ERR_OFFSET: not complete; ERR_MEDIA_TYPE: dangerous or broken, then file_drop();
 * ERR_BUSY: the same file is being written. So a crash before file_finish leaves an upload that wants its last part again. */
int file_prepare(struct ctx *c, const struct upload_place *place, struct file_ready *out) MUST_CHECK;
/* Two threads for that: pictures wait for pictures, not reads for pictures. */
struct pool *file_pool(struct file_store *s);
/* Writer: the upload becomes a file. Harmless when it is one already. */
int file_finish(struct ctx *c, int64_t id, const struct file_ready *ready) MUST_CHECK;

/* Pool: all of that but file_finish() for bytes from outside. *id 0: they are too large, dangerous or broken, and nothing of them is kept. */
int file_bring(struct ctx *c, const char *name, struct bytes body, int64_t *id, struct file_ready *out) MUST_CHECK;

/* Writer: the upload is given up. */
int file_drop(struct ctx *c, int64_t id) MUST_CHECK;

/* Writer: an object holds the file; its key becomes the person's, so that erasing the person erases it. customer_id 0: nobody's.
 * Only who uploaded it may: otherwise ERR_INVALID with field file_ids, as for a file that does not exist. */
int file_attach(struct ctx *c, int64_t id, const char *object, int64_t object_id, int64_t customer_id) MUST_CHECK;
/* The object lets go; files that nothing holds any more are gone, their keys destroyed after COMMIT. */
int file_release(struct ctx *c, const char *object, int64_t object_id, int64_t *released) MUST_CHECK;
/* One file alone, from whichever of these objects holds it; 0: none does. */
int file_let_go(struct ctx *c, int64_t id, const char *object, int64_t *object_id) MUST_CHECK;

struct file_info {
	int64_t id, size, width, height, created_at;
	int64_t actor_kind, actor_id;   /* who uploaded it */
	const char *name, *type;        /* name opened */
	bool has_thumbnail;
	bool is_inline;                 /* safe to show in the page; otherwise Content-Disposition: attachment */
};
int file_show(struct ctx *c, int64_t id, struct file_info *out) MUST_CHECK;
/* All that an object holds, asked for at once; those that are erased are not among them. */
int file_held(struct ctx *c, const char *object, int64_t object_id, struct file_info **out, size_t *n) MUST_CHECK;

/* What holds the file: whoever may see one of these may read it. */
struct file_holder {
	const char *object;
	int64_t object_id;
};
int file_holders(struct ctx *c, int64_t id, struct file_holder **holders, size_t *n) MUST_CHECK;

/* Pool: content in clear, from any place on, so that ranges cost what they are long. ERR_ERASED, ERR_NOT_FOUND (no thumbnail).
 * A read gives up to n bytes, at least one before the end; it needs no ctx and no database. */
enum file_form { FILE_CONTENT, FILE_THUMBNAIL };
struct file_reader {
	int64_t id, size;
	enum file_form form;
	int fd;
	struct key key;
};
int file_open(struct ctx *c, int64_t id, enum file_form form, struct file_reader *out) MUST_CHECK;
int file_reader_read(struct file_reader *f, int64_t at, uint8_t *p, size_t n, size_t *got) MUST_CHECK;
/* A piece that lies within it, in the arena. */
int file_reader_some(struct ctx *c, struct file_reader *f, int64_t from, int64_t size, struct bytes *out) MUST_CHECK;
/* All of it: in the arena, or in a temporary file that the caller unlinks. */
int file_reader_all(struct ctx *c, struct file_reader *f, struct bytes *out) MUST_CHECK;
int file_reader_spill(struct ctx *c, struct file_reader *f, const char **path) MUST_CHECK;
void file_reader_close(struct file_reader *f);
/* Both at once. */
int file_read(struct ctx *c, int64_t id, enum file_form form, struct bytes *out) MUST_CHECK;
/* For parsers that need a path (imports). */
int file_read_to(struct ctx *c, int64_t id, const char **path) MUST_CHECK;
/* The same of one's own upload, with its name, cut. A stranger's is not even opened: what it is like would show in the error. */
int file_read_own(struct ctx *c, int64_t id, const char **name, const char **path) MUST_CHECK;

/* Pool: an open temporary file with a name, for what is made to be sent; a crash leaves it to file_orphans. */
int file_temporary(struct ctx *c, const char **path, int *fd) MUST_CHECK;

/* Jobs. Writer: drops uploads past their time and files that nothing holds a day after they came; one chunk a call,
 * called at least every other day. */
int file_sweep(struct ctx *c, int64_t *removed) MUST_CHECK;
/* Pool: removes blobs older than a day that no row of any company names, and what crashes left in the folder of uploads. */
int file_orphans(struct ctx *c, int64_t *removed) MUST_CHECK;

/* QR code as an SVG document, error correction M, quiet zone included. ERR_FIELD_INVALID: empty or over 1,000 bytes. */
int qr_svg(struct arena *a, const char *text, const char **svg) MUST_CHECK;
