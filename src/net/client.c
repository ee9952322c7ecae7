/* Outbound HTTP by libcurl. Redirects are followed here, one by one, because only so headers can be left behind. */
#include "net/client.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/setting.h"
#include "base/text.h"
#include "net/client_private.h"

enum { URL_MOST = 2000 };

/* A reply on its way in. */
struct incoming {
	struct text body;
	size_t most;
	bool is_too_large;
};

static size_t take(char *p, size_t size, size_t n, void *arg)
{
	struct incoming *in = arg;
	if (in->body.n + size * n > in->most) {
		in->is_too_large = true;
		return 0;
	}
	text_append_n(&in->body, p, size * n);
	return size * n;
}

static bool is_plain(const char *s, bool is_name)
{
	for (const char *p = s; *p; p++) {
		bool is_control = (unsigned char)*p < ' ' || *p == 0x7F;
		if (is_control || (is_name && (*p == ':' || *p == ' ' || (*p & 0x80))))
			return false;
	}
	return !is_name || *s;
}

/* NULL on failure: a header that could become two, or no memory. */
static struct curl_slist *header_list(struct arena *a, const struct client_request *q)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");
	for (size_t i = 0; list && i < q->header_count; i++) {
		const struct http_pair *p = &q->headers[i];
		bool good = is_plain(p->name, true) && is_plain(p->value, false);
		const char *line = good ? arena_format(a, p->value[0] ? "%s: %s" : "%s;%s", p->name, p->value) : NULL;
		struct curl_slist *longer = line ? curl_slist_append(list, line) : NULL;
		if (!longer)
			curl_slist_free_all(list);
		list = longer;
	}
	return list;
}

/* What of a URL decides where it goes; also refuses credentials and other schemes before anything happens. */
struct place {
	const char *scheme, *host, *port;
};

static const char *url_part(struct arena *a, CURLU *u, CURLUPart part, unsigned flags)
{
	char *text = NULL;
	if (curl_url_get(u, part, &text, flags) != CURLUE_OK)
		return NULL;
	const char *copy = arena_string(a, text);
	curl_free(text);
	return copy;
}

static bool place_of(struct arena *a, const char *url, struct place *out)
{
	CURLU *u = curl_url();
	bool good = u && strlen(url) <= URL_MOST && is_plain(url, false) &&
	            curl_url_set(u, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK;
	if (good) {
		out->scheme = url_part(a, u, CURLUPART_SCHEME, 0);
		out->host = url_part(a, u, CURLUPART_HOST, 0);
		out->port = url_part(a, u, CURLUPART_PORT, CURLU_DEFAULT_PORT);
		good = out->scheme && out->host && out->port && (!strcmp(out->scheme, "http") || !strcmp(out->scheme, "https"));
	}
	curl_url_cleanup(u);
	return good;
}

static void set_request(CURL *h, const struct client_request *q, const char *url, struct incoming *in)
{
	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, in);
	if (q->body.p) {
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.n);
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, q->body.p);
	}
	if (!strcmp(q->method, "HEAD"))
		curl_easy_setopt(h, CURLOPT_NOBODY, 1L);
	else
		curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, q->method);
}

static void read_reply(CURL *h, struct arena *a, const struct incoming *in, struct client_reply *out)
{
	long status = 0;
	const char *text = NULL;
	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
	out->status = (int)status;
	curl_easy_getinfo(h, CURLINFO_CONTENT_TYPE, &text);
	out->type = arena_string(a, text);
	curl_easy_getinfo(h, CURLINFO_PRIMARY_IP, &text);
	snprintf(out->address, sizeof(out->address), "%s", text ? text : "");
	out->body = (struct bytes){ (const uint8_t *)(in->body.p ? in->body.p : ""), in->body.n };
}

/* One exchange; *next is where a redirect points, or NULL. */
static int exchange_once(struct client *c, struct arena *a, const struct client_request *q, const char *url,
                         struct client_reply *out, const char **next, struct error *e)
{
	static const uint16_t ports[] = { 80, 443, 0 };
	struct attempt t = { .client = c, .ports = ports };
	struct incoming in = { .body = text_in(a), .most = q->reply_most ? q->reply_most : (size_t)setting_defaults.at[SETTING_OUTBOUND_REPLY] };
	const char *target = NULL;
	CLEAN_LIST headers = header_list(a, q);
	if (!headers)
		return error_set(e, a, ERR_OUTBOUND_REFUSED, NULL);
	CLEAN_CURL h = NULL;
	TRY(attempt_handle(&t, "http,https", q->timeout_ms ? q->timeout_ms : (unsigned)setting_ms_of(&setting_defaults, SETTING_OUTBOUND_TIME), &h, a, e));
	set_request(h, q, url, &in);
	curl_easy_setopt(h, CURLOPT_USERAGENT, c->options.user_agent ? c->options.user_agent : "anxin");
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
	CURLcode result = curl_easy_perform(h);
	long sent = 0;
	curl_easy_getinfo(h, CURLINFO_REQUEST_SIZE, &sent);
	memset(out, 0, sizeof(*out));
	out->left = sent > 0;
	if (in.is_too_large)
		return error_set(e, a, ERR_OUTBOUND, "reply too large");
	TRY(attempt_result(&t, result, a, e));
	read_reply(h, a, &in, out);
	curl_easy_getinfo(h, CURLINFO_REDIRECT_URL, &target);
	*next = arena_string(a, target);
	return 0;
}

int client_send(struct client *c, struct arena *a, const struct client_request *q, struct client_reply *out, struct error *e)
{
	struct client_request now = *q;
	const char *url = q->url, *next = NULL;
	struct place from, to;
	memset(out, 0, sizeof(*out));
	if (!place_of(a, url, &from) || !is_plain(q->method, true))
		return error_set(e, a, ERR_OUTBOUND_REFUSED, NULL);
	for (unsigned hops = 0;; hops++) {
		TRY(exchange_once(c, a, &now, url, out, &next, e));
		bool follows = next && hops < q->redirects && !strcmp(q->method, "GET");
		if (!follows)
			return 0;
		if (!place_of(a, next, &to) || (!strcmp(from.scheme, "https") && strcmp(to.scheme, "https")))
			return error_set(e, a, ERR_OUTBOUND_REFUSED, NULL);
		if (strcasecmp(from.host, to.host) || strcmp(from.port, to.port))
			now.header_count = 0;
		url = next;
		from = to;
	}
}
