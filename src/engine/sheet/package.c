/* Zip by libzip, XML by expat, both behind the limits of the sheet. */
#include "engine/sheet/package.h"

#include <errno.h>
#include <string.h>
#include <zip.h>

struct package {
	struct sheet *sheet;
	zip_t *zip;
	zip_error_t error;
	uint64_t at;                 /* of the source */
	uint64_t left;               /* uncompressed bytes that may still be read */
};

struct part {
	struct package *package;
	zip_file_t *file;
	uint64_t got, compressed;
};

static int damaged(struct sheet *s)
{
	/* A reason noted deeper (a failing callback, a limit) says more. */
	return s->fault->code ? s->fault->code : sheet_fail(s, ERR_SHEET_DAMAGED, 0, 0, NULL);
}

/* ---- the source for libzip ---- */

static zip_int64_t source_seek(struct package *p, void *data, zip_uint64_t n)
{
	zip_int64_t to = zip_source_seek_compute_offset(p->at, p->sheet->source.size, data, n, &p->error);
	if (to < 0)
		return -1;
	p->at = (uint64_t)to;
	return 0;
}

static zip_int64_t source_read(struct package *p, void *data, zip_uint64_t n)
{
	int64_t got = sheet_read(p->sheet, p->at, data, n);
	if (got < 0) {
		zip_error_set(&p->error, ZIP_ER_READ, EIO);
		return -1;
	}
	p->at += (uint64_t)got;
	return got;
}

static zip_int64_t source_stat(struct package *p, void *data)
{
	zip_stat_t *st = data;
	zip_stat_init(st);
	st->valid = ZIP_STAT_SIZE;
	st->size = p->sheet->source.size;
	return sizeof(*st);
}

static zip_int64_t source_call(void *self, void *data, zip_uint64_t n, zip_source_cmd_t command)
{
	struct package *p = self;
	switch (command) {
	case ZIP_SOURCE_OPEN:
		p->at = 0;
		return 0;
	case ZIP_SOURCE_READ:
		return source_read(p, data, n);
	case ZIP_SOURCE_SEEK:
		return source_seek(p, data, n);
	case ZIP_SOURCE_TELL:
		return (zip_int64_t)p->at;
	case ZIP_SOURCE_STAT:
		return source_stat(p, data);
	case ZIP_SOURCE_ERROR:
		return zip_error_to_data(&p->error, data, n);
	case ZIP_SOURCE_CLOSE:
	case ZIP_SOURCE_FREE:
		return 0;
	case ZIP_SOURCE_SUPPORTS:
		return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
						      ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL,
						      ZIP_SOURCE_SUPPORTS, -1);
	default:
		zip_error_set(&p->error, ZIP_ER_OPNOTSUPP, 0);
		return -1;
	}
}

int package_open(struct sheet *s, struct package **out)
{
	struct package *p = ARENA_NEW(s->arena, struct package);
	p->sheet = s;
	p->left = s->limits.uncompressed;
	zip_error_init(&p->error);
	zip_error_t error;
	zip_error_init(&error);
	zip_source_t *source = zip_source_function_create(source_call, p, &error);
	if (source)
		p->zip = zip_open_from_source(source, ZIP_RDONLY, &error);
	zip_error_fini(&error);
	if (!p->zip) {
		if (source)
			zip_source_free(source);
		return damaged(s);
	}
	*out = p;
	if (zip_get_num_entries(p->zip, 0) > (zip_int64_t)s->limits.entries)
		return sheet_over(s, 0, 0, "entries", s->limits.entries);
	return 0;
}

void package_close(struct package *p)
{
	if (!p || !p->zip)
		return;
	zip_discard(p->zip);
	p->zip = NULL;
	zip_error_fini(&p->error);
}

/* ---- parts ---- */

int part_open(struct package *p, const char *path, struct part **out)
{
	*out = NULL;
	zip_int64_t index = zip_name_locate(p->zip, path, ZIP_FL_NOCASE);
	if (index < 0)
		return ERR_NOT_FOUND;
	zip_stat_t st;
	if (zip_stat_index(p->zip, (zip_uint64_t)index, 0, &st) < 0)
		return damaged(p->sheet);
	if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE)
		return sheet_fail(p->sheet, ERR_SHEET_OLD, 0, 0, NULL);
	struct part *t = ARENA_NEW(p->sheet->arena, struct part);
	t->package = p;
	t->compressed = st.comp_size;
	t->file = zip_fopen_index(p->zip, (zip_uint64_t)index, 0);
	if (!t->file)
		return damaged(p->sheet);
	*out = t;
	return 0;
}

int64_t part_read(struct part *t, void *buffer, size_t n)
{
	struct package *p = t->package;
	struct sheet *s = p->sheet;
	zip_int64_t got = zip_fread(t->file, buffer, n);
	if (got < 0)
		return damaged(s);
	t->got += (uint64_t)got;
	if ((uint64_t)got > p->left)
		return sheet_over(s, 0, 0, "uncompressed bytes", s->limits.uncompressed);
	p->left -= (uint64_t)got;
	if (t->got > (1u << 20) && t->got / s->limits.ratio > t->compressed)
		return sheet_over(s, 0, 0, "compression ratio", s->limits.ratio);
	return got;
}

void part_close(struct part *t)
{
	if (!t || !t->file)
		return;
	zip_fclose(t->file);
	t->file = NULL;
}

/* ---- XML ---- */

enum { FEED = 65536, MOST_DEPTH = 64, MOST_TOKEN = 1 << 20 };

static void on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
	struct xml *x = user;
	if (++x->depth > MOST_DEPTH) {
		xml_stop(x, sheet_over(x->sheet, 0, 0, "depth", MOST_DEPTH));
		return;
	}
	if (!x->error)
		x->start(x, name, attributes);
}

static void on_end(void *user, const XML_Char *name)
{
	struct xml *x = user;
	x->depth--;
	if (x->end && !x->error)
		x->end(x, name);
}

static void on_characters(void *user, const XML_Char *p, int n)
{
	struct xml *x = user;
	if (!x->error)
		x->characters(x, p, n);
}

static void on_doctype(void *user, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
	struct xml *x = user;
	xml_stop(x, sheet_fail(x->sheet, ERR_SHEET_DAMAGED, 0, 0, " (DTD)"));
}

int xml_open(struct xml *x)
{
	x->parser = XML_ParserCreate(NULL);
	if (!x->parser)
		return sheet_fail(x->sheet, ERR_NO_MEMORY, 0, 0, NULL);
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, on_start, on_end);
	if (x->characters)
		XML_SetCharacterDataHandler(x->parser, on_characters);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
	return 0;
}

void xml_stop(struct xml *x, int error)
{
	if (!x->error)
		x->error = error;
	XML_StopParser(x->parser, XML_FALSE);
}

void xml_pause(struct xml *x)
{
	x->paused = true;
	XML_StopParser(x->parser, XML_TRUE);
}

/* One more piece of the part. expat keeps an unfinished token whole and reads it again from its start with every piece:
 * a tag of many megabytes would take quadratic time. */
static int feed(struct xml *x, enum XML_Status *status)
{
	void *buffer = XML_GetBuffer(x->parser, FEED);
	if (!buffer)
		return sheet_fail(x->sheet, ERR_NO_MEMORY, 0, 0, NULL);
	int64_t n = part_read(x->part, buffer, FEED);
	if (n < 0)
		return (int)n;
	x->last = n == 0;
	x->fed += (uint64_t)n;
	*status = XML_ParseBuffer(x->parser, (int)n, x->last);
	XML_Index done = XML_GetCurrentByteIndex(x->parser);
	if (*status == XML_STATUS_OK && !x->last && done >= 0 && x->fed - (uint64_t)done > MOST_TOKEN)
		return sheet_over(x->sheet, 0, 0, "XML token bytes", MOST_TOKEN);
	return 0;
}

int xml_run(struct xml *x)
{
	enum XML_Status status = XML_STATUS_OK;
	if (x->paused) {
		x->paused = false;
		status = XML_ResumeParser(x->parser);
	} else if (x->last) {
		return 0;
	}
	for (;;) {
		if (x->error)
			return x->error;
		if (status == XML_STATUS_ERROR)
			return damaged(x->sheet);
		if (x->paused)
			return 1;
		if (x->last)
			return 0;
		TRY(feed(x, &status));
	}
}

void xml_close(struct xml *x)
{
	if (x->parser)
		XML_ParserFree(x->parser);
	x->parser = NULL;
	part_close(x->part);
	x->part = NULL;
}

int xml_read_part(struct xml *x, struct package *p, const char *path)
{
	TRY(part_open(p, path, &x->part));
	int r = xml_open(x);
	if (r == 0)
		r = xml_run(x);
	xml_close(x);
	return r;
}

bool xml_is(const char *name, const char *local)
{
	const char *colon = strchr(name, ':');
	return strcmp(colon ? colon + 1 : name, local) == 0;
}

const char *xml_attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (xml_is(attributes[0], name))
			return attributes[1];
	return NULL;
}
