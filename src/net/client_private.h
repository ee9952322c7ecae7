/* What outbound HTTP and mail share: a curl handle that only connects where it may. */
#pragma once

#include <curl/curl.h>

#include "net/client.h"
#include "net/mail.h"

struct client {
	struct arena *arena;
	struct client_options options;
	struct curl_slist *resolve;
};

/* One attempt: the judge of its sockets and what came of it. */
struct attempt {
	const struct client *client;
	const uint16_t *ports;          /* below 1024 that may be contacted, 0-ended */
	bool is_refused;                /* an address was refused */
	bool is_opened;                 /* one was not */
	char reason[CURL_ERROR_SIZE];
};

#define CLEAN_CURL __attribute__((cleanup(curl_free_handle))) CURL *
#define CLEAN_LIST __attribute__((cleanup(curl_free_list))) struct curl_slist *
void curl_free_handle(CURL **handle);
void curl_free_list(struct curl_slist **list);

/* A new handle with the guard, the protocols ("http,https") and the time limit set. ERR_OUTBOUND where nothing may leave: there is no client. */
int attempt_handle(struct attempt *t, const char *protocols, unsigned timeout_ms, CURL **out, struct arena *a, struct error *e) MUST_CHECK;
/* 0, or the error that belongs to curl's result. */
int attempt_result(const struct attempt *t, CURLcode result, struct arena *a, struct error *e) MUST_CHECK;
/* In words for who set the server up. */
enum mail_trouble mail_trouble_of(const struct attempt *t, CURLcode result);
