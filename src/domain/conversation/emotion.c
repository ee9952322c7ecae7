/* Words of anger and of dissatisfaction. */
#include "domain/conversation/emotion.h"

#include <pthread.h>
#include <string.h>

#include "base/text.h"
#include "base/words.h"
#include "core/pack.h"

PACK_FILE(bot_emotion_file, "bot/emotion.json");

/* Read with the first message, folded, never changed. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct arena *memory __attribute__((used));
static const char **angry, **angry_not, **upset, **upset_not, **much, **calm, **calm_not;

static const char **list_of(yyjson_val *list)
{
	const char **out = ARENA_ARRAY(memory, const char *, yyjson_arr_size(list) + 1);
	yyjson_val *v;
	size_t i, max, n = 0;
	yyjson_arr_foreach(list, i, max, v)
		out[n++] = text_fold(memory, yyjson_get_str(v));
	return out;
}

static void read_all(void)
{
	memory = arena_new();
	yyjson_doc *doc = yyjson_read(bot_emotion_file, strlen(bot_emotion_file), 0);
	yyjson_val *root = yyjson_doc_get_root(doc), *a = yyjson_obj_get(root, "angry"), *u = yyjson_obj_get(root, "upset");
	angry = list_of(yyjson_obj_get(a, "words"));
	angry_not = list_of(yyjson_obj_get(a, "not"));
	upset = list_of(yyjson_obj_get(u, "words"));
	upset_not = list_of(yyjson_obj_get(u, "not"));
	much = list_of(yyjson_obj_get(root, "much"));
	calm = list_of(yyjson_obj_get(root, "calm"));
	calm_not = list_of(yyjson_obj_get(root, "not_calm"));
	yyjson_doc_free(doc);
}

/* "！！" and "???", as people shout. */
static bool shouts(struct arena *a, const char *folded)
{
	return words_stand_in(a, folded, (const char *const[]){ "!!", "??", "?!", "!?", NULL }, NULL);
}

enum emotion emotion_of(struct arena *a, const char *text)
{
	pthread_once(&once, read_all);
	const char *folded = text_fold(a, text);
	if (words_stand_in(a, folded, angry, angry_not))
		return EMOTION_ANGRY;
	if (words_stand_in(a, folded, upset, upset_not))
		return shouts(a, folded) || words_stand_in(a, folded, much, NULL) ? EMOTION_ANGRY : EMOTION_UPSET;
	return words_stand_in(a, folded, calm, calm_not) ? EMOTION_CALM : EMOTION_NONE;
}

const char *emotion_name(enum emotion e)
{
	return e == EMOTION_ANGRY ? "angry" : e == EMOTION_UPSET ? "upset" : "";
}

const char *emotion_after(struct arena *a, const char *before, const char *text)
{
	enum emotion e = emotion_of(a, text);
	return e == EMOTION_NONE ? before : emotion_name(e);
}
