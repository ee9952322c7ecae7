/* IMAP against a server that does as it likes: neither memory nor time is its to take. */
#include "base/test.h"
#include "net/imap.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECE = 1000, PIECES_MOST = 100 * 1000, DROPS = 250, DROP_MS = 20, PATIENCE_MS = 300 };

struct fixture {
	struct arena *arena;
	struct client *client;
	struct imap *imap;
	pthread_t thread;
	int listener;
	void (*fetch)(struct fixture *f, int fd, const char *tag);     /* how a mail is answered */
	_Atomic size_t sent;
};

static bool say(struct fixture *f, int fd, const char *text)
{
	size_t n = strlen(text);
	f->sent += n;
	return send(fd, text, n, MSG_NOSIGNAL) == (ssize_t)n;
}

/* Servers ------------------------------------------------------------------------------------------------------------------ */

static void give_mail(struct fixture *f, int fd, const char *tag)
{
	char end[64];
	snprintf(end, sizeof(end), ")\r\n%s OK\r\n", tag);
	say(f, fd, "* 1 FETCH (UID 7 BODY[]<0> {5}\r\nhello");
	say(f, fd, end);
}

/* Every one of them is as small as was asked for. */
static void give_mails_without_end(struct fixture *f, int fd, const char *tag)
{
	char mail[PIECE + 100];
	snprintf(mail, sizeof(mail), "* 1 FETCH (UID 7 BODY[]<0> {%d}\r\n%0*d)\r\n", PIECE, PIECE, 0);
	bool heard = true;
	for (int i = 0; i < PIECES_MOST && heard; i++)
		heard = say(f, fd, mail);
}

static void give_one_byte_after_the_other(struct fixture *f, int fd, const char *tag)
{
	char head[64];
	struct pollfd closed = { .fd = fd, .events = POLLRDHUP };
	snprintf(head, sizeof(head), "* 1 FETCH (UID 7 BODY[]<0> {%d}\r\n", DROPS);
	bool heard = say(f, fd, head);
	for (int i = 0; i < DROPS && heard && poll(&closed, 1, DROP_MS) == 0; i++)
		heard = say(f, fd, "x");
	snprintf(head, sizeof(head), ")\r\n%s OK\r\n", tag);
	say(f, fd, head);
}

static void answer(struct fixture *f, int fd, char *line)
{
	char *words = line + strcspn(line, " "), ok[1100];
	*words++ = 0;
	if (!strncmp(words, "UID FETCH", 9)) {
		f->fetch(f, fd, line);
		return;
	}
	if (!strncmp(words, "CAPABILITY", 10))
		say(f, fd, "* CAPABILITY IMAP4rev1\r\n");
	snprintf(ok, sizeof(ok), "%s OK\r\n", line);
	say(f, fd, ok);
}

static void *serve(void *arg)
{
	struct fixture *f = arg;
	char line[1024];
	int fd = accept(f->listener, NULL, NULL);
	FILE *in = fd < 0 ? NULL : fdopen(fd, "r");
	if (!in)
		return NULL;
	say(f, fd, "* OK ready\r\n");
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\r\n")] = 0;
		answer(f, fd, line);
	}
	fclose(in);
	return NULL;
}

static int setup(void **state)
{
	static struct network house;
	struct arena *a = arena_new();
	struct fixture *f = ARENA_NEW(a, struct fixture);
	struct sockaddr_in name = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(name);
	f->arena = a;
	f->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(f->listener, (struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(listen(f->listener, 1), 0);
	getsockname(f->listener, (struct sockaddr *)&name, &n);
	network_parse("127.0.0.0/8", &house);
	assert_int_equal(client_open(&(struct client_options){ .allowed = &house, .allowed_count = 1 }, &f->client), 0);
	assert_int_equal(pthread_create(&f->thread, NULL, serve, f), 0);
	struct error e = { 0 };
	enum mail_trouble trouble;
	const struct imap_server server = { .url = arena_format(a, "imap://127.0.0.1:%u/", ntohs(name.sin_port)), .user = "help", .password = "secret", .tls = MAIL_TLS_NEVER, .timeout_ms = PATIENCE_MS };
	assert_int_equal(imap_open(f->client, a, &server, &f->imap, &trouble, &e), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	imap_close(f->imap);
	shutdown(f->listener, SHUT_RDWR);
	close(f->listener);
	pthread_join(f->thread, NULL);
	client_close(f->client);
	arena_free(f->arena);
	return 0;
}

static int body(struct fixture *f, struct bytes *out, struct error *e)
{
	return imap_body(f->imap, f->arena, 7, PIECE, out, e);
}

static void a_mail_is_read(void **state)
{
	struct fixture *f = *state;
	struct error e = { 0 };
	struct bytes mail;
	f->fetch = give_mail;
	assert_int_equal(body(f, &mail, &e), 0);
	assert_int_equal(mail.n, 5);
	assert_memory_equal(mail.p, "hello", 5);
}

static void what_is_sent_beyond_the_question_is_not_taken_without_end(void **state)
{
	struct fixture *f = *state;
	struct error e = { 0 };
	struct bytes mail;
	f->fetch = give_mails_without_end;
	assert_int_equal(body(f, &mail, &e), ERR_OUTBOUND);
	assert_string_equal(e.arg, "IMAP: more than was asked for");
	imap_close(f->imap);
	f->imap = NULL;
	assert_true(f->sent < 32 << 20);
}

static void a_server_that_never_ends_is_left(void **state)
{
	struct fixture *f = *state;
	struct error e = { 0 };
	struct bytes mail;
	f->fetch = give_one_byte_after_the_other;
	assert_int_equal(body(f, &mail, &e), ERR_OUTBOUND);
	assert_string_equal(e.arg, "IMAP: no answer in time");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_mail_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_sent_beyond_the_question_is_not_taken_without_end, setup, teardown),
		cmocka_unit_test_setup_teardown(a_server_that_never_ends_is_left, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
