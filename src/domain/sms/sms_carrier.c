/* One message of the outbox by a company's gateway.
 *
 * Vendors do not know a message by our id: a call whose outcome nobody knows (no answer, this process killed) is not repeated, for the customer may have it
 * already. Their report can still say what became of it: Aliyun's names our id. A gateway of the company's own is told the id and asked again. */
#include <string.h>

#include <yyjson.h>

#include "base/crypto.h"
#include "core/setting/settings.h"
#include "core/services.h"
#include "domain/sms/sms_private.h"
#include "gen/sms_sql.h"

enum { NONCE_BYTES = 16 };

static int in_use(struct ctx *c, int64_t *id)
{
	struct sms_gateway_in_use_row *rows;
	size_t n;
	TRY(sms_gateway_in_use(c, &rows, &n));
	*id = n ? rows[0].id : 0;
	return 0;
}

static int has(struct ctx *c, bool *out)
{
	int64_t id;
	TRY(in_use(c, &id));
	*out = id != 0;
	return 0;
}

static int load(struct ctx *c, struct sms_parcel *p)
{
	int64_t id;
	TRY(in_use(c, &id));
	if (!id)
		return 0;
	struct sms_opened *k = ARENA_NEW(c->arena, struct sms_opened);
	p->way = k;
	return sms_open(c, id, k);
}

/* The words that a template was filled with. */
static size_t values_of(struct arena *a, const char *json, struct sms_pair **out)
{
	yyjson_doc *doc = json ? yyjson_read(json, strlen(json), YYJSON_READ_NOFLAG) : NULL;
	yyjson_val *root = yyjson_doc_get_root(doc), *name;
	size_t n = 0;
	*out = ARENA_ARRAY(a, struct sms_pair, yyjson_obj_size(root) + 1);
	yyjson_obj_iter all = yyjson_obj_iter_with(root);
	while ((name = yyjson_obj_iter_next(&all)))
		(*out)[n++] = (struct sms_pair){ arena_string(a, yyjson_get_str(name)), arena_string(a, yyjson_get_str(yyjson_obj_iter_get_val(name))) };
	yyjson_doc_free(doc);
	return n;
}

static int call(struct ctx *c, const struct sms_opened *k, const struct sms *m, struct sms_answer *said, bool *left)
{
	uint8_t bytes[NONCE_BYTES];
	struct client_request q;
	struct client_reply reply = { 0 };
	crypto_random(bytes, sizeof(bytes));
	const struct sms_way way = {
		.kind = k->row.kind, .url = k->row.api_url, .region = k->row.region, .sign_name = k->row.sign_name, .app_id = k->row.app_id, .key = { k->row.access_id, k->secret ? k->secret : "" },
		.now = c->now, .nonce = hex(c->arena, bytes, sizeof(bytes)),
	};
	sms_call(c->arena, &way, m, &q);
	q.timeout_ms = (unsigned)setting_ms(c, SETTING_OUTBOUND_TIME);
	q.reply_most = (size_t)setting_of(c, SETTING_OUTBOUND_REPLY);
	int r = client_send(sender_client(c->services->sender), c->arena, &q, &reply, c->error);
	*left = reply.left;
	TRY(r);
	sms_answer_read(c->arena, k->row.kind, reply.status, reply.body, said);
	return 0;
}

static int settled(struct sms_sent *out, const char *code)
{
	out->code = code;
	return 0;
}

int sms_send(struct ctx *c, const struct sms_opened *k, const struct sms_parcel *p, struct sms_sent *out)
{
	struct sms_template template;
	struct sms_answer said;
	struct sms m = { .id = arena_format(c->arena, "%lld", (long long)p->id), .to = p->to, .text = p->text, .name = p->template };
	bool left, knows_ids = text_equal(k->row.kind, "generic");
	*out = (struct sms_sent){ .code = "", .serial = "", .gateway = k->row.id };
	if (p->was_tried && !knows_ids)
		return settled(out, SMS_UNSURE);
	if (!knows_ids && !sms_template_find(c->arena, k->row.templates, p->template, &template))
		return settled(out, "no_template");
	m.template = knows_ids ? NULL : &template;
	struct sms_pair *values;
	m.value_count = values_of(c->arena, p->words, &values);
	m.values = values;
	int r = call(c, k, &m, &said, &left);
	if (r == ERR_OUTBOUND && left && !knows_ids) {
		error_clear(c->error);
		return settled(out, SMS_UNSURE);
	}
	TRY(r);
	out->serial = said.serial;
	if (said.verdict == SMS_LATER)
		return fail(c, ERR_OUTBOUND, said.code);
	return settled(out, said.verdict == SMS_SENT ? "" : said.code);
}

static int carry(struct ctx *c, const struct sms_parcel *p, struct sms_sent *out)
{
	return sms_send(c, p->way, p, out);
}

const struct sms_carrier sms_gateway_carrier = { .has = has, .load = load, .send = carry };
