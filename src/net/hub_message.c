/* Messages of WebSocket clients. */
#include "net/hub_message.h"

#include <string.h>

#include "base/json.h"

struct words {
	const char *op;
	struct list topics;
	int64_t since;
	const char *topic, *what;
};

static const struct choice ops[] = {
	[HUB_SUBSCRIBE] = { "subscribe" }, [HUB_UNSUBSCRIBE] = { "unsubscribe" }, [HUB_SIGNAL] = { "signal" }, { NULL },
};

static const struct choice whats[] = {
	[HUB_LOOKING] = { "looking" }, [HUB_TYPING] = { "typing" }, [HUB_LEFT] = { "left" }, { NULL },
};

static const struct member members[] = {
	MEMBER(struct words, op, code, .flags = MEMBER_REQUIRED, .choices = ops),
	MEMBER(struct words, topics, list, .item = TYPE_text, .most = HUB_TOPICS_AT_ONCE),
	MEMBER(struct words, since, i64, .flags = MEMBER_NULLABLE, .least = 0, .most = INT64_MAX),
	MEMBER(struct words, topic, text, .most = HUB_TOPIC_TEXT),
	MEMBER(struct words, what, code, .choices = whats),
};

static const struct shape words_shape = SHAPE("message", struct words, members);

const char *hub_what_name(enum hub_what what)
{
	return whats[what].value;
}

int hub_what_of(const char *name)
{
	const struct choice *c = choice_find(whats, name);
	return c ? (int)(c - whats) : -1;
}

int hub_topic_check(const char *topic)
{
	size_t n = topic ? strlen(topic) : 0;
	if (n == 0 || n > HUB_TOPIC_TEXT || topic[0] == ':' || topic[n - 1] == ':')
		return ERR_FIELD_INVALID;
	return strspn(topic, "abcdefghijklmnopqrstuvwxyz0123456789_.-:") == n ? 0 : ERR_FIELD_INVALID;
}

static int check_topics(struct arena *a, const struct hub_message *m, struct error *e)
{
	if (m->topic_count == 0 || m->topic_count > HUB_TOPICS_AT_ONCE)
		return error_field(e, a, "topics", ERR_FIELD_INVALID, NULL);
	for (size_t i = 0; i < m->topic_count; i++)
		if (hub_topic_check(m->topics[i]) < 0)
			return error_field(e, a, "topics", ERR_FIELD_INVALID, NULL);
	return 0;
}

int hub_message_read(struct arena *a, const char *text, size_t n, struct hub_message *out, struct error *e)
{
	struct words w;
	struct json_present present = { 0 };
	TRY(json_read(a, &words_shape, text, n, &w, &present, e));
	memset(out, 0, sizeof(*out));
	out->op = (enum hub_op)(choice_find(ops, w.op) - ops);
	out->topics = w.topics.at;
	out->topic_count = w.topics.n;
	out->since = w.since == NULL_INT || !(present.bits & 1u << 2) ? -1 : w.since;
	if (out->op != HUB_SIGNAL)
		return check_topics(a, out, e);
	if (!w.topic || hub_topic_check(w.topic) < 0)
		return error_field(e, a, "topic", ERR_FIELD_INVALID, NULL);
	if (!w.what)
		return error_field(e, a, "what", ERR_FIELD_REQUIRED, NULL);
	out->topic = w.topic;
	out->what = (enum hub_what)hub_what_of(w.what);
	return 0;
}
