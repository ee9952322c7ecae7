/* The first-run page's two calls: what it needs to know, and founding the company. All that a company begins with is one transaction, on
 * one lane whoever asks, so there is all of it or nothing, and of two who ask at once one is told that it is over. */
#include "app/first_run.h"

#include <semaphore.h>
#include <string.h>

#include "app/company.h"
#include "app/demo_load.h"
#include "base/json.h"
#include "core/api/call.h"
#include "core/api/session_api.h"
#include "core/auth/sign_in.h"
#include "core/pack/packs.h"
#include "core/setting/settings.h"

enum { LANE = 0, WORD_TYPED_MOST = 40 };

static void write_packs(struct ctx *c, struct text *t)
{
	text_append(t, "\"packs\":[");
	for (const struct pack *p = packs; p->name; p++) {
		yyjson_val *words = pack_json(p, PACK_WORDS);
		text_format(t, "%s{\"name\":\"%s\",\"label\":%s,\"note\":%s}", p == packs ? "" : ",", p->name, json_value(c->arena, yyjson_obj_get(words, "name")),
		            json_value(c->arena, yyjson_obj_get(words, "note")));
	}
	text_char(t, ']');
}

static int show(struct ctx *c, const void *in, void *out)
{
	bool open;
	struct text t = text_in(c->arena);
	TRY(first_run_is_open(c, &open));
	text_format(&t, "{\"open\":%s", open ? "true" : "false");
	if (open) {
		text_format(&t, ",\"password_length\":%lld,", (long long)setting_of(c, SETTING_SIGN_IN_PASSWORD));
		write_packs(c, &t);
	}
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct first_run_in {
	const char *word, *company, *code, *service_phone, *pack, *name, *account, *password;
	int64_t demo;
};
static const struct member members[] = {
	MEMBER(struct first_run_in, word, code, .flags = MEMBER_SECRET, .most = WORD_TYPED_MOST),
	MEMBER(struct first_run_in, company, code, .flags = MEMBER_REQUIRED, .most = COMPANY_NAME_MOST),
	MEMBER(struct first_run_in, code, code, .most = COMPANY_CODE_MOST),
	MEMBER(struct first_run_in, service_phone, code, .most = 20),
	MEMBER(struct first_run_in, pack, code, .flags = MEMBER_REQUIRED, .most = 40),
	MEMBER(struct first_run_in, name, code, .flags = MEMBER_REQUIRED, .most = COMPANY_NAME_MOST),
	MEMBER(struct first_run_in, account, code, .flags = MEMBER_REQUIRED, .most = COMPANY_CODE_MOST),
	MEMBER(struct first_run_in, password, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = PASSWORD_MOST),
	MEMBER(struct first_run_in, demo, flag),
};
static const struct shape shape = SHAPE("first_run", struct first_run_in, members);

struct first_run {
	struct http_request *http;
	struct ctx *c;
	const struct first_run_in *in;
	struct company company;
	struct staff admin;
	struct sign_in_outcome outcome;
	struct readers *readers;
	sem_t *passwords;
	struct write_request write;
};

static void refuse(struct first_run *f, int code)
{
	if (!f->c->error->code)
		f->c->error->code = code;
	http_reply_error(f->http, f->c->error);
}

static int check_open(struct ctx *c)
{
	bool open;
	TRY(first_run_is_open(c, &open));
	return open ? 0 : fail(c, ERR_FIRST_RUN_OVER, NULL);
}

static int check_fields(struct ctx *c, struct first_run *f)
{
	const char *bound;
	int r = password_check(c, f->in->password, &bound);
	if (r < 0)
		fail_field(c, "password", r, bound);
	if (!company_is_name(f->company.name, COMPANY_NAME_MOST))
		fail_field(c, "company", ERR_FIELD_TOO_SHORT, "2");
	if (!company_is_code(f->company.code))
		fail_field(c, "code", ERR_FIELD_INVALID, ": a-z 0-9 -");
	if (!company_is_phone(f->company.service_phone))
		fail_field(c, "service_phone", ERR_FIELD_INVALID, ": 400-800-1234");
	if (!f->company.pack)
		fail_field(c, "pack", ERR_FIELD_CHOICE, "appliance, retail, services");
	if (!company_is_name(f->admin.name, COMPANY_NAME_MOST))
		fail_field(c, "name", ERR_FIELD_TOO_SHORT, "2");
	if (!company_is_name(f->admin.account, COMPANY_CODE_MOST))
		fail_field(c, "account", ERR_FIELD_TOO_SHORT, "2");
	return c->error->code;
}

static int check(struct ctx *c, void *arg)
{
	struct first_run *f = arg;
	TRY(check_open(c));
	if (!first_run_word_fits(c->services, f->in->word ? f->in->word : ""))
		return fail(c, ERR_FIRST_RUN_WORD, NULL);
	return check_fields(c, f);
}

/* Asked again: only here nobody else founds one. */
static int found(struct ctx *c, void *arg)
{
	struct first_run *f = arg;
	TRY(check_open(c));
	TRY(company_found(c, &f->company, &f->admin));
	c->actor_kind = ACTOR_USER;
	c->actor_id = f->admin.id;
	TRY(event_add(c, "company.founded", "company", c->tenant, "{}"));
	if (f->in->demo == 1)
		TRY(demo_load_begin(c));
	return sign_in_go_on(c, f->admin.id, SHOWN_ONE, &f->outcome);
}

static void founded(struct ctx *c, void *arg, int result)
{
	struct first_run *f = arg;
	f->c->error = c->error;
	if (result < 0)
		return refuse(f, result);
	session_reply_outcome(f->http, c, &f->outcome);
}

/* An id whose lane is the one on which all first runs meet. */
static int64_t tenant_on_lane(struct ctx *c)
{
	int64_t id;
	do
		id = new_id(c);
	while (writer_lane_of(c->services->writer, id) != LANE);
	return id;
}

static void hash_and_found(void *arg)
{
	struct first_run *f = arg;
	int r = readers_run(f->readers, f->c, check, f);
	if (r < 0)
		return refuse(f, r);
	while (sem_wait(f->passwords) != 0)
		;
	r = password_hash(f->c->arena, f->in->password, &f->admin.password_hash);
	sem_post(f->passwords);
	if (r == 0) {
		f->c->tenant = tenant_on_lane(f->c);
		f->write = (struct write_request){ .run = found, .done = founded, .arg = f, .queue = QUEUE_PEOPLE, .ctx = *f->c };
		r = writer_submit(f->c->services->writer, &f->write);
	}
	if (r < 0)
		refuse(f, r);
}

static void take(struct first_run *f, const struct first_run_in *in)
{
	f->in = in;
	f->company = (struct company){ .code = text_empty(in->code) ? "main" : in->code, .name = in->company, .pack = pack_find(in->pack),
	                               .service_phone = in->service_phone ? in->service_phone : "" };
	f->admin = (struct staff){ .account = in->account, .name = in->name, .lang = f->http->lang == LANG_EN ? "en" : "zh" };
}

static void begin(struct http_request *r, struct ctx *c)
{
	struct api_call *k = r->user;
	struct first_run *f = ARENA_NEW(c->arena, struct first_run);
	*f = (struct first_run){ .http = r, .c = c, .readers = api_readers(k), .passwords = api_passwords(k) };
	int result = api_limit(k, SETTING_RATE_SIGN_IN);
	if (result == 0)
		result = call_read_input(k);
	if (result == 0) {
		take(f, k->in);
		result = pool_submit(api_pool(k), hash_and_found, f);
	}
	if (result < 0)
		refuse(f, result);
}

const struct route first_run_routes[] = {
	ROUTE(GET, "/api/v1/first_run", FOR_ANYBODY, POOL, .out = &raw_shape, .run = show, .zh = "首次设置：是否还没有公司", .en = "First run: whether there is no company yet"),
	ROUTE(POST, "/api/v1/first_run", FOR_ANYBODY, RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &shape, .raw = begin,
	      .zh = "首次设置：建立公司和管理员", .en = "First run: found the company and its administrator"),
};
const size_t first_run_route_count = sizeof(first_run_routes) / sizeof(first_run_routes[0]);
