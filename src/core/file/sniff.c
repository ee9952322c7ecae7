/* A table of marks at fixed places (WHATWG MIME Sniffing §6, file(1)), then a closer look at text and containers. */
#include "core/file/sniff.h"

#include <string.h>
#include <strings.h>

static const struct file_kind refused = { "application/octet-stream", FILE_REFUSED };
static const struct file_kind plain = { "text/plain", FILE_ATTACHMENT };

#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define DOCX "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

static const struct mark {
	size_t at;
	const char *bytes;
	size_t n;
	struct file_kind kind;
} marks[] = {
#define MARK(at, bytes, type, class) { at, bytes, sizeof(bytes) - 1, { type, class } }
	MARK(0, "\xFF\xD8\xFF", "image/jpeg", FILE_PICTURE),
	MARK(0, "\x89PNG\r\n\x1A\n", "image/png", FILE_PICTURE),
	MARK(8, "WEBPVP", "image/webp", FILE_PICTURE),
	MARK(0, "GIF87a", "image/gif", FILE_ATTACHMENT),
	MARK(0, "GIF89a", "image/gif", FILE_ATTACHMENT),
	/* Carry the place where they were taken and cannot be re-encoded here. */
	MARK(4, "ftypheic", "image/heic", FILE_REFUSED),
	MARK(4, "ftypheix", "image/heic", FILE_REFUSED),
	MARK(4, "ftypmif1", "image/heif", FILE_REFUSED),
	MARK(4, "ftypavif", "image/avif", FILE_REFUSED),
	MARK(0, "II*\0", "image/tiff", FILE_REFUSED),
	MARK(0, "MM\0*", "image/tiff", FILE_REFUSED),
	MARK(4, "ftypM4A ", "audio/mp4", FILE_MEDIA),
	MARK(4, "ftypqt  ", "video/quicktime", FILE_MEDIA),
	MARK(4, "ftyp", "video/mp4", FILE_MEDIA),
	MARK(0, "\x1A\x45\xDF\xA3", "video/webm", FILE_MEDIA),
	MARK(0, "OggS\0", "audio/ogg", FILE_MEDIA),
	MARK(0, "ID3", "audio/mpeg", FILE_MEDIA),
	MARK(0, "\xFF\xFB", "audio/mpeg", FILE_MEDIA),
	MARK(0, "#!AMR", "audio/amr", FILE_MEDIA),
	MARK(8, "WAVEfmt ", "audio/wav", FILE_MEDIA),
	MARK(0, "%PDF-", "application/pdf", FILE_ATTACHMENT),
	MARK(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "application/x-ole-storage", FILE_ATTACHMENT),
	MARK(0, "MZ", "application/x-msdownload", FILE_REFUSED),
	MARK(0, "\x7F" "ELF", "application/x-elf", FILE_REFUSED),
	MARK(0, "\xCA\xFE\xBA\xBE", "application/java-vm", FILE_REFUSED),
	MARK(0, "\xCF\xFA\xED\xFE", "application/x-mach-binary", FILE_REFUSED),
	MARK(0, "\x4C\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut", FILE_REFUSED),
	MARK(0, "#!", "text/x-shellscript", FILE_REFUSED),
#undef MARK
};

static const struct file_kind containers[] = {
	{ XLSX, FILE_ATTACHMENT },
	{ DOCX, FILE_ATTACHMENT },
	{ "application/zip", FILE_ATTACHMENT },
};

static bool contains(const uint8_t *p, size_t n, const char *what)
{
	return memmem(p, n, what, strlen(what)) != NULL;
}

/* A container that says in its head what runs in it, and no pictures do. Browsers record voices so (RFC 9559 CodecID, ISO/IEC 14496-12 hdlr). */
static const struct file_kind voices[] = { { "audio/webm", FILE_MEDIA }, { "audio/mp4", FILE_MEDIA } };

static const struct file_kind *sniff_voice(const struct file_kind *kind, const uint8_t *head, size_t n)
{
	if (!strcmp(kind->type, "video/webm") && contains(head, n, "A_OPUS") && !contains(head, n, "V_VP") && !contains(head, n, "V_AV1") && !contains(head, n, "V_MPEG"))
		return &voices[0];
	if (!strcmp(kind->type, "video/mp4") && contains(head, n, "soun") && contains(head, n, "hdlr") && !contains(head, n, "vide"))
		return &voices[1];
	return kind;
}

static const struct file_kind *sniff_zip(const uint8_t *head, size_t n)
{
	if (contains(head, n, "xl/"))
		return &containers[0];
	if (contains(head, n, "word/"))
		return &containers[1];
	return &containers[2];
}

/* Text in UTF-8 or a Chinese encoding: bytes that no text holds betray a binary file. */
static bool looks_like_text(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((p[i] < 0x20 && p[i] != '\t' && p[i] != '\n' && p[i] != '\r' && p[i] != '\f' && p[i] != 0x1B) || p[i] == 0x7F)
			return false;
	return n > 0;
}

/* What a browser could take for a page, wherever it begins. */
static bool looks_like_page(const uint8_t *p, size_t n)
{
	static const char *const tags[] = { "<!doctype", "<html", "<head", "<body", "<script", "<iframe", "<svg", "<?xml", "<img",
		                            "<object", "<embed", "<style", "<meta", "<link", "<base", "<form" };
	for (size_t i = 0; i < n; i++) {
		if (p[i] != '<')
			continue;
		for (size_t t = 0; t < sizeof(tags) / sizeof(*tags); t++)
			if (n - i >= strlen(tags[t]) && !strncasecmp((const char *)p + i, tags[t], strlen(tags[t])))
				return true;
	}
	return false;
}

/* Fields of the record at *at, quoted ones as RFC 4180 has them, and *at behind it; *whole: it ends before n. */
static size_t fields_of(const uint8_t *p, size_t n, size_t *at, uint8_t delimiter, bool *whole)
{
	size_t fields = 1, i = *at;
	bool quoted = false;
	for (; i < n && (quoted || (p[i] != '\n' && p[i] != '\r')); i++) {
		if (p[i] == '"')
			quoted = !quoted;
		else if (p[i] == delimiter && !quoted)
			fields++;
	}
	*whole = i < n;
	while (i < n && (p[i] == '\n' || p[i] == '\r'))
		i++;
	*at = i;
	return fields;
}

/* Heads without a sign of a page, and as many fields in each record: other systems export what people wrote with its tags. A page that
 * only begins like a list has lines that do not fit. */
static bool looks_like_table(const uint8_t *p, size_t n)
{
	static const char delimiters[] = ",;\t";
	for (const char *d = delimiters; *d; d++) {
		size_t at = 0, end;
		bool whole;
		size_t heads = fields_of(p, n, &at, (uint8_t)*d, &whole);
		end = at;
		if (heads < 2 || !whole || memchr(p, '<', end))
			continue;
		while (at < n) {
			size_t fields = fields_of(p, n, &at, (uint8_t)*d, &whole);
			if (fields > heads || (whole && fields != heads))
				return false;
		}
		return true;
	}
	return false;
}

const struct file_kind *sniff(const uint8_t *head, size_t n)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (n >= marks[i].at + marks[i].n && !memcmp(head + marks[i].at, marks[i].bytes, marks[i].n))
			return sniff_voice(&marks[i].kind, head, n);
	if (n >= 4 && !memcmp(head, "PK\x03\x04", 4))
		return sniff_zip(head, n);
	/* A mark of UTF-16 at the start: spreadsheets save text so. */
	if (n >= 2 && (!memcmp(head, "\xFF\xFE", 2) || !memcmp(head, "\xFE\xFF", 2)))
		return &plain;
	return looks_like_text(head, n) && (!looks_like_page(head, n) || looks_like_table(head, n)) ? &plain : &refused;
}

const struct file_kind *file_kind_of(const char *type)
{
	static const struct file_kind unknown = { "application/octet-stream", FILE_ATTACHMENT };
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (!strcmp(marks[i].kind.type, type))
			return &marks[i].kind;
	for (size_t i = 0; i < sizeof(voices) / sizeof(*voices); i++)
		if (!strcmp(voices[i].type, type))
			return &voices[i];
	for (size_t i = 0; i < sizeof(containers) / sizeof(*containers); i++)
		if (!strcmp(containers[i].type, type))
			return &containers[i];
	return strcmp(type, plain.type) ? &unknown : &plain;
}
