/* Pictures, videos and files in the words of articles: "![…](file:12)" names an uploaded file, "![…](file:12 "file:13")" a video with its first
 * picture. The article holds them from then on. What the file is says how it is shown. */
#include <string.h>

#include "base/id.h"
#include "core/file/file.h"
#include "core/file/sniff.h"
#include "domain/knowledge/knowledge_private.h"
#include "engine/markdown/markdown.h"

#define FILE_MARK "](file:"
#define POSTER_MARK " \"file:"
enum { FILES_MOST = 40 };

struct named_file {
	int64_t id;
	bool is_poster;                 /* behind the address of a video */
};

/* Behind the number of a file; NULL: there is none. */
static const char *read_id(struct arena *a, const char *p, int64_t *id)
{
	size_t n = strspn(p, "0123456789");
	return n && n < 20 && id_parse(arena_string_n(a, p, n), id) == 0 ? p + n : NULL;
}

/* The next file that a text names, and behind it; NULL: none. from: behind the last one, NULL to begin. */
static const char *next_file(struct arena *a, const char *text, const char *from, struct named_file *out)
{
	const char *end;
	out->is_poster = from && !strncmp(from, POSTER_MARK, strlen(POSTER_MARK)) && (end = read_id(a, from + strlen(POSTER_MARK), &out->id));
	if (out->is_poster)
		return end;
	for (const char *p = from ? from : text; p && (p = strstr(p, FILE_MARK));)
		if ((end = read_id(a, p += strlen(FILE_MARK), &out->id)))
			return end;
	return NULL;
}

/* "![滤网的位置](file:12)" → "【滤网的位置】" */
const char *article_said(struct arena *a, const char *text)
{
	struct text t = text_in(a);
	struct named_file f;
	const char *from = text, *end;
	for (const char *p = NULL; (end = next_file(a, text, p, &f)); p = end) {
		const char *begin = end, *close;
		while (begin > from && strncmp(begin, "![", 2) != 0)
			begin--;
		close = strstr(begin, FILE_MARK);
		if (f.is_poster || strncmp(begin, "![", 2) != 0 || !close || close > end)
			continue;
		text_append_n(&t, from, (size_t)(begin - from));
		if (close > begin + 2)
			text_format(&t, "【%.*s】", (int)(close - begin - 2), begin + 2);
		from = end + strcspn(end, ")\n");
		from += *from == ')';
	}
	text_append(&t, from ? from : "");
	return text_end(&t);
}

/* Browsers play both; a recording of another kind is taken along. */
static bool is_video(const char *type)
{
	return !strcmp(type, "video/mp4") || !strcmp(type, "video/webm");
}

void article_file_as(const struct file_info *info, const char *url, struct markdown_file *out)
{
	enum file_class class = file_kind_of(info->type)->class;
	*out = (struct markdown_file){ class == FILE_PICTURE ? MARKDOWN_PICTURE : is_video(info->type) ? MARKDOWN_VIDEO : MARKDOWN_FILE, url, info->name, info->size };
}

static int holds(struct ctx *c, int64_t file, int64_t article, bool *held)
{
	struct file_holder *holders;
	size_t n;
	TRY(file_holders(c, file, &holders, &n));
	*held = false;
	for (size_t i = 0; i < n; i++)
		*held = *held || (!strcmp(holders[i].object, "article") && holders[i].object_id == article);
	return 0;
}

static bool names(struct arena *a, const struct article_entry *e, int64_t id)
{
	const char *const texts[] = { e->body.zh, e->body.en, e->cause.zh, e->cause.en };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct named_file found;
		for (const char *p = NULL; (p = next_file(a, texts[i], p, &found));)
			if (found.id == id)
				return true;
	}
	return false;
}

/* Held as well: what words come to with what is put into them was checked by nobody. */
bool article_shows_file(struct ctx *c, const struct article_entry *e, int64_t id)
{
	const struct error before = *c->error;
	bool held;
	if (!names(c->arena, e, id))
		return false;
	if (holds(c, id, e->id, &held) == 0)
		return held;
	error_take_back(c->error, &before);
	return false;
}

int article_files(struct ctx *c, const struct article_entry *e, struct file_info **out, size_t *n)
{
	size_t shown = 0;
	TRY(file_held(c, "article", e->id, out, n));
	for (size_t i = 0; i < *n; i++)
		if (names(c->arena, e, (*out)[i].id))
			(*out)[shown++] = (*out)[i];
	*n = shown;
	return 0;
}

/* One's own upload, or one that the article holds already. */
static int check_one(struct ctx *c, const struct article *a, const char *field, const struct named_file *f)
{
	struct file_info info;
	const struct error before = *c->error;
	bool held;
	TRY(holds(c, f->id, a->id, &held));
	int r = file_show(c, f->id, &info);
	if (r == ERR_NOT_FOUND || (r == 0 && !held && (info.actor_kind != (int64_t)c->actor_kind || info.actor_id != c->actor_id))) {
		error_take_back(c->error, &before);
		fail_field(c, field, ERR_FIELD_REFERENCE, NULL);
		return 0;
	}
	TRY(r);
	if (f->is_poster && file_kind_of(info.type)->class != FILE_PICTURE)
		fail_field(c, field, ERR_MEDIA_TYPE, NULL);
	return 0;
}

struct worded {
	const char *field, *text;
};
#define TEXTS_OF(a) { { "body_zh", (a)->body_zh }, { "body_en", (a)->body_en }, { "cause_zh", (a)->cause_zh }, { "cause_en", (a)->cause_en } }
enum { TEXTS = 4 };

int article_files_check(struct ctx *c, const struct article *a)
{
	const struct worded texts[TEXTS] = TEXTS_OF(a);
	size_t n = 0;
	for (size_t i = 0; i < TEXTS; i++) {
		struct named_file f;
		for (const char *p = NULL; (p = next_file(c->arena, texts[i].text, p, &f)); n++)
			TRY(n < FILES_MOST ? check_one(c, a, texts[i].field, &f) : fail_field(c, texts[i].field, ERR_FIELD_TOO_LARGE, "40"));
	}
	return 0;
}

/* A file that is taken out of the words stays the article's: taken back, it is there. */
int article_files_keep(struct ctx *c, const struct article *a)
{
	const struct worded texts[TEXTS] = TEXTS_OF(a);
	for (size_t i = 0; i < TEXTS; i++) {
		struct named_file f;
		for (const char *p = NULL; (p = next_file(c->arena, texts[i].text, p, &f));) {
			bool held;
			TRY(holds(c, f.id, a->id, &held));
			if (!held)
				TRY(file_attach(c, f.id, "article", a->id, 0));
		}
	}
	return 0;
}

int article_files_release(struct ctx *c, const struct article *a)
{
	int64_t released;
	return file_release(c, "article", a->id, &released);
}
