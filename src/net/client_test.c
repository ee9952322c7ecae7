/* Outbound: a server on a permitted loopback address, and every way from there to the inside. */
#include "base/test.h"
#include "net/imap.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* 127.0.0.2 is permitted in these tests, 127.0.0.1 is "the inside": both are reachable, so only the guard keeps them apart.
 * The server answers each connection with the next of `answers` and notes what it was asked. */
struct fixture {
	struct arena *arena;
	struct client *client;
	pthread_t thread;
	int listener;
	uint16_t port;
	const char *answers[8];
	char asked[8][2048];
	_Atomic int connections;
};

static void speak(struct fixture *f, int fd, int i)
{
	size_t n = 0;
	const char *answer = f->answers[i] ? f->answers[i] : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	bool is_mail = !strncmp(answer, "220", 3);
	if (is_mail)
		(void)!write(fd, answer, strlen(answer));
	while (n < sizeof(f->asked[i]) - 1) {
		ssize_t got = read(fd, f->asked[i] + n, sizeof(f->asked[i]) - 1 - n);
		if (got <= 0)
			return;
		bool is_start = is_mail && strstr(f->asked[i] + n, "DATA\r\n");
		bool is_inside = is_mail && strstr(f->asked[i], "DATA\r\n") && !strstr(f->asked[i], "\r\n.\r\n");
		n += (size_t)got;
		if (is_mail && (is_start || !is_inside))
			(void)!write(fd, is_start ? "354 go\r\n" : "250 ok\r\n", 8);
		if (!is_mail && strstr(f->asked[i], "\r\n\r\n"))
			break;
	}
	(void)!write(fd, answer, strlen(answer));
}

static void *serve(void *arg)
{
	struct fixture *f = arg;
	int fd;
	while ((fd = accept(f->listener, NULL, NULL)) >= 0) {
		int i = f->connections++;
		if (i < 8)
			speak(f, fd, i);
		close(fd);
	}
	return NULL;
}

static int setup(void **state)
{
	static const char *const resolve_form[] = { "inside.test:%u:127.0.0.1", "permitted.test:%u:127.0.0.2",
	                                            "rebind.test:%u:127.0.0.1,127.0.0.2", NULL };
	static struct network permitted;
	struct arena *a = arena_new();
	struct fixture *f = ARENA_NEW(a, struct fixture);
	struct sockaddr_in name = { .sin_family = AF_INET };
	socklen_t n = sizeof(name);
	f->arena = a;
	f->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(f->listener, (struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(listen(f->listener, 8), 0);
	getsockname(f->listener, (struct sockaddr *)&name, &n);
	f->port = ntohs(name.sin_port);
	const char **resolve = ARENA_ARRAY(a, const char *, 4);
	for (int i = 0; resolve_form[i]; i++) {
		const char *colon = strchr(resolve_form[i], ':');
		resolve[i] = arena_format(a, "%.*s:%u:%s", (int)(colon - resolve_form[i]), resolve_form[i], f->port, colon + 4);
	}
	network_parse("127.0.0.2", &permitted);
	struct client_options o = { .allowed = &permitted, .allowed_count = 1, .resolve = resolve };
	assert_int_equal(client_open(&o, &f->client), 0);
	assert_int_equal(pthread_create(&f->thread, NULL, serve, f), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	shutdown(f->listener, SHUT_RDWR);
	close(f->listener);
	pthread_join(f->thread, NULL);
	client_close(f->client);
	arena_free(f->arena);
	return 0;
}

static int get(struct fixture *f, const char *url, struct client_reply *out)
{
	struct error e = { 0 };
	struct http_pair headers[] = { { "X-Key", "secret" } };
	struct client_request q = { .method = "GET", .url = url, .redirects = 3, .timeout_ms = 3000, .reply_most = 1000,
	                            .headers = headers, .header_count = 1 };
	return client_send(f->client, f->arena, &q, out, &e);
}

static const char *at(struct fixture *f, const char *form)
{
	const char *hole = strchr(form, '#');
	return arena_format(f->arena, "%.*s%u%s", (int)(hole - form), form, f->port, hole + 1);
}

static const char *redirect_to(struct fixture *f, const char *form)
{
	return arena_format(f->arena, "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
	                    strchr(form, '#') ? at(f, form) : form);
}

static void permitted_address_answers(void **state)
{
	struct fixture *f = *state;
	struct client_reply r;
	assert_int_equal(get(f, at(f, "http://127.0.0.2:#/hook?x=1"), &r), 0);
	assert_int_equal(r.status, 200);
	assert_memory_equal(r.body.p, "ok", 2);
	assert_string_equal(r.address, "127.0.0.2");
	assert_non_null(strstr(f->asked[0], "GET /hook?x=1 HTTP/1.1\r\n"));
	assert_non_null(strstr(f->asked[0], "X-Key: secret\r\n"));
}

static void inside_is_refused_in_every_spelling(void **state)
{
	static const char *const urls[] = {
		"http://127.0.0.1:#/", "http://localhost:#/", "http://127.1:#/", "http://0x7f000001:#/", "http://2130706433:#/",
		"http://0177.0.0.1:#/", "http://[::1]:#/", "http://[::ffff:127.0.0.1]:#/", "http://0.0.0.0:#/", "http://inside.test:#/",
		"http://[::ffff:7f00:1]:#/", "http://169.254.169.254:#/", "http://10.0.0.1:#/", "http://[fe80::1]:#/", "http://[fd00::1]:#/",
		"http://user:pass@127.0.0.2:#/", "http://127.0.0.2@127.0.0.1:#/", "ftp://127.0.0.2:#/", "file:///etc/passwd#",
		"gopher://127.0.0.2:#/", "dict://127.0.0.2:#/", "http://#", "127.0.0.2:#", "http://127.0.0.2:#/ x\r\nX: y", "#",
	};
	struct fixture *f = *state;
	struct client_reply r;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		int result = get(f, at(f, urls[i]), &r);
		if (result != ERR_OUTBOUND_REFUSED)
			fail_msg("%s gave %d", urls[i], result);
	}
	assert_int_equal(f->connections, 0);
}

static void redirect_to_the_inside_is_refused(void **state)
{
	static const char *const targets[] = { "http://127.0.0.1:#/", "http://localhost:#/", "http://inside.test:#/", "//127.0.0.1:#/",
	                                       "http://169.254.169.254/latest/", "file:///etc/passwd" };
	struct fixture *f = *state;
	struct client_reply r;
	for (int i = 0; i < 6; i++)
		f->answers[i] = redirect_to(f, targets[i]);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(get(f, at(f, "http://127.0.0.2:#/start"), &r), ERR_OUTBOUND_REFUSED);
		assert_int_equal(f->connections, i + 1);
	}
}

static void lawful_redirect_is_followed_and_another_host_gets_no_headers(void **state)
{
	struct fixture *f = *state;
	struct client_reply r;
	f->answers[0] = redirect_to(f, "/next");
	f->answers[1] = redirect_to(f, "http://permitted.test:#/last");
	assert_int_equal(get(f, at(f, "http://127.0.0.2:#/start"), &r), 0);
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(f->asked[1], "X-Key: secret\r\n"));
	assert_non_null(strstr(f->asked[2], "GET /last "));
	assert_null(strstr(f->asked[2], "secret"));
}

static void endless_redirect_ends(void **state)
{
	struct fixture *f = *state;
	struct client_reply r;
	for (int i = 0; i < 8; i++)
		f->answers[i] = redirect_to(f, "/again");
	assert_int_equal(get(f, at(f, "http://127.0.0.2:#/"), &r), 0);
	assert_int_equal(r.status, 302);
	assert_int_equal(f->connections, 4);
}

/* The name first gives an inside address, then a permitted one: whatever is tried, the inside hears nothing. */
static void rebinding_name_reaches_only_what_is_permitted(void **state)
{
	struct fixture *f = *state;
	struct client_reply r;
	if (get(f, at(f, "http://rebind.test:#/"), &r) == 0)
		assert_string_equal(r.address, "127.0.0.2");
	for (int i = 0; i < f->connections; i++)
		assert_non_null(strstr(f->asked[i], "Host: rebind.test"));
}

static void too_large_or_broken_reply_is_an_error(void **state)
{
	struct fixture *f = *state;
	struct client_reply r;
	char large[1400] = "HTTP/1.1 200 OK\r\n\r\n";
	memset(large + strlen(large), 'x', 1200);
	f->answers[0] = large;
	f->answers[1] = "nonsense\r\n\r\n";
	f->answers[2] = "";
	for (int i = 0; i < 3; i++)
		assert_int_equal(get(f, at(f, "http://127.0.0.2:#/"), &r), ERR_OUTBOUND);
}

static void header_that_could_become_two_is_not_sent(void **state)
{
	static const struct http_pair bad[] = { { "X", "a\r\nY: b" }, { "X: y", "z" }, { "X\r\nY", "z" }, { "", "z" }, { "X", "\n" } };
	struct fixture *f = *state;
	struct client_reply r;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct error e = { 0 };
		struct client_request q = { .method = "GET", .url = at(f, "http://127.0.0.2:#/"), .headers = &bad[i], .header_count = 1 };
		assert_int_equal(client_send(f->client, f->arena, &q, &r, &e), ERR_OUTBOUND_REFUSED);
	}
	assert_int_equal(f->connections, 0);
}

static void body_is_posted(void **state)
{
	struct fixture *f = *state;
	struct client_reply r;
	struct error e = { 0 };
	struct http_pair type = { "Content-Type", "application/json" };
	struct client_request q = { .method = "POST", .url = at(f, "http://127.0.0.2:#/"), .headers = &type, .header_count = 1,
	                            .body = { (const uint8_t *)"{\"a\":1}", 7 } };
	assert_int_equal(client_send(f->client, f->arena, &q, &r, &e), 0);
	assert_non_null(strstr(f->asked[0], "POST / HTTP/1.1\r\n"));
	assert_non_null(strstr(f->asked[0], "Content-Length: 7\r\n"));
}

static void without_a_client_nothing_leaves(void **state)
{
	struct fixture *f = *state;
	struct client_reply r;
	struct error e = { 0 };
	struct mail_outcome outcome;
	struct imap *m = NULL;
	enum mail_trouble trouble;
	const struct client_request q = { .method = "GET", .url = at(f, "http://127.0.0.2:#/") };
	const struct mail_server server = { .url = at(f, "smtp://127.0.0.2:#"), .timeout_ms = 3000 };
	assert_int_equal(client_send(NULL, f->arena, &q, &r, &e), ERR_OUTBOUND);
	assert_int_equal(mail_try(NULL, f->arena, &server, &outcome, &e), ERR_OUTBOUND);
	assert_int_equal(mail_send_bytes(NULL, f->arena, &server, "a@example.com", "b@example.com", (struct bytes){ (const uint8_t *)"x", 1 }, &outcome, &e), ERR_OUTBOUND);
	assert_int_equal(imap_open(NULL, f->arena, &(struct imap_server){ .url = at(f, "imap://127.0.0.2:#"), .user = "a", .password = "b" }, &m, &trouble, &e), ERR_OUTBOUND);
	assert_int_equal(f->connections, 0);
}

static const char *const recipients[] = { "li@example.com", "wang@example.com", NULL };

static int send_mail(struct fixture *f, const char *form, enum mail_tls tls)
{
	struct error e = { 0 };
	struct mail_server server = { .url = at(f, form), .tls = tls, .timeout_ms = 3000 };
	struct mail m = { .from = "a@example.com", .to = recipients, .subject = "服务单", .text = ".\r\n您好", .id = "1" };
	return mail_send(f->client, f->arena, &server, &m, 0, &e);
}

static void mail_reaches_a_permitted_server(void **state)
{
	struct fixture *f = *state;
	f->answers[0] = "220 test\r\n";
	assert_int_equal(send_mail(f, "smtp://127.0.0.2:#", MAIL_TLS_IF_OFFERED), 0);
	assert_non_null(strstr(f->asked[0], "MAIL FROM:<a@example.com>"));
	assert_non_null(strstr(f->asked[0], "RCPT TO:<wang@example.com>"));
	assert_non_null(strstr(f->asked[0], "Subject: =?UTF-8?B?5pyN5Yqh5Y2V?="));
}

static void mail_goes_neither_inside_nor_in_clear_when_tls_is_required(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(send_mail(f, "smtp://127.0.0.1:#", MAIL_TLS_IF_OFFERED), ERR_OUTBOUND_REFUSED);
	assert_int_equal(send_mail(f, "http://127.0.0.2:#", MAIL_TLS_IF_OFFERED), ERR_OUTBOUND_REFUSED);
	assert_int_equal(f->connections, 0);
	f->answers[0] = "220 test\r\n";
	assert_int_equal(send_mail(f, "smtp://127.0.0.2:#", MAIL_TLS_REQUIRED), ERR_OUTBOUND);
	assert_null(strstr(f->asked[0], "MAIL FROM"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(permitted_address_answers, setup, teardown),
		cmocka_unit_test_setup_teardown(inside_is_refused_in_every_spelling, setup, teardown),
		cmocka_unit_test_setup_teardown(redirect_to_the_inside_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(lawful_redirect_is_followed_and_another_host_gets_no_headers, setup, teardown),
		cmocka_unit_test_setup_teardown(endless_redirect_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(rebinding_name_reaches_only_what_is_permitted, setup, teardown),
		cmocka_unit_test_setup_teardown(too_large_or_broken_reply_is_an_error, setup, teardown),
		cmocka_unit_test_setup_teardown(header_that_could_become_two_is_not_sent, setup, teardown),
		cmocka_unit_test_setup_teardown(body_is_posted, setup, teardown),
		cmocka_unit_test_setup_teardown(without_a_client_nothing_leaves, setup, teardown),
		cmocka_unit_test_setup_teardown(mail_reaches_a_permitted_server, setup, teardown),
		cmocka_unit_test_setup_teardown(mail_goes_neither_inside_nor_in_clear_when_tls_is_required, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
