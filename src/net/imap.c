/* IMAP over a connection that libcurl has made. */
#include "net/imap.h"

#include <poll.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/text.h"
#include "net/client_private.h"

enum { BUFFER = 16 * 1024, LINE_MOST = 64 * 1024, ANSWERS_MOST = 100000, QUIT_MS = 2000 };
/* Beyond the bytes that were asked for, whatever the number of answers; and in times of the timeout, however alive the line is. */
enum { WORDS_MOST = 4 << 20, TIMEOUTS_MOST = 8 };

struct imap {
	struct arena *arena;
	CURL *curl;
	struct attempt attempt;
	unsigned timeout_ms, tag;
	bool idles, is_lost;
	char buffer[BUFFER];
	size_t from, n;                         /* what was received and not read yet */
	size_t budget;                          /* bytes that may still come in answer to a command, */
	int64_t until;                          /* and by when */
};

static const uint16_t ports[] = { 143, 993, 0 };

/* Making ------------------------------------------------------------------------------------------------------------------ */

int imap_open(struct client *c, struct arena *a, const struct imap_server *server, struct imap **out, enum mail_trouble *trouble, struct error *e)
{
	struct arena *own = arena_new();
	struct imap *m = ARENA_NEW(own, struct imap);
	*m = (struct imap){ .arena = own, .attempt = { .client = c, .ports = ports }, .timeout_ms = server->timeout_ms };
	*trouble = MAIL_FINE;
	int r = attempt_handle(&m->attempt, "imap,imaps", server->timeout_ms, &m->curl, a, e);
	if (r < 0) {
		imap_close(m);
		return r;
	}
	CURL *h = m->curl;
	curl_easy_setopt(h, CURLOPT_URL, server->url);
	curl_easy_setopt(h, CURLOPT_USE_SSL, (long)(server->tls == MAIL_TLS_NEVER ? CURLUSESSL_NONE : server->tls == MAIL_TLS_REQUIRED ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	curl_easy_setopt(h, CURLOPT_USERNAME, server->user);
	curl_easy_setopt(h, CURLOPT_PASSWORD, server->password);
	curl_easy_setopt(h, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(h, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)(server->timeout_ms / 1000 + 1));
	CURLcode result = curl_easy_perform(h);
	r = attempt_result(&m->attempt, result, a, e);
	*trouble = mail_trouble_of(&m->attempt, result);
	if (r < 0) {
		imap_close(m);
		return r;
	}
	curl_easy_setopt(h, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)(QUIT_MS / 1000));   /* of the farewell */
	*out = m;
	return 0;
}

void imap_close(struct imap *m)
{
	if (!m)
		return;
	curl_easy_cleanup(m->curl);
	arena_free(m->arena);
}

/* Bytes ------------------------------------------------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
	return monotonic_ns() / 1000000;
}

int imap_socket(const struct imap *m)
{
	curl_socket_t s = CURL_SOCKET_BAD;
	return curl_easy_getinfo(m->curl, CURLINFO_ACTIVESOCKET, &s) == CURLE_OK ? (int)s : -1;
}

static int lost(struct imap *m, struct arena *a, struct error *e, const char *why)
{
	m->is_lost = true;
	return error_set(e, a, ERR_OUTBOUND, why);
}

static int wait_for(struct imap *m, struct arena *a, short events, int64_t until, struct error *e)
{
	struct pollfd p = { .fd = imap_socket(m), .events = events };
	int64_t left = until - now_ms();
	if (p.fd < 0 || left <= 0 || poll(&p, 1, (int)left) <= 0)
		return lost(m, a, e, "IMAP: no answer in time");
	return 0;
}

static int send_all(struct imap *m, struct arena *a, const char *text, struct error *e)
{
	int64_t until = now_ms() + m->timeout_ms;
	for (size_t done = 0, n = strlen(text); done < n;) {
		size_t some = 0;
		CURLcode r = curl_easy_send(m->curl, text + done, n - done, &some);
		if (r == CURLE_AGAIN)
			TRY(wait_for(m, a, POLLOUT, until, e));
		else if (r != CURLE_OK)
			return lost(m, a, e, "IMAP: the connection was cut");
		done += r == CURLE_OK ? some : 0;
	}
	return 0;
}

/* What a command may cost in all: no number of answers, and no literal after the other, makes it more. */
static void allow(struct imap *m, size_t most)
{
	m->budget = most + WORDS_MOST;
	m->until = now_ms() + (int64_t)m->timeout_ms * TIMEOUTS_MOST;
}

/* More into the buffer; what TLS has already decoded comes before the socket is asked. */
static int receive(struct imap *m, struct arena *a, int64_t until, struct error *e)
{
	if (m->from) {
		memmove(m->buffer, m->buffer + m->from, m->n);
		m->from = 0;
	}
	until = until < m->until ? until : m->until;
	while (now_ms() < until) {
		size_t some = 0;
		CURLcode r = curl_easy_recv(m->curl, m->buffer + m->n, BUFFER - m->n, &some);
		if (r == CURLE_OK && some > m->budget)
			return lost(m, a, e, "IMAP: more than was asked for");
		if (r == CURLE_OK && some) {
			m->budget -= some;
			m->n += some;
			return 0;
		}
		if (r != CURLE_AGAIN)
			return lost(m, a, e, "IMAP: the connection was cut");
		TRY(wait_for(m, a, POLLIN, until, e));
	}
	return lost(m, a, e, "IMAP: no answer in time");
}

static int read_bytes(struct imap *m, struct arena *a, struct text *out, size_t n, struct error *e)
{
	int64_t until = now_ms() + m->timeout_ms;
	while (n) {
		if (!m->n) {
			TRY(receive(m, a, until, e));
			until = now_ms() + m->timeout_ms;       /* something came: the line is alive */
		}
		size_t some = m->n < n ? m->n : n;
		text_append_n(out, m->buffer + m->from, some);
		m->from += some;
		m->n -= some;
		n -= some;
	}
	return 0;
}

/* One line, without its end. */
static int read_line(struct imap *m, struct arena *a, struct text *out, struct error *e)
{
	int64_t until = now_ms() + m->timeout_ms;
	for (;;) {
		char *end = m->n ? memchr(m->buffer + m->from, '\n', m->n) : NULL;
		size_t some = end ? (size_t)(end - (m->buffer + m->from)) + 1 : m->n;
		if (out->n + some > LINE_MOST)
			return lost(m, a, e, "IMAP: a line too long");
		text_append_n(out, m->buffer + m->from, some);
		m->from += some;
		m->n -= some;
		if (end)
			break;
		m->from = m->n ? m->from : 0;
		TRY(receive(m, a, until, e));
	}
	while (out->n && (out->p[out->n - 1] == '\n' || out->p[out->n - 1] == '\r'))
		out->p[--out->n] = 0;
	return 0;
}

/* Answers ----------------------------------------------------------------------------------------------------------------- */

/* A whole answer: its line, whatever literals it holds left out, and the last of these. */
struct answer {
	struct text line, literal;
	bool has_literal;
};

static int read_answer(struct imap *m, struct arena *a, size_t most, struct answer *out, struct error *e)
{
	*out = (struct answer){ .line = text_in(a), .literal = text_in(a) };
	for (;;) {
		struct text part = text_in(a);
		TRY(read_line(m, a, &part, e));
		text_append(&out->line, text_end(&part));
		int64_t n = imap_literal_of(text_end(&part), part.n);
		if (n < 0)
			return 0;
		if ((uint64_t)n > most || out->line.n > LINE_MOST)
			return lost(m, a, e, "IMAP: more than was asked for");
		out->literal = text_in(a);
		text_reserve(&out->literal, (size_t)n + 1);
		out->has_literal = true;
		TRY(read_bytes(m, a, &out->literal, (size_t)n, e));
	}
}

typedef void (*taker)(const struct answer *answer, void *arg);

static int command(struct imap *m, struct arena *a, const char *words, size_t most, taker take, void *arg, struct error *e)
{
	const char *tag = arena_format(a, "X%u ", ++m->tag);
	allow(m, most);
	TRY(send_all(m, a, arena_format(a, "%s%s\r\n", tag, words), e));
	for (size_t i = 0; i < ANSWERS_MOST; i++) {
		struct answer answer;
		TRY(read_answer(m, a, most, &answer, e));
		const char *line = text_end(&answer.line);
		if (!strncmp(line, tag, strlen(tag))) {
			line += strlen(tag);
			return !strncasecmp(line, "OK", 2) ? 0 : error_set(e, a, ERR_OUTBOUND, arena_string_n(a, line, utf8_prefix(line, 200)));
		}
		if (take)
			take(&answer, arg);
	}
	return lost(m, a, e, "IMAP: too many answers");
}

static void take_select(const struct answer *answer, void *arg)
{
	struct imap_box *b = arg;
	const char *line = answer->line.p;
	int64_t v = imap_number_after(line, "UIDVALIDITY"), next = imap_number_after(line, "UIDNEXT");
	b->validity = v > 0 ? v : b->validity;
	b->next = next > 0 ? next : b->next;
	if (!strncmp(line, "* ", 2) && strstr(line, " EXISTS"))
		b->count = imap_number_after(line, "*");
}

static void take_capability(const struct answer *answer, void *arg)
{
	const char *line = answer->line.p;
	if (!strncasecmp(line, "* CAPABILITY", 12) && strcasestr(line, " IDLE"))
		*(bool *)arg = true;
}

int imap_select(struct imap *m, struct arena *a, const char *folder, struct imap_box *out, struct error *e)
{
	char name[512];
	*out = (struct imap_box){ 0 };
	if (!imap_quote(folder, name, sizeof(name)))
		return error_set(e, a, ERR_OUTBOUND, "IMAP: folder");
	TRY(command(m, a, "CAPABILITY", 0, take_capability, &out->idles, e));
	TRY(command(m, a, arena_format(a, "EXAMINE %s", name), 0, take_select, out, e));
	return out->validity > 0 ? 0 : error_set(e, a, ERR_OUTBOUND, "IMAP: no UIDVALIDITY");
}

struct listing {
	struct imap_item *items;
	size_t most, n;
	int64_t from, to;
};

/* In order of UID; when there is no room, the last goes. */
static void take_item(const struct answer *answer, void *arg)
{
	struct listing *l = arg;
	struct imap_item item;
	size_t i = l->n;
	if (!imap_item_read(answer->line.p, &item) || item.uid < l->from || item.uid > l->to)
		return;
	while (i && l->items[i - 1].uid > item.uid)
		i--;
	if (i == l->most || (i && l->items[i - 1].uid == item.uid))
		return;
	size_t kept = l->n < l->most ? l->n : l->most - 1;
	memmove(&l->items[i + 1], &l->items[i], (kept - i) * sizeof(*l->items));
	l->items[i] = item;
	l->n = kept + 1;
}

int imap_list(struct imap *m, struct arena *a, int64_t from, int64_t to, struct imap_item *items, size_t most, size_t *n, struct error *e)
{
	struct listing l = { items, most, 0, from, to };
	TRY(command(m, a, arena_format(a, "UID FETCH %lld:%lld (UID RFC822.SIZE INTERNALDATE)", (long long)from, (long long)to), 0, take_item, &l, e));
	*n = l.n;
	return 0;
}

struct taking {
	int64_t uid;
	struct bytes body;
	bool there;
};

static void take_body(const struct answer *answer, void *arg)
{
	struct taking *t = arg;
	if (!answer->has_literal || imap_number_after(answer->line.p, "UID") != t->uid)
		return;
	t->body = (struct bytes){ (const uint8_t *)answer->literal.p, answer->literal.n };
	t->there = true;
}

int imap_body(struct imap *m, struct arena *a, int64_t uid, size_t most, struct bytes *out, struct error *e)
{
	struct taking t = { .uid = uid };
	TRY(command(m, a, arena_format(a, "UID FETCH %lld (UID BODY.PEEK[]<0.%zu>)", (long long)uid, most), most, take_body, &t, e));
	if (t.there && t.body.n == 0)
		t.body.p = (const uint8_t *)"";
	*out = t.body;
	return t.there ? 0 : error_set(e, a, ERR_NOT_FOUND, NULL);
}

/* Waiting ----------------------------------------------------------------------------------------------------------------- */

int imap_idle(struct imap *m, struct arena *a, struct error *e)
{
	allow(m, 0);
	TRY(send_all(m, a, arena_format(a, "X%u IDLE\r\n", ++m->tag), e));
	for (size_t i = 0; i < 1000; i++) {
		struct answer answer;
		TRY(read_answer(m, a, 0, &answer, e));
		const char *line = text_end(&answer.line);
		if (line[0] == '+') {
			m->idles = true;
			return 0;
		}
		if (line[0] == 'X')
			return error_set(e, a, ERR_OUTBOUND, line);
	}
	return lost(m, a, e, "IMAP: too many answers");
}

int imap_idle_end(struct imap *m, struct arena *a, struct error *e)
{
	const char *tag = arena_format(a, "X%u ", m->tag);
	if (!m->idles)
		return 0;
	m->idles = false;
	allow(m, 0);
	TRY(send_all(m, a, "DONE\r\n", e));
	for (size_t i = 0; i < ANSWERS_MOST; i++) {
		struct answer answer;
		TRY(read_answer(m, a, 0, &answer, e));
		if (!strncmp(text_end(&answer.line), tag, strlen(tag)))
			return 0;
	}
	return lost(m, a, e, "IMAP: too many answers");
}

/* "* 5 EXISTS" and "* 1 RECENT" are news, "* OK Still here" is none. Lines that are not whole yet stay in the buffer. */
static bool has_news(struct imap *m)
{
	bool news = false;
	char *end;
	while (m->n && (end = memchr(m->buffer + m->from, '\n', m->n)) != NULL) {
		size_t n = (size_t)(end - (m->buffer + m->from)) + 1;
		news |= memmem(m->buffer + m->from, n, " EXISTS", 7) != NULL || memmem(m->buffer + m->from, n, " EXPUNGE", 8) != NULL;
		m->is_lost |= n > 5 && !strncasecmp(m->buffer + m->from, "* BYE", 5);
		m->from += n;
		m->n -= n;
	}
	return news;
}

enum imap_heard imap_heard(struct imap *m)
{
	bool news = has_news(m);
	while (!m->is_lost) {
		size_t some = 0;
		if (m->from) {
			memmove(m->buffer, m->buffer + m->from, m->n);
			m->from = 0;
		}
		CURLcode r = m->n == BUFFER ? CURLE_RECV_ERROR : curl_easy_recv(m->curl, m->buffer + m->n, BUFFER - m->n, &some);
		if (r == CURLE_AGAIN)
			break;
		if (r != CURLE_OK || !some) {
			m->is_lost = true;
			break;
		}
		m->n += some;
		news |= has_news(m);
	}
	return m->is_lost ? IMAP_LOST : news ? IMAP_NEWS : IMAP_NOTHING;
}
