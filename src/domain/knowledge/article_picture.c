/* Pictures in the words of articles: "![…](file:12)" names an uploaded file, which the article holds from then on. */
#include <string.h>

#include "base/id.h"
#include "core/file/file.h"
#include "core/file/sniff.h"
#include "domain/knowledge/knowledge_private.h"

#define PICTURE_MARK "](file:"
enum { PICTURES_MOST = 40 };

/* The next file that a text names; NULL: none. */
static const char *next_picture(struct arena *a, const char *text, int64_t *id)
{
	while (text && (text = strstr(text, PICTURE_MARK))) {
		text += strlen(PICTURE_MARK);
		size_t n = strspn(text, "0123456789");
		if (n && n < 20 && id_parse(arena_string_n(a, text, n), id) == 0)
			return text + n;
	}
	return NULL;
}

bool article_shows_picture(struct arena *a, const struct article_entry *e, int64_t id)
{
	const char *const texts[] = { e->body.zh, e->body.en, e->cause.zh, e->cause.en };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int64_t found;
		for (const char *p = texts[i]; (p = next_picture(a, p, &found));)
			if (found == id)
				return true;
	}
	return false;
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

/* One's own upload, and a picture; or one that the article holds already. */
static int check_one(struct ctx *c, const struct article *a, const char *field, int64_t id)
{
	struct file_info info;
	const struct error before = *c->error;
	bool held;
	TRY(holds(c, id, a->id, &held));
	if (held)
		return 0;
	int r = file_show(c, id, &info);
	if (r == ERR_NOT_FOUND || (r == 0 && (info.actor_kind != (int64_t)c->actor_kind || info.actor_id != c->actor_id))) {
		error_take_back(c->error, &before);
		fail_field(c, field, ERR_FIELD_REFERENCE, NULL);
		return 0;
	}
	TRY(r);
	if (file_kind_of(info.type)->class != FILE_PICTURE)
		fail_field(c, field, ERR_MEDIA_TYPE, NULL);
	return 0;
}

struct worded {
	const char *field, *text;
};
#define TEXTS_OF(a) { { "body_zh", (a)->body_zh }, { "body_en", (a)->body_en }, { "cause_zh", (a)->cause_zh }, { "cause_en", (a)->cause_en } }
enum { TEXTS = 4 };

int article_pictures_check(struct ctx *c, const struct article *a)
{
	const struct worded texts[TEXTS] = TEXTS_OF(a);
	size_t n = 0;
	for (size_t i = 0; i < TEXTS; i++) {
		int64_t id;
		for (const char *p = texts[i].text; (p = next_picture(c->arena, p, &id)); n++)
			TRY(n < PICTURES_MOST ? check_one(c, a, texts[i].field, id) : fail_field(c, texts[i].field, ERR_FIELD_TOO_LARGE, "40"));
	}
	return 0;
}

/* A picture that is taken out of the words stays the article's: taken back, it is there. */
int article_pictures_keep(struct ctx *c, const struct article *a)
{
	const struct worded texts[TEXTS] = TEXTS_OF(a);
	for (size_t i = 0; i < TEXTS; i++) {
		int64_t id;
		for (const char *p = texts[i].text; (p = next_picture(c->arena, p, &id));) {
			bool held;
			TRY(holds(c, id, a->id, &held));
			if (!held)
				TRY(file_attach(c, id, "article", a->id, 0));
		}
	}
	return 0;
}

int article_pictures_release(struct ctx *c, const struct article *a)
{
	int64_t released;
	return file_release(c, "article", a->id, &released);
}
