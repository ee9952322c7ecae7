/* Mail out, by libcurl's SMTP. */
#include "net/mail.h"

#include <string.h>

#include "base/setting.h"
#include "net/client_private.h"

struct outgoing {
	struct bytes left;
};

static size_t give(char *to, size_t size, size_t n, void *arg)
{
	struct outgoing *out = arg;
	size_t some = size * n < out->left.n ? size * n : out->left.n;
	memcpy(to, out->left.p, some);
	out->left.p += some;
	out->left.n -= some;
	return some;
}

static struct curl_slist *recipients(struct arena *a, const struct mail *m)
{
	struct curl_slist *list = NULL;
	for (const char *const *to = m->to; *to; to++) {
		struct curl_slist *longer = curl_slist_append(list, arena_format(a, "<%s>", *to));
		if (!longer) {
			curl_slist_free_all(list);
			return NULL;
		}
		list = longer;
	}
	return list;
}

static const uint16_t ports[] = { 25, 465, 587, 0 };

static int handle_for(struct attempt *t, const struct mail_server *server, CURL **out, struct arena *a, struct error *e)
{
	TRY(attempt_handle(t, "smtp,smtps", server->timeout_ms ? server->timeout_ms : (unsigned)setting_ms_of(&setting_defaults, SETTING_OUTBOUND_MAIL_TIME), out, a, e));
	CURL *h = *out;
	curl_easy_setopt(h, CURLOPT_URL, server->url);
	curl_easy_setopt(h, CURLOPT_USE_SSL, (long)(server->tls == MAIL_TLS_REQUIRED ? CURLUSESSL_ALL : server->tls == MAIL_TLS_NEVER ? CURLUSESSL_NONE : CURLUSESSL_TRY));
	if (server->user) {
		curl_easy_setopt(h, CURLOPT_USERNAME, server->user);
		curl_easy_setopt(h, CURLOPT_PASSWORD, server->password);
	}
	return 0;
}

enum mail_trouble mail_trouble_of(const struct attempt *t, CURLcode result)
{
	if (t->is_refused)
		return MAIL_ADDRESS_REFUSED;
	switch (result) {
	case CURLE_OK:
		return MAIL_FINE;
	case CURLE_COULDNT_RESOLVE_HOST: case CURLE_URL_MALFORMAT:
		return MAIL_NO_HOST;
	case CURLE_COULDNT_CONNECT: case CURLE_OPERATION_TIMEDOUT: case CURLE_WEIRD_SERVER_REPLY: case CURLE_GOT_NOTHING: case CURLE_RECV_ERROR: case CURLE_SEND_ERROR:
		return MAIL_NO_CONNECTION;
	case CURLE_PEER_FAILED_VERIFICATION:
		return MAIL_BAD_CERTIFICATE;
	case CURLE_USE_SSL_FAILED: case CURLE_SSL_CONNECT_ERROR:
		return MAIL_NO_TLS;
	case CURLE_LOGIN_DENIED:
		return MAIL_NO_LOGIN;
	default:
		return MAIL_ANSWERED_NO;
	}
}

static int settle(CURL *h, const struct attempt *t, CURLcode result, struct mail_outcome *out, struct arena *a, struct error *e)
{
	long code = 0;
	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &code);
	*out = (struct mail_outcome){ mail_trouble_of(t, result), (int)code };
	return attempt_result(t, result, a, e);
}

static int give_mail(struct client *c, struct arena *a, const struct mail_server *server, const char *from, struct curl_slist *to, struct bytes mail, struct mail_outcome *result, struct error *e)
{
	struct attempt t = { .client = c, .ports = ports };
	struct outgoing out = { mail };
	CLEAN_CURL h = NULL;
	*result = (struct mail_outcome){ 0 };
	TRY(handle_for(&t, server, &h, a, e));
	if (!to)
		return error_set(e, a, ERR_NO_MEMORY, NULL);
	curl_easy_setopt(h, CURLOPT_MAIL_FROM, arena_format(a, "<%s>", from));
	curl_easy_setopt(h, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(h, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(h, CURLOPT_READDATA, &out);
	return settle(h, &t, curl_easy_perform(h), result, a, e);
}

int mail_send(struct client *c, struct arena *a, const struct mail_server *server, const struct mail *m, time_ms now,
              struct error *e)
{
	struct bytes bytes;
	struct mail_outcome out;
	TRY(mail_compose(a, m, now, &bytes, e));
	CLEAN_LIST to = recipients(a, m);
	return give_mail(c, a, server, m->from, to, bytes, &out, e);
}

int mail_send_bytes(struct client *c, struct arena *a, const struct mail_server *server, const char *from, const char *to, struct bytes mail,
                    struct mail_outcome *out, struct error *e)
{
	const struct mail m = { .to = (const char *const[]){ to, NULL } };
	CLEAN_LIST list = recipients(a, &m);
	return give_mail(c, a, server, from, list, mail, out, e);
}

int mail_try(struct client *c, struct arena *a, const struct mail_server *server, struct mail_outcome *out, struct error *e)
{
	struct attempt t = { .client = c, .ports = ports };
	CLEAN_CURL h = NULL;
	*out = (struct mail_outcome){ 0 };
	TRY(handle_for(&t, server, &h, a, e));
	curl_easy_setopt(h, CURLOPT_CONNECT_ONLY, 1L);
	return settle(h, &t, curl_easy_perform(h), out, a, e);
}
