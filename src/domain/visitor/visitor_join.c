/* A visitor shows who she is: by a one-time code within the chat, or by signing in on the phone page of the same browser. */
#include "base/json.h"
#include "core/api/call.h"
#include "core/auth/auth.h"
#include "core/identity/visitor.h"
#include "core/pii/mask.h"
#include "core/pii/pii.h"
#include "domain/portal/portal.h"
#include "domain/visitor/visitor.h"

struct phone_in {
	const char *phone;
};
static const struct member phone_members[] = { MEMBER(struct phone_in, phone, code, .flags = MEMBER_REQUIRED, .most = 40) };
static const struct shape phone_shape = SHAPE("visit_code", struct phone_in, phone_members);

static int send_code(struct ctx *c, const void *in, void *out)
{
	TRY(api_limit(c->call->http->user, SETTING_CODE_PER_ADDRESS));
	return portal_code_send(c, ((const struct phone_in *)in)->phone, &((struct raw_out *)out)->raw);
}

static int tell(struct ctx *c, const struct customer *customer, const char *token, const char **out)
{
	const char *name;
	struct text t = text_in(c->arena);
	TRY(pii_open(c, customer->key, "customer.name", customer->name, &name));
	text_append(&t, "{\"right\":true,\"name\":");
	json_text(&t, mask(c->arena, MASK_NAME, name));
	text_append(&t, ",\"token\":");
	if (token)
		json_text(&t, token);
	else
		text_append(&t, "null");
	text_char(&t, '}');
	*out = text_end(&t);
	return 0;
}

/* A wrong code counts, so it is no error: what was counted would be undone. */
static int prove(struct ctx *c, const void *in, void *out)
{
	const struct visit_proof *v = in;
	struct customer customer;
	const char *token;
	bool right;
	TRY(api_limit(c->call->http->user, SETTING_CUSTOMER_PER_ADDRESS));
	TRY(portal_code_check(c, v->phone, v->code, &right, &customer));
	if (!right) {
		((struct raw_out *)out)->raw = "{\"right\":false,\"name\":null,\"token\":null}";
		return 0;
	}
	TRY(visitor_is(c, c->auth->visitor, &customer, "code", &token));
	return tell(c, &customer, token, &((struct raw_out *)out)->raw);
}

struct token_in {
	const char *token;
};
static const struct member token_members[] = { MEMBER(struct token_in, token, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = 100) };
static const struct shape token_shape = SHAPE("my_visit", struct token_in, token_members);

/* Who came by the link of one ticket has shown to have the link. */
static int join_signed_in(struct ctx *c, const void *in, void *out)
{
	struct customer customer;
	int64_t visitor;
	const char *token;
	TRY(require(c, !c->auth->ticket_id, ERR_FORBIDDEN, NULL));
	if (visitor_number(c, ((const struct token_in *)in)->token, &visitor) < 0) {
		error_clear(c->error);
		return fail_field(c, "token", ERR_FIELD_INVALID, "");
	}
	TRY(customer_row_get(c, c->auth->customer_id, &customer));
	TRY(visitor_is(c, visitor, &customer, "session", &token));
	return tell(c, &customer, token, &((struct raw_out *)out)->raw);
}

const struct route visitor_join_routes[] = {
	ROUTE(POST, "/api/v1/visit/code", FOR_VISITOR, WRITE, .body = BODY_JSON, .flags = ROUTE_FOREIGN | ROUTE_NO_KEY, .in = &phone_shape, .out = &raw_shape, .run = send_code,
	      .zh = "访客获取验证码", .en = "A visitor asks for a one-time code"),
	ROUTE(POST, "/api/v1/visit/proof", FOR_VISITOR, WRITE, .body = BODY_JSON, .flags = ROUTE_FOREIGN | ROUTE_NO_KEY, .in = &visit_proof_shape, .out = &raw_shape, .run = prove,
	      .zh = "访客用验证码确认本人", .en = "A visitor shows who she is by a code"),
	ROUTE(POST, "/api/v1/my/visit", FOR_CUSTOMER, WRITE, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &token_shape, .out = &raw_shape, .run = join_signed_in,
	      .zh = "登录后并入自己作为访客的会话", .en = "Join what was said as a visitor to who is signed in"),
};
const size_t visitor_join_route_count = sizeof(visitor_join_routes) / sizeof(visitor_join_routes[0]);
