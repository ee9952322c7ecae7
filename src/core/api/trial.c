#include "core/api/trial.h"

#include "base/json.h"
#include "base/pool.h"
#include "core/api/call.h"
#include "core/api/readers.h"

void trial_say(struct trial *t, bool good, const char *zh, const char *en)
{
	text_format(&t->out, "%s{\"good\":%s,\"text\":", t->n++ ? "," : "", good ? "true" : "false");
	json_label(&t->out, zh, en);
	text_char(&t->out, '}');
}

static void refuse(struct trial *t, int r)
{
	t->c->error->code = t->c->error->code ? t->c->error->code : r;
	http_reply_error(t->http, t->c->error);
}

static void work(void *arg)
{
	struct trial *t = arg;
	int r = readers_run(t->readers, t->c, t->kind->load, t);
	if (r < 0)
		return refuse(t, r);
	t->out = text_in(t->c->arena);
	text_append(&t->out, t->kind->once ? "" : "{\"checks\":[");
	t->kind->check(t);
	text_append(&t->out, t->kind->once ? "" : "]}");
	http_reply_json(t->http, 200, t->out.p, t->out.n);
}

void trial_begin(struct http_request *r, struct ctx *c, const struct trial_kind *kind)
{
	struct api_call *k = r->user;
	struct trial *t = ARENA_NEW(c->arena, struct trial);
	*t = (struct trial){ .http = r, .c = c, .kind = kind, .readers = api_readers(k), .own = ARENA_ARRAY(c->arena, char, kind->own) };
	int result = call_read_input(k);
	if (result == 0) {
		t->id = ((const struct id_in *)k->in)->id;
		result = pool_submit(api_pool(k), work, t);
	}
	if (result < 0)
		refuse(t, result);
}
