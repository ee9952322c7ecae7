/* Who writes: a name in the channel, a file of her own until it is known who she is, and the union id that joins her names. */
#include <string.h>

#include <yyjson.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/identity/identity.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "domain/customer/customer.h"
#include "domain/wechat/wechat_private.h"
#include "net/client.h"

/* An openid belongs to an app, an external_userid to a company; a person who writes to two accounts of 微信客服 is answered by the one she wrote to. */
const char *wechat_name(struct ctx *c, const struct wechat_account *w, const char *openid)
{
	return wechat_is_kf(w) ? arena_format(c->arena, "%s/%s %s", w->app_id, w->open_kfid, openid) : arena_format(c->arena, "%s %s", w->app_id, openid);
}

int wechat_openid(struct ctx *c, int64_t identity, const char **openid)
{
	struct identity row;
	const char *name;
	TRY(identity_row_get(c, identity, &row));
	TRY(pii_open(c, row.key, "identity.name", row.name, &name));
	const char *space = name ? strchr(name, ' ') : NULL;
	*openid = space ? space + 1 : NULL;
	return *openid ? 0 : fail(c, ERR_ERASED, NULL);
}

/* Joined by the union id -------------------------------------------------------------------------------------------------- */

struct person_in {
	int64_t account, identity;
};
static const struct member members[] = { MEMBER(struct person_in, account, id, .flags = MEMBER_REQUIRED), MEMBER(struct person_in, identity, id, .flags = MEMBER_REQUIRED) };
static const struct shape shape = SHAPE("wechat_person", struct person_in, members);

struct asking {
	struct person_in in;
	struct wechat_opened k;
	const char *openid;
};

static int load(struct ctx *c, void *arg)
{
	struct asking *a = arg;
	TRY(wechat_open(c, a->in.account, &a->k));
	return wechat_openid(c, a->in.identity, &a->openid);
}

static const char *union_of(struct ctx *c, const struct client_reply *reply, bool is_kf)
{
	yyjson_doc *doc = yyjson_read((const char *)reply->body.p, reply->body.n, YYJSON_READ_NOFLAG);
	yyjson_val *root = yyjson_doc_get_root(doc);
	if (is_kf)
		root = yyjson_arr_get_first(yyjson_obj_get(root, "customer_list"));
	const char *id = yyjson_get_str(yyjson_obj_get(root, "unionid"));
	id = arena_string(c->arena, id ? id : "");
	yyjson_doc_free(doc);
	return id;
}

/* "": they say none. A mini-program has no such call. */
static int ask(struct ctx *c, const struct job *job, const char **answer)
{
	struct asking a = { 0 };
	struct wechat_answer said;
	struct client_reply reply;
	bool left;
	*answer = "";
	TRY(json_read(c->arena, &shape, job->data, strlen(job->data), &a.in, NULL, c->error));
	int r = readers_run(c->services->readers, c, load, &a);
	if (r == ERR_NOT_FOUND || r == ERR_ERASED || (r == 0 && (text_equal(a.k.row.kind, "mini") || !text_equal(a.k.row.state, "on"))))
		return 0;
	TRY(r);
	if (!a.k.access)
		return wechat_token_missing(c, a.k.row.id);
	bool is_kf = wechat_is_kf(&a.k.row);
	struct text body = text_in(c->arena);
	text_append(&body, "{\"external_userid_list\":[");
	json_text(&body, a.openid);
	text_append(&body, "]}");
	const struct wechat_call official = { .path = "/cgi-bin/user/info", .query = arena_format(c->arena, "openid=%s&lang=zh_CN", a.openid) };
	const struct wechat_call kf = { .path = "/cgi-bin/kf/customer/batchget", .body = text_end(&body) };
	TRY(wechat_ask(c, &a.k, is_kf ? &kf : &official, &said, &reply, &left));
	if (said.verdict == WECHAT_BUSY || said.verdict == WECHAT_TOKEN)
		return fail(c, ERR_OUTBOUND, arena_format(c->arena, "errcode %lld", (long long)said.code));
	*answer = said.verdict == WECHAT_OK ? union_of(c, &reply, is_kf) : "";
	return 0;
}

/* Both names are one person to WeChat. A file that nobody has named yet goes into hers; two named ones are left to people. */
static int join(struct ctx *c, const struct identity *mine, const struct identity *known)
{
	struct customer own, other;
	TRY(customer_row_get(c, mine->customer_id, &own));
	TRY(customer_row_get(c, known->customer_id, &other));
	bool joins = own.id != other.id && text_equal(own.kind, "visitor") && !own.archived_at && !other.archived_at;
	return joins ? customer_take_over(c, other.id, own.id, c->lang == LANG_EN ? "One person by WeChat's union id" : "微信 UnionID 相同，是同一个人") : 0;
}

static int keep(struct ctx *c, const struct job *job, const char *answer)
{
	struct person_in in;
	struct identity mine, known;
	bool there;
	TRY(json_read(c->arena, &shape, job->data, strlen(job->data), &in, NULL, c->error));
	if (text_empty(answer) || identity_row_get(c, in.identity, &mine) < 0) {
		error_clear(c->error);
		return 0;
	}
	const char *name = arena_format(c->arena, "union %s", answer);
	TRY(identity_find(c, "wechat", name, &known, &there));
	if (there)
		return join(c, &mine, &known);
	struct customer customer;
	TRY(customer_row_get(c, mine.customer_id, &customer));
	return identity_add(c, &(struct identity_new){ .channel = "wechat", .name = name, .customer_id = customer.id, .key = customer.key }, &known);
}

const struct job_kind wechat_person_job = { .name = "wechat.person", .call = ask, .run = keep, .attempts_most = 6 };
