#include "domain/conversation/conversation.h"

#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "gen/conversation_sql.h"

int own_not_by_link(struct ctx *c)
{
	return require(c, !c->auth->ticket_id, ERR_FORBIDDEN, NULL);
}

int own_list_write(struct ctx *c, const struct conversation *rows, size_t n, struct text *out)
{
	text_append(out, "\"items\":[");
	for (size_t i = 0; i < n; i++) {
		text_append(out, i ? "," : "");
		TRY(conversation_public_json(c, &rows[i], out));
	}
	text_char(out, ']');
	return 0;
}

int own_show(struct ctx *c, const struct conversation *k, void *out)
{
	struct text t = text_in(c->arena);
	TRY(conversation_public_json(c, k, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

int own_said(struct ctx *c, const struct conversation *k, int64_t no, void *out)
{
	struct text t = text_in(c->arena);
	text_format(&t, "{\"no\":%lld,\"conversation\":", (long long)no);
	TRY(conversation_public_json(c, k, &t));
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int find(struct ctx *c, int64_t id, struct conversation *k)
{
	TRY(own_not_by_link(c));
	return conversation_of_customer(c, id, k);
}

int own_conversation(struct ctx *c, const void *in, void *out)
{
	struct conversation k;
	TRY(find(c, ((const struct id_in *)in)->id, &k));
	return own_show(c, &k, out);
}

int own_messages(struct ctx *c, const void *in, void *out)
{
	const struct messages_in *q = in;
	struct conversation k;
	struct text t = text_in(c->arena);
	TRY(find(c, q->id, &k));
	TRY(messages_write(c, &k, MESSAGES_PUBLIC, q, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

int own_read_to(struct ctx *c, const void *in, void *out)
{
	const struct read_in *v = in;
	struct conversation k;
	TRY(find(c, v->id, &k));
	TRY(conversation_read_to(c, &k, v->no));
	return own_show(c, &k, out);
}

int own_rate(struct ctx *c, const void *in, void *out)
{
	const struct conversation_rate_in *v = in;
	struct conversation k;
	TRY(find(c, v->id, &k));
	TRY(conversation_rate(c, &k, v->rating, v->text));
	return own_show(c, &k, out);
}
