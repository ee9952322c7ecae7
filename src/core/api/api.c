/* The path of every call: head, input, run, reply. */
#include "core/api/api.h"

#include <semaphore.h>
#include <string.h>

#include "base/json.h"
#include "base/pool.h"
#include "core/api/call.h"
#include "core/api/rate.h"
#include "core/api/readers.h"
#include "core/auth/sign_in.h"
#include "core/identity/visitor.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "gen/sign_in_sql.h"

enum { RATE_BUCKETS = 1 << 16, KEY_MOST = 100 };

struct api {
	struct api_options o;
	struct rate *rate;
	sem_t passwords;
};

static const struct member raw_members[] = { MEMBER(struct raw_out, raw, raw) };
const struct shape raw_shape = SHAPE("raw", struct raw_out, raw_members);

static const struct member id_members[] = { MEMBER(struct id_in, id, id, .flags = MEMBER_REQUIRED) };
const struct shape id_shape = SHAPE("id", struct id_in, id_members);

int api_open(struct arena *a, const struct api_options *options, struct api **out)
{
	struct api *api = ARENA_NEW(a, struct api);
	api->o = *options;
	api->rate = rate_new(RATE_BUCKETS);
	sem_init(&api->passwords, 0, (unsigned)settings_server(options->services->settings)->values.at[SETTING_WORK_PASSWORDS]);
	*out = api;
	return 0;
}

void api_close(struct api *api)
{
	rate_free(api->rate);
	sem_destroy(&api->passwords);
}

const struct route *api_routes(struct api_call *k, size_t *n)
{
	*n = k->api->o.route_count;
	return k->api->o.routes;
}

struct readers *api_readers(struct api_call *k)
{
	return k->api->o.readers;
}

struct pool *api_pool(struct api_call *k)
{
	return k->api->o.pool;
}

void *api_passwords(struct api_call *k)
{
	return &k->api->passwords;
}

/* Head ------------------------------------------------------------------------------------------------------------- */

static const char *bearer_of(const struct http_request *r)
{
	const char *value = http_header(r, HEADER_AUTHORIZATION);
	return value && !strncmp(value, "Bearer ", 7) ? value + 7 : NULL;
}

/* Visitors come from pages elsewhere: the origin first, so that such a page may read why it is refused. */
static int identify_visitor(struct ctx *c, struct api_call *k)
{
	TRY(visitor_origin_known(c, k->http));
	if (k->http->route->kind == ROUTE_STREAM)
		TRY(auth_by_pass(c, http_query(k->http, "pass"), &k->auth));
	else
		TRY(auth_by_visitor(c, bearer_of(k->http), &k->auth));
	return visitor_origin_ours(c, k->http);
}

static int identify(struct ctx *c, void *arg)
{
	struct api_call *k = arg;
	const char *bearer = bearer_of(k->http), *staff = http_cookie(k->http, STAFF_COOKIE), *customer = http_cookie(k->http, CUSTOMER_COOKIE);
	bool for_customer = !strcmp(k->http->route->permission, FOR_CUSTOMER);
	if (!strcmp(k->http->route->permission, FOR_VISITOR))
		return identify_visitor(c, k);
	if (bearer && !for_customer)
		return auth_by_token(c, bearer, &k->auth);
	if (for_customer && customer)
		return auth_by_session(c, customer, ACTOR_CUSTOMER, &k->auth);
	if (!for_customer && staff)
		return auth_by_session(c, staff, ACTOR_USER, &k->auth);
	return fail(c, ERR_NOT_SIGNED_IN, NULL);
}

/* That a session was seen, stored beside the request: nobody waits for it, and losing one costs a minute. */
struct touch {
	struct arena *arena;
	struct error error;
	int64_t session_id;
	struct write_request write;
};

static int store_touch(struct ctx *c, void *arg)
{
	int64_t n;
	return session_seen(c, ((struct touch *)arg)->session_id, c->now, &n);
}

static void touched(struct ctx *c, void *arg, int result)
{
	arena_free(((struct touch *)arg)->arena);
}

static void touch_session(struct api_call *k)
{
	struct { int64_t session; const char what[8]; } word = { k->auth.session_id, "touch" };
	if (k->ctx.actor_kind != ACTOR_USER || k->ctx.now - k->auth.seen_at < SESSION_TOUCH_MS)
		return;
	if (rate_take(k->api->rate, &word, sizeof(word), 1, 1, k->ctx.now) > 0)
		return;         /* another request of this minute does it */
	struct arena *a = arena_new();
	struct touch *t = ARENA_NEW(a, struct touch);
	t->arena = a;
	t->session_id = k->auth.session_id;
	t->write = (struct write_request){ .run = store_touch, .done = touched, .arg = t, .queue = QUEUE_JOBS, .ctx = k->ctx };
	t->write.ctx.arena = a;
	t->write.ctx.error = &t->error;
	t->write.ctx.request_id = "";
	t->write.ctx.auth = NULL;
	t->write.ctx.call = NULL;
	if (writer_submit(k->api->o.services->writer, &t->write) < 0)
		arena_free(a);
}

static bool is_for_anybody(const struct api_call *k)
{
	return !strcmp(k->http->route->permission, FOR_ANYBODY);
}

/* Hashes are compared, so that the time it takes tells nothing of the token. */
static int admit_operator(struct api_call *k)
{
	const char *given = bearer_of(k->http), *token = k->api->o.operator_token;
	uint8_t hashes[2][HASH_SIZE];
	if (!given || !token)
		return fail(&k->ctx, ERR_NOT_SIGNED_IN, NULL);
	hash_keyed(NULL, FOR_OPERATOR, given, strlen(given), hashes[0], HASH_SIZE);
	hash_keyed(NULL, FOR_OPERATOR, token, strlen(token), hashes[1], HASH_SIZE);
	return crypto_equal(hashes[0], hashes[1], HASH_SIZE) ? 0 : fail(&k->ctx, ERR_NOT_SIGNED_IN, NULL);
}

/* What is answered on the loop has no body to be refused before: who asks is found in the snapshot that answers. */
static bool identifies_later(const struct api_call *k)
{
	return k->http->route->kind == ROUTE_HOT;
}

/* What is taken from one bucket, of `from` and `tenant` together. */
static int limit(struct api_call *k, struct ip_address from, enum setting_id per_minute, int64_t burst, int code)
{
	struct { struct ip_address from; int64_t tenant, what; } word = { .from = from, .tenant = k->ctx.tenant, .what = per_minute };
	int wait = rate_take(k->api->rate, &word, sizeof(word), (int)burst, (int)setting_of(&k->ctx, per_minute), k->ctx.now);
	return wait ? fail(&k->ctx, code, arena_format(k->ctx.arena, "%d", wait)) : 0;
}

/* One company with many addresses must not take the server from the others. */
static int limit_company(struct api_call *k)
{
	struct ip_address from_anywhere = { 0 };
	return limit(k, from_anywhere, SETTING_RATE_COMPANY, setting_of(&k->ctx, SETTING_RATE_COMPANY_BURST), ERR_RATE_COMPANY);
}

/* What a visitor sends, by herself and, while she has no file yet, by her address. */
static int limit_visitor(struct api_call *k)
{
	struct { int64_t visitor, what; } word = { k->auth.visitor, SETTING_VISIT_CALLS };
	int most = (int)setting_of(&k->ctx, SETTING_VISIT_CALLS);
	if (!k->auth.visitor || k->http->method != HTTP_POST)
		return 0;
	int wait = rate_take(k->api->rate, &word, sizeof(word), most, most, k->ctx.now);
	if (wait)
		return fail(&k->ctx, ERR_RATE, arena_format(k->ctx.arena, "%d", wait));
	return k->auth.identity_id ? 0 : api_limit(k, SETTING_VISIT_NEW);
}

/* What the one who was found may do, and in which language. */
static int admit(struct api_call *k)
{
	const char *permission = k->http->route->permission;
	k->ctx.auth = &k->auth;
	TRY(limit_company(k));
	TRY(limit_visitor(k));
	touch_session(k);
	k->http->lang = http_header(k->http, HEADER_ACCEPT_LANGUAGE) ? k->http->lang : k->ctx.lang;
	k->ctx.lang = k->http->lang;
	if (!strcmp(permission, FOR_STAFF) || !strcmp(permission, FOR_CUSTOMER) || !strcmp(permission, FOR_VISITOR))
		return 0;
	return require_permission(&k->ctx, permission);
}

/* The snapshot of no company: a session is found before its company is known. */
static int authenticate(struct api_call *k)
{
	if (!strcmp(k->http->route->permission, FOR_OPERATOR))
		return admit_operator(k);
	if (is_for_anybody(k) || identifies_later(k))
		return 0;
	TRY(readers_run(k->api->o.readers, &k->ctx, identify, k));
	return admit(k);
}

int api_limit(struct api_call *k, enum setting_id per_minute)
{
	return limit(k, k->http->remote, per_minute, setting_of(&k->ctx, per_minute), ERR_RATE);
}

/* POST and PATCH name themselves, so that a repeated one does nothing twice. */
static int read_key(struct api_call *k)
{
	const struct http_request *r = k->http;
	if (r->route->kind != ROUTE_WRITE || (r->method != HTTP_POST && r->method != HTTP_PATCH) || (r->route->flags & ROUTE_NO_KEY))
		return 0;
	const char *key = http_header(r, HEADER_IDEMPOTENCY_KEY);
	if (text_empty(key) || strlen(key) > KEY_MOST)
		return fail(&k->ctx, ERR_IDEMPOTENCY_KEY, NULL);
	k->once.key = key;
	return 0;
}

int api_dispatch(void *arg, struct http_request *r, struct error *e)
{
	struct api *api = arg;
	struct api_call *k = ARENA_NEW(r->arena, struct api_call);
	r->user = k;
	k->api = api;
	k->http = r;
	k->call = (struct call){ .route = r->route, .http = r, .record = r->route->arg };
	k->ctx = (struct ctx){
		.arena = r->arena, .now = clock_now(api->o.clock), .lang = r->lang, .request_id = r->request_id,
		.error = &k->error, .log = api->o.log, .services = api->o.services, .call = &k->call,
	};
	int result = limit(k, k->http->remote, SETTING_RATE_CALLS, setting_of(&k->ctx, SETTING_RATE_BURST), ERR_RATE);
	if (result == 0)
		result = authenticate(k);
	if (result == 0)
		result = read_key(k);
	if (result < 0)
		*e = k->error;
	if (result < 0 && !e->code)
		e->code = result;
	return result;
}

static int ask_origin(struct ctx *c, void *arg)
{
	return visitor_origin_known(c, arg);
}

bool api_knows_origin(void *arg, struct http_request *r, const char *origin)
{
	struct api *api = arg;
	struct error error = { 0 };
	struct ctx c = { .arena = r->arena, .now = clock_now(api->o.clock), .lang = r->lang, .request_id = r->request_id, .error = &error, .log = api->o.log, .services = api->o.services };
	return readers_run(api->o.readers, &c, ask_origin, r) == 0;
}

/* Run -------------------------------------------------------------------------------------------------------------- */

static void write_reply(struct api_call *k)
{
	const struct shape *out = k->http->route->out;
	struct text t = text_in(k->ctx.arena);
	k->status = k->http->route->flags & ROUTE_CREATED ? 201 : 200;
	if (out == &raw_shape) {
		k->reply = ((struct raw_out *)k->out)->raw;
		k->reply_n = strlen(k->reply);
		return;
	}
	if (out)
		json_write(&t, out, k->out);
	else
		text_append(&t, "{}");
	k->reply = text_end(&t);
	k->reply_n = t.n;
}

static int run_handler(struct ctx *c, struct api_call *k)
{
	const struct route *route = k->http->route;
	k->out = route->out ? arena_alloc(c->arena, route->out->size) : NULL;
	TRY(route->run(c, k->in, k->out));
	write_reply(k);
	return 0;
}

int call_run(struct ctx *c, void *arg)
{
	struct api_call *k = arg;
	if (!k->once.key)
		return run_handler(c, k);
	int found = idempotency_find(c, &k->once);
	TRY(found);
	if (found == 1) {
		k->status = k->once.status;
		k->reply = k->once.reply;
		k->reply_n = strlen(k->reply);
		return 0;
	}
	TRY(run_handler(c, k));
	k->once.status = k->status;
	k->once.reply = k->reply;
	return idempotency_store(c, &k->once);
}

static int call_ahead(struct ctx *c, struct write_request *const *requests, size_t n)
{
	struct idempotency_key *keys = ARENA_ARRAY(c->arena, struct idempotency_key, n);
	for (size_t i = 0; i < n; i++) {
		const struct api_call *k = requests[i]->arg;
		keys[i] = (struct idempotency_key){ c->tenant, requests[i]->ctx.actor_kind, requests[i]->ctx.actor_id, k->once.key };
	}
	return idempotency_ask_ahead(c, keys, n);
}

static void finish(struct api_call *k, struct error *e, int result)
{
	if (result >= 0) {
		http_reply_json(k->http, k->status, k->reply, k->reply_n);
		return;
	}
	if (!e->code)
		e->code = result;
	if (error_status(e->code) >= 500)
		log_write(k->ctx.log, LOG_ERROR, "call failed", "request", k->ctx.request_id, "route", k->http->route->path, "code", error_name(e->code), NULL);
	http_reply_error(k->http, e);
}

/* From the session to the answer in one snapshot. */
static int run_hot(struct ctx *c, void *arg)
{
	struct api_call *k = arg;
	if (!is_for_anybody(k)) {
		TRY(identify(c, k));
		TRY(admit(k));
		TRY(db_set_tenant(c->db, c->tenant));
	}
	TRY(call_read_input(k));
	return run_handler(c, k);
}

static void reply_hot(struct api_call *k)
{
	int result = readers_run(k->api->o.readers, &k->ctx, run_hot, k);
	finish(k, &k->error, result);
}

static void run_read(void *arg)
{
	struct api_call *k = arg;
	int result = readers_run(k->api->o.readers, &k->ctx, call_run, k);
	finish(k, &k->error, result);
}

static void written(struct ctx *c, void *arg, int result)
{
	finish(arg, c->error, result);
}

static void hash_request(struct api_call *k)
{
	const struct http_request *r = k->http;
	const char *head = arena_format(k->ctx.arena, "%s %s\n", http_method_name(r->method), r->path);
	size_t n = strlen(head);
	uint8_t *all = arena_alloc(k->ctx.arena, n + r->body.n);
	memcpy(all, head, n);
	if (r->body.n)
		memcpy(all + n, r->body.p, r->body.n);
	hash_keyed(NULL, "request", all, n + r->body.n, k->once.request, HASH_SIZE);
}

static int start_write(struct api_call *k)
{
	if (k->once.key)
		hash_request(k);
	k->write = (struct write_request){ .run = call_run, .done = written, .arg = k, .queue = QUEUE_PEOPLE, .ctx = k->ctx,
	                                    .ahead = k->once.key ? call_ahead : NULL };
	return writer_submit(k->api->o.services->writer, &k->write);
}

void api_handle(void *arg, struct http_request *r)
{
	struct api_call *k = r->user;
	int result = 0;
	if (r->route->kind == ROUTE_RAW || r->route->kind == ROUTE_STREAM) {
		r->route->raw(r, &k->ctx);
		return;
	}
	if (r->route->kind == ROUTE_HOT)
		return reply_hot(k);
	result = call_read_input(k);
	if (result == 0 && r->route->kind == ROUTE_POOL)
		result = pool_submit(k->api->o.pool, run_read, k);
	else if (result == 0)
		result = start_write(k);
	if (result < 0)
		finish(k, &k->error, result);
}

void api_done(void *arg, struct http_request *r)
{
}
