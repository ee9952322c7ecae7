/* Opening a document: which part of the package is its text, what that part refers to, and its pictures. */
#include "engine/document/docx_private.h"

#include <string.h>

static const struct docx_limits usual = { .text = 1u << 20, .uncompressed = 96u << 20, .pictures = 40, .picture = 16u << 20 };
enum { ENTRIES = 4000, RATIO = 300 };

static void fill_limits(struct docx *d, const struct docx_limits *given)
{
	d->limits = given ? *given : usual;
#define FILL(field) (d->limits.field = d->limits.field ? d->limits.field : usual.field)
	FILL(text), FILL(uncompressed), FILL(pictures), FILL(picture);
#undef FILL
	d->sheet.limits = (struct sheet_limits){ .entries = ENTRIES, .ratio = RATIO, .uncompressed = d->limits.uncompressed };
}

/* The package speaks of spreadsheets. */
static int told(struct docx *d, int r)
{
	struct sheet_fault *f = d->sheet.fault;
	if (r >= 0)
		return r;
	if (!f->code)
		*f = (struct sheet_fault){ .code = r };
	f->code = f->code == ERR_SHEET_LIMIT ? ERR_DOCUMENT_LIMIT : f->code == ERR_SHEET_OLD ? ERR_DOCUMENT_OLD : f->code == ERR_SHEET_FORMAT ? ERR_DOCUMENT_FORMAT : f->code;
	return f->code;
}

static int check_head(struct docx *d)
{
	char head[8];
	int64_t n = sheet_read(&d->sheet, 0, head, sizeof(head));
	TRY((int)n);
	if (n == 8 && !memcmp(head, "\xD0\xCF\x11\xE0", 4))
		return sheet_fail(&d->sheet, ERR_DOCUMENT_OLD, 0, 0, NULL);
	if (n < 4 || memcmp(head, "PK\3\4", 4) != 0)
		return sheet_fail(&d->sheet, ERR_DOCUMENT_FORMAT, 0, 0, NULL);
	return 0;
}

static int find_document(struct docx *d)
{
	struct sheet *s = &d->sheet;
	struct relations root;
	int r = relations_read(s, d->package, "_rels/.rels", "", &root);
	if (r == ERR_NOT_FOUND)
		return sheet_fail(s, ERR_DOCUMENT_FORMAT, 0, 0, NULL);
	TRY(r);
	d->path = relation_path(&root, "officeDocument");
	if (!d->path)
		return sheet_fail(s, ERR_DOCUMENT_FORMAT, 0, 0, NULL);
	d->relations = (struct relations){ .sheet = s };
	r = relations_of_part(s, d->package, d->path, &d->relations);
	return r == ERR_NOT_FOUND ? 0 : r;
}

static int open_all(struct docx *d)
{
	TRY(check_head(d));
	TRY(package_open(&d->sheet, &d->package));
	TRY(find_document(d));
	const char *styles = relation_path(&d->relations, "styles"), *lists = relation_path(&d->relations, "numbering");
	int r = styles ? styles_read(&d->sheet, d->package, styles, &d->styles) : 0;
	if (r == 0 || r == ERR_NOT_FOUND)
		r = lists ? lists_read(&d->sheet, d->package, lists, &d->lists) : 0;
	return r == ERR_NOT_FOUND ? 0 : r;
}

int docx_open(struct arena *a, const struct sheet_source *source, const struct docx_limits *limits, struct sheet_fault *fault, struct docx **out)
{
	*out = NULL;
	*fault = (struct sheet_fault){ 0 };
	struct docx *d = ARENA_NEW(a, struct docx);
	d->sheet = (struct sheet){ .arena = a, .source = *source, .fault = fault };
	fill_limits(d, limits);
	d->pictures = ARENA_ARRAY(a, const struct relation *, d->limits.pictures);
	int r = open_all(d);
	if (r < 0) {
		docx_close(d);
		return told(d, r);
	}
	*out = d;
	return 0;
}

int docx_read(struct docx *d, struct docx_text *out)
{
	int r = docx_walk(d);
	if (r == ERR_NOT_FOUND)
		r = sheet_fail(&d->sheet, ERR_SHEET_DAMAGED, 0, 0, NULL);
	if (r < 0)
		return told(d, r);
	*out = (struct docx_text){ .title = d->title, .body = text_end(&d->flows[0].out), .pictures = d->picture_count, .left = d->left };
	return *out->body ? 0 : told(d, sheet_fail(&d->sheet, ERR_DOCUMENT_EMPTY, 0, 0, NULL));
}

static int read_picture(struct docx *d, const char *path, struct arena *a, struct bytes *out)
{
	enum { PIECE = 65536 };
	struct part *part;
	struct text t = text_in(a);
	int64_t n = 0;
	int r = part_open(d->package, path, &part);
	if (r == ERR_NOT_FOUND)
		return 0;
	TRY(r);
	do {
		text_reserve(&t, PIECE);
		n = part_read(part, t.p + t.n, PIECE - 1);
		t.n += n > 0 ? (size_t)n : 0;
	} while (n > 0 && t.n <= d->limits.picture);
	part_close(part);
	TRY((int)n);
	if (t.n <= d->limits.picture)
		*out = (struct bytes){ (const uint8_t *)t.p, t.n };
	return 0;
}

int docx_picture(struct docx *d, size_t number, struct arena *a, struct bytes *out)
{
	*out = (struct bytes){ 0 };
	return number < d->picture_count ? told(d, read_picture(d, d->pictures[number]->path, a, out)) : 0;
}

void docx_close(struct docx *d)
{
	if (d)
		package_close(d->package);
}

void docx_close_pointer(struct docx **d)
{
	docx_close(*d);
}
