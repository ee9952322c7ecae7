/* The plain port: where it sends whom, and that nothing else can be had from it. */
#include "net/redirect.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/test.h"

static const struct redirect_options plain = { .to = "https://service.example.cn:8443" };
static char answer[REDIRECT_ANSWER_MOST + 1];

static const char *ask_with(const struct redirect_options *o, const char *head)
{
	size_t n = redirect_answer(o, head, strlen(head), answer);
	answer[n] = 0;
	return answer;
}

static const char *ask(const char *head)
{
	return ask_with(&plain, head);
}

static int status_of(const char *head)
{
	return (int)strtol(ask(head) + strlen("HTTP/1.1 "), NULL, 10);
}

static bool has(const char *line)
{
	return strstr(answer, line) != NULL;
}

static void a_path_is_sent_to_the_same_path(void **state)
{
	ask("GET /t/abc?x=1&y=%E4%BD%A0 HTTP/1.1\r\nHost: service.example.cn\r\n\r\n");
	assert_true(has("HTTP/1.1 308 ") && has("Location: https://service.example.cn:8443/t/abc?x=1&y=%E4%BD%A0\r\n") && has("Connection: close\r\n"));
	ask("HEAD / HTTP/1.0\r\nhost:\tSERVICE.example.CN:80 \r\n\r\n");
	assert_true(has("HTTP/1.1 308 ") && has("Location: https://service.example.cn:8443/\r\n"));
	assert_int_equal(status_of("GET //evil.example/x HTTP/1.1\r\nHost: service.example.cn\r\n\r\n"), 308);
	assert_true(has("Location: https://service.example.cn:8443//evil.example/x\r\n"));
}

static void another_host_is_sent_nowhere(void **state)
{
	static const char *const hosts[] = { "evil.example", "service.example.cn.evil.example", "evil.example:80", "xservice.example.cn", "", "service.example.cn@evil.example", "service.example.cn:80:80", "[::1]" };
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		char head[200];
		snprintf(head, sizeof(head), "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", hosts[i]);
		assert_int_equal(status_of(head), 400);
		assert_false(has("Location"));
	}
	assert_int_equal(status_of("GET / HTTP/1.1\r\nHost: service.example.cn\r\nHost: evil.example\r\n\r\n"), 400);
	assert_int_equal(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
	assert_int_equal(status_of("GET http://evil.example/ HTTP/1.1\r\nHost: service.example.cn\r\n\r\n"), 400);
}

static void what_is_no_plain_get_is_refused(void **state)
{
	assert_int_equal(status_of("POST / HTTP/1.1\r\nHost: service.example.cn\r\n\r\n"), 403);
	assert_int_equal(status_of("CONNECT evil.example:443 HTTP/1.1\r\nHost: service.example.cn\r\n\r\n"), 403);
	static const char *const bad[] = {
		"", "\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/2.0\r\nHost: service.example.cn\r\n\r\n", "GET  / HTTP/1.1\r\nHost: service.example.cn\r\n\r\n",
		"GET /a b HTTP/1.1\r\nHost: service.example.cn\r\n\r\n", "GET /\x01 HTTP/1.1\r\nHost: service.example.cn\r\n\r\n",
		"GET /\xe4\xbd\xa0 HTTP/1.1\r\nHost: service.example.cn\r\n\r\n", "GET /\nSet-Cookie:x HTTP/1.1\r\nHost: service.example.cn\r\n\r\n",
		"GET /\"><b> HTTP/1.1\r\nHost: service.example.cn\r\n\r\n", "GET / HTTP/1.1\r\nHost: service.example.cn\r\nContent-Length: 3\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: service.example.cn\r\nTransfer-Encoding: chunked\r\n\r\n", "GET / HTTP/1.1\nHost: service.example.cn\n\n",
		"GET / HTTP/1.1\r\nHost: service.example.cn\r\n folded\r\n\r\n", "GET / HTTP/1.1\r\nHost service.example.cn\r\n\r\n", "GET / HTTP/1.1\r\nHost: service.example.cn\r\n",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(status_of(bad[i]), 400);
		assert_true(has("Connection: close\r\n") && !has("Location"));
	}
}

static void a_path_that_is_too_long_is_refused(void **state)
{
	char head[REDIRECT_HEAD_MOST];
	memset(head, 'a', sizeof(head));
	memcpy(head, "GET /", 5);
	snprintf(head + 5000, sizeof(head) - 5000, " HTTP/1.1\r\nHost: service.example.cn\r\n\r\n");
	assert_int_equal(status_of(head), 400);
}

static void put(const char *folder, const char *name, const char *text)
{
	char path[300];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void a_token_is_answered_and_nothing_beside_it(void **state)
{
	char folder[] = "/tmp/redirect_test_XXXXXX", tokens[100], path[300], head[400];
	assert_non_null(mkdtemp(folder));
	snprintf(tokens, sizeof(tokens), "%s/tokens", folder);
	assert_int_equal(mkdir(tokens, 0700), 0);
	put(folder, "secret", "secret");
	put(tokens, "To-ken_1", "To-ken_1.key");
	put(tokens, "dot.ted", "dotted");
	snprintf(path, sizeof(path), "%s/link", tokens);
	assert_int_equal(symlink("../secret", path), 0);
	const struct redirect_options o = { .to = plain.to, .challenges = tokens };
	ask_with(&o, "GET /.well-known/acme-challenge/To-ken_1 HTTP/1.1\r\nHost: www.example.cn\r\n\r\n");
	assert_true(has("HTTP/1.1 200 ") && has("\r\n\r\nTo-ken_1.key"));
	static const char *const others[] = { "", "none", "link", "dot.ted", "..", "../secret", "..%2fsecret", "%2e%2e/secret", "To-ken_1/", "To-ken_1?x", "/To-ken_1", "." };
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		snprintf(head, sizeof(head), "GET /.well-known/acme-challenge/%s HTTP/1.1\r\nHost: service.example.cn\r\n\r\n", others[i]);
		ask_with(&o, head);
		assert_true(has("HTTP/1.1 404 ") && !has("secret") && !has("dotted"));
	}
	assert_int_equal(status_of("GET /.well-known/acme-challenge/To-ken_1 HTTP/1.1\r\nHost: service.example.cn\r\n\r\n"), 308);
	unlink(path);
	static const char *const made[] = { "tokens/To-ken_1", "tokens/dot.ted", "secret" };
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, made[i]);
		unlink(path);
	}
	rmdir(tokens);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_sent_to_the_same_path), cmocka_unit_test(another_host_is_sent_nowhere), cmocka_unit_test(what_is_no_plain_get_is_refused),
		cmocka_unit_test(a_path_that_is_too_long_is_refused), cmocka_unit_test(a_token_is_answered_and_nothing_beside_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
