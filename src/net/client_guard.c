/* The guard of outbound connections. */
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "net/client_private.h"

void curl_free_handle(CURL **handle)
{
	if (*handle)
		curl_easy_cleanup(*handle);
}

void curl_free_list(struct curl_slist **list)
{
	curl_slist_free_all(*list);
}

static bool may_contact(const struct attempt *t, const struct ip_address *a, uint16_t port)
{
	const struct client_options *o = &t->client->options;
	for (size_t i = 0; i < o->allowed_count; i++)
		if (network_has(&o->allowed[i], a))
			return true;
	if (!address_is_public(a))
		return false;
	if (port >= 1024)
		return true;
	for (const uint16_t *p = t->ports; *p; p++)
		if (*p == port)
			return true;
	return false;
}

/* Here the name is resolved and nothing is sent yet. Only TCP: curl opens nothing else for these protocols. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct attempt *t = arg;
	struct ip_address a;
	struct sockaddr_in in;
	memcpy(&in, &to->addr, sizeof(in));     /* the port stands at the same place in both families */
	if (purpose != CURLSOCKTYPE_IPCXN || !address_of(&to->addr, &a) || !may_contact(t, &a, ntohs(in.sin_port))) {
		t->is_refused = true;
		return CURL_SOCKET_BAD;
	}
	t->is_opened = true;
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

int attempt_handle(struct attempt *t, const char *protocols, unsigned timeout_ms, CURL **out, struct arena *a, struct error *e)
{
	if (!t->client)
		return error_set(e, a, ERR_OUTBOUND, "off");
	const struct client_options *o = &t->client->options;
	CURL *h = *out = curl_easy_init();
	if (!h)
		return error_set(e, a, ERR_NO_MEMORY, NULL);
	curl_easy_setopt(h, CURLOPT_ERRORBUFFER, t->reason);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, protocols);
	curl_easy_setopt(h, CURLOPT_REDIR_PROTOCOLS_STR, "");
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)(timeout_ms < 5000 ? timeout_ms : 5000));
	curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (o->authorities)
		curl_easy_setopt(h, CURLOPT_CAINFO, o->authorities);
	if (t->client->resolve)
		curl_easy_setopt(h, CURLOPT_RESOLVE, t->client->resolve);
	return 0;
}

int attempt_result(const struct attempt *t, CURLcode result, struct arena *a, struct error *e)
{
	if (result == CURLE_OK)
		return 0;
	bool is_no_address = result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_URL_MALFORMAT;
	if (t->is_refused || (is_no_address && !t->is_opened))
		return error_set(e, a, ERR_OUTBOUND_REFUSED, NULL);
	return error_set(e, a, ERR_OUTBOUND, t->reason[0] ? t->reason : curl_easy_strerror(result));
}

int client_open(const struct client_options *o, struct client **out)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return ERR_INTERNAL;
	struct arena *a = arena_new();
	struct client *c = ARENA_NEW(a, struct client);
	c->arena = a;
	c->options = *o;
	for (const char *const *r = o->resolve; r && *r; r++)
		c->resolve = curl_slist_append(c->resolve, *r);
	*out = c;
	return 0;
}

void client_close(struct client *c)
{
	if (!c)
		return;
	curl_slist_free_all(c->resolve);
	arena_free(c->arena);
	curl_global_cleanup();
}
