/* From a request to a page: whose help centre it is, in which language, made in the pool from one snapshot. */
#include "domain/help/help.h"

#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/id.h"
#include "base/pool.h"
#include "core/api/api.h"
#include "core/api/call.h"
#include "core/api/file_api.h"
#include "core/api/readers.h"
#include "core/pack.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/help/help_private.h"
#include "domain/portal/portal.h"
#include "net/url.h"

PACK_TEXT(help_style, "src/domain/help/help.css");
PACK_TEXT(help_script, "src/domain/help/help.js");

#define PAGE_CACHE "public, max-age=60"

/* Reading --------------------------------------------------------------------------------------------------------------- */

static int read_page(struct ctx *c, void *arg)
{
	struct help *h = arg;
	struct knowledge_products_row *products;
	TRY(portal_company(c, h->company));
	TRY(db_set_tenant(c->db, c->tenant));
	TRY(api_limit(h->http->user, SETTING_RATE_HELP));
	TRY(tenant_row_get(c, &h->tenant));
	TRY(knowledge_of(c, &h->k));
	TRY(knowledge_products(c, &products, &h->product_count));
	h->products = products;
	return h->make(h);
}

/* Replying -------------------------------------------------------------------------------------------------------------- */

static void reply(struct help *h)
{
	const char *body = text_end(&h->body), *known = http_header(h->http, HEADER_IF_NONE_MATCH);
	uint8_t sum[HASH_SIZE];
	char tag[24];
	hash_sha256(body, h->body.n, sum);
	snprintf(tag, sizeof(tag), "\"%02x%02x%02x%02x%02x%02x%02x%02x\"", sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7]);
	bool unchanged = h->status == 200 && known && strstr(known, tag);
	const struct http_pair headers[] = { { "Cache-Control", h->status == 200 ? PAGE_CACHE : "no-store" }, { "Vary", "Accept-Language" }, { "ETag", tag }, { "Location", h->location } };
	http_reply(h->http, &(struct http_reply){
		.status = unchanged ? 304 : h->status, .type = h->type, .headers = headers, .header_count = h->location ? 4 : 3, .is_page = true,
		.body = { (const uint8_t *)(unchanged ? "" : body), unchanged ? 0 : h->body.n },
	});
}

/* Nobody reads JSON here. */
static void refuse(struct help *h, int code)
{
	struct error *e = h->c->error;
	if (e->code)
		code = e->code;
	h->body = text_in(h->c->arena);
	h->status = error_status(code);
	h->type = "text/plain; charset=utf-8";
	text_append(&h->body, error_text(code, h->lang, e->arg, h->c->arena));
	reply(h);
}

static void make(void *arg)
{
	struct help *h = arg;
	int result = readers_run(api_readers(h->http->user), h->c, read_page, h);
	if (result < 0)
		refuse(h, result);
	else
		reply(h);
}

static struct help *begin(struct http_request *r, struct ctx *c, int (*page)(struct help *h))
{
	struct help *h = ARENA_NEW(c->arena, struct help);
	*h = (struct help){ .http = r, .c = c, .make = page, .status = 200, .type = "text/html; charset=utf-8", .body = text_in(c->arena), .company = http_query(r, "company") };
	h->lang_said = http_query(r, "lang");
	h->lang = !h->lang_said ? r->lang : text_equal(h->lang_said, "en") ? LANG_EN : LANG_ZH;
	c->lang = h->lang;
	return h;
}

static void show(struct http_request *r, struct ctx *c, int (*page)(struct help *h))
{
	struct help *h = begin(r, c, page);
	int result = pool_submit(api_pool(r->user), make, h);
	if (result < 0)
		refuse(h, result);
}

#define PAGE(name) static void show_##name(struct http_request *r, struct ctx *c) { show(r, c, help_##name); }
PAGE(home)
PAGE(product)
PAGE(article)
PAGE(step)
PAGE(search)
PAGE(suggest)
PAGE(code)
PAGE(sitemap)

/* Files ------------------------------------------------------------------------------------------------------------------- */

static void send_text(struct http_request *r, const char *type, const char *text)
{
	const struct http_pair headers[] = { { "Cache-Control", "public, max-age=3600" } };
	http_reply(r, &(struct http_reply){ .status = 200, .type = type, .headers = headers, .header_count = 1, .body = { (const uint8_t *)text, strlen(text) } });
}

static void style(struct http_request *r, struct ctx *c)
{
	send_text(r, "text/css; charset=utf-8", help_style);
}

static void script(struct http_request *r, struct ctx *c)
{
	send_text(r, "text/javascript; charset=utf-8", help_script);
}

/* What a page shows or offers, for whoever may read the page. */
static int find_file(struct ctx *c, struct http_request *r, int64_t *id)
{
	const char *code = http_param(r, "code"), *name = http_param(r, "id");
	const struct knowledge *k;
	TRY(portal_company(c, http_query(r, "company")));
	TRY(db_set_tenant(c->db, c->tenant));
	TRY(api_limit(r->user, SETTING_RATE_HELP));
	TRY(knowledge_of(c, &k));
	const struct article_entry *e = code ? knowledge_find(k, code) : NULL;
	bool good = e && name && help_shows(e) && id_parse(name, id) == 0 && article_shows_file(c, e, *id);
	return good ? 0 : fail(c, ERR_NOT_FOUND, NULL);
}

static void send_file(struct http_request *r, struct ctx *c)
{
	file_send(r, c, find_file);
}

/* Helpful or not: a form without a field, so that it works without a script ------------------------------------------------- */

struct saying {
	struct help *help;
	const char *code;
	enum article_use what;
	struct write_request request;
};

static int find_said(struct help *h)
{
	const char *code = http_param(h->http, "code");
	const struct article_entry *e = knowledge_find(h->k, code ? code : "");
	if (!e || !help_shows(e))
		return fail(h->c, ERR_NOT_FOUND, NULL);
	return api_limit(h->http->user, SETTING_RATE_HELP_SAYS);
}

static int count(struct ctx *c, void *arg)
{
	const struct saying *s = arg;
	return article_counted(c, s->code, s->what);
}

static void counted(struct ctx *c, void *arg, int result)
{
	struct saying *s = arg;
	struct help *h = s->help;
	if (result < 0) {
		h->c->error = c->error;
		refuse(h, result);
		return;
	}
	struct text to = text_in(h->c->arena);
	text_append(&to, "/help/article/");
	url_encode(&to, s->code);
	text_append(&to, "?thanks=1");
	if (h->lang_said)
		text_format(&to, "&lang=%s", h->lang == LANG_EN ? "en" : "zh");
	if (h->company) {
		text_append(&to, "&company=");
		url_encode(&to, h->company);
	}
	text_append(&to, "#say");
	h->location = text_end(&to);
	h->status = 303;
	h->type = NULL;
	reply(h);
}

static void say_in_pool(void *arg)
{
	struct saying *s = arg;
	struct help *h = s->help;
	int result = readers_run(api_readers(h->http->user), h->c, read_page, h);
	if (result == 0) {
		s->request = (struct write_request){ .run = count, .done = counted, .arg = s, .queue = QUEUE_PEOPLE, .ctx = *h->c };
		result = writer_submit(h->c->services->writer, &s->request);
	}
	if (result < 0)
		refuse(h, result);
}

static void judge(struct http_request *r, struct ctx *c, enum article_use what)
{
	struct saying *s = ARENA_NEW(c->arena, struct saying);
	*s = (struct saying){ .help = begin(r, c, find_said), .code = http_param(r, "code"), .what = what };
	int result = pool_submit(api_pool(r->user), say_in_pool, s);
	if (result < 0)
		refuse(s->help, result);
}

static void say_helpful(struct http_request *r, struct ctx *c)
{
	judge(r, c, ARTICLE_HELPFUL);
}

static void say_unhelpful(struct http_request *r, struct ctx *c)
{
	judge(r, c, ARTICLE_UNHELPFUL);
}

#define OPEN_PAGE(path, name, zh_line, en_line) ROUTE(GET, path, FOR_ANYBODY, RAW, .raw = show_##name, .zh = zh_line, .en = en_line)

const struct route help_routes[] = {
	OPEN_PAGE("/help", home, "帮助中心：首页（HTML）", "Help centre: home (HTML)"),
	OPEN_PAGE("/help/product/{product}", product, "帮助中心：一种产品（HTML）", "Help centre: a product (HTML)"),
	OPEN_PAGE("/help/article/{code}", article, "帮助中心：一篇文章（HTML）", "Help centre: an article (HTML)"),
	OPEN_PAGE("/help/article/{code}/step/{node}", step, "帮助中心：故障树的一步（HTML）", "Help centre: a step of a fault tree (HTML)"),
	OPEN_PAGE("/help/search", search, "帮助中心：搜索（HTML）", "Help centre: search (HTML)"),
	OPEN_PAGE("/help/suggest", suggest, "帮助中心：边输入边找", "Help centre: search as one types"),
	OPEN_PAGE("/help/code", code, "帮助中心：查故障码（HTML）", "Help centre: look up a fault code (HTML)"),
	OPEN_PAGE("/help/sitemap.xml", sitemap, "帮助中心：站点地图", "Help centre: sitemap"),
	ROUTE(GET, "/help/picture/{code}/{id}", FOR_ANYBODY, RAW, .raw = send_file, .zh = "帮助中心：文章里的图片、视频或附件", .en = "Help centre: a picture, video or file of an article"),
	ROUTE(GET, "/help/help.css", FOR_ANYBODY, RAW, .raw = style, .zh = "帮助中心：样式", .en = "Help centre: style"),
	ROUTE(GET, "/help/help.js", FOR_ANYBODY, RAW, .raw = script, .zh = "帮助中心：脚本", .en = "Help centre: script"),
	ROUTE(POST, "/help/article/{code}/helpful", FOR_ANYBODY, RAW, .flags = ROUTE_NO_KEY, .raw = say_helpful, .zh = "帮助中心：有帮助", .en = "Help centre: it helped"),
	ROUTE(POST, "/help/article/{code}/unhelpful", FOR_ANYBODY, RAW, .flags = ROUTE_NO_KEY, .raw = say_unhelpful, .zh = "帮助中心：没有帮助", .en = "Help centre: it did not help"),
};
const size_t help_route_count = sizeof(help_routes) / sizeof(help_routes[0]);
