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

int mail_send(struct client *c, struct arena *a, const struct mail_server *server, const struct mail *m, time_ms now,
              struct error *e)
{
	static const uint16_t ports[] = { 25, 465, 587, 0 };
	struct attempt t = { .client = c, .ports = ports };
	struct outgoing out;
	TRY(mail_compose(a, m, now, &out.left, e));
	CLEAN_LIST to = recipients(a, m);
	CLEAN_CURL h = attempt_handle(&t, "smtp,smtps", server->timeout_ms ? server->timeout_ms : (unsigned)setting_ms_of(&setting_defaults, SETTING_OUTBOUND_MAIL_TIME));
	if (!to || !h)
		return error_set(e, a, ERR_NO_MEMORY, NULL);
	curl_easy_setopt(h, CURLOPT_URL, server->url);
	curl_easy_setopt(h, CURLOPT_USE_SSL, (long)(server->tls == MAIL_TLS_REQUIRED ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	if (server->user) {
		curl_easy_setopt(h, CURLOPT_USERNAME, server->user);
		curl_easy_setopt(h, CURLOPT_PASSWORD, server->password);
	}
	curl_easy_setopt(h, CURLOPT_MAIL_FROM, arena_format(a, "<%s>", m->from));
	curl_easy_setopt(h, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(h, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(h, CURLOPT_READDATA, &out);
	return attempt_result(&t, curl_easy_perform(h), a, e);
}
