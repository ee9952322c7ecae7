/* The killers and the proxy. The proxy reads just enough of the protocol: it learns from Parse what the statement COMMIT is
 * called, and finds it again in Bind. */
#include "postgresql_faults.h"

#include <ctype.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

const char postgresql_fault_tables[] =
	"CREATE TABLE anxin.test_parent (id bigint PRIMARY KEY);"
	"CREATE TABLE anxin.test_child (id bigserial PRIMARY KEY, parent bigint NOT NULL REFERENCES anxin.test_parent (id) DEFERRABLE INITIALLY DEFERRED);"
	"GRANT ALL ON anxin.test_parent, anxin.test_child TO anxin_app, anxin_all;"
	"GRANT ALL ON SEQUENCE anxin.test_child_id_seq TO anxin_app, anxin_all;";

static int session_killed(struct ctx *c, int64_t id)
{
	return db_script(c->db, "SET LOCAL ROLE NONE; SELECT pg_terminate_backend(pg_backend_pid())") < 0 ? ERR_DATABASE : ERR_INTERNAL;
}

static int statement_fails(struct ctx *c, int64_t id)
{
	return db_script(c->db, "SELECT 1 / 0");
}

/* Says all is well though its transaction is in error. */
static int failure_swallowed(struct ctx *c, int64_t id)
{
	return db_script(c->db, "SELECT 1 / 0") < 0 ? 0 : ERR_INTERNAL;
}

static int deferred_reference(struct ctx *c, int64_t id)
{
	return db_script(c->db, "INSERT INTO anxin.test_child (parent) VALUES (99999999)");
}

#define RAISES(name, state)                                                                        \
	static int name(struct ctx *c, int64_t id)                                                 \
	{                                                                                          \
		return db_script(c->db, "DO $$BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '" state "'; END$$"); \
	}
RAISES(serialization_failure, "40001")
RAISES(deadlock, "40P01")
RAISES(out_of_memory, "53200")
RAISES(disk_full, "53100")
RAISES(cancelled, "57014")

static const struct killer all[] = {
	{ "session killed", session_killed, false }, { "statement fails", statement_fails, false },
	{ "failure swallowed", failure_swallowed, false }, { "deferred foreign key", deferred_reference, false },
	{ "serialization failure", serialization_failure, false }, { "deadlock", deadlock, false },
	{ "out of memory", out_of_memory, false }, { "disk full", disk_full, false }, { "cancelled", cancelled, false },
};
const struct killer *const postgresql_killers[] = { &all[0], &all[1], &all[2], &all[3], &all[4], &all[5], &all[6], &all[7], &all[8], NULL };

/* The proxy -------------------------------------------------------------------------------------------------------- */

struct proxy {
	char url[420];
	struct sockaddr_un at, server;
	int listener, permille;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t ended;
	int connections;
	_Atomic bool closing;
	uint64_t random;
	struct proxy_counts counts;
};

struct wire {
	struct proxy *proxy;
	int client, server;
	char pattern[32];               /* "\0q123\0": how this session's Bind names COMMIT */
	size_t pattern_size;
};

enum cut { CUT_NOT, CUT_BEFORE, CUT_AFTER, CUT_MEANWHILE };

static enum cut choose(struct proxy *p)
{
	pthread_mutex_lock(&p->mutex);
	enum cut cut = (int)(random_next(&p->random) % 1000) < p->permille ? CUT_BEFORE + random_next(&p->random) % 3 : CUT_NOT;
	p->counts.before += cut == CUT_BEFORE;
	p->counts.after += cut == CUT_AFTER;
	p->counts.meanwhile += cut == CUT_MEANWHILE;
	pthread_mutex_unlock(&p->mutex);
	return cut;
}

/* Parse: name NUL "COMMIT" NUL. */
static void learn_name(struct wire *w, const char *data, size_t n)
{
	const char *found = memmem(data, n, "\0COMMIT", 8);
	if (!found)
		return;
	const char *name = found;
	while (name > data && isalnum((unsigned char)name[-1]) && found - name < 20)
		name--;
	w->pattern_size = (size_t)(found - name) + 2;
	memcpy(w->pattern + 1, name, (size_t)(found - name));
	w->pattern[0] = w->pattern[w->pattern_size - 1] = 0;
}

static bool holds_commit(struct wire *w, const char *data, size_t n)
{
	learn_name(w, data, n);
	return w->pattern_size && memmem(data, n, w->pattern, w->pattern_size);
}

static bool pass(int to, const char *data, size_t n)
{
	while (n) {
		ssize_t done = send(to, data, n, MSG_NOSIGNAL);
		if (done <= 0)
			return false;
		data += done;
		n -= (size_t)done;
	}
	return true;
}

/* One piece from the client; false when the connection is to be cut. */
static bool from_client(struct wire *w, char *data, size_t room)
{
	ssize_t n = recv(w->client, data, room, 0);
	if (n <= 0)
		return false;
	enum cut cut = holds_commit(w, data, (size_t)n) ? choose(w->proxy) : CUT_NOT;
	if (cut == CUT_BEFORE || !pass(w->server, data, (size_t)n))
		return false;
	if (cut == CUT_AFTER)
		return recv(w->server, data, room, 0) < 0;      /* the answer stays with us */
	return cut == CUT_NOT;
}

static void *pump(void *arg)
{
	struct wire *w = arg;
	struct proxy *p = w->proxy;
	enum { ROOM = 65536 };
	char *data = malloc(ROOM);
	bool alive = data != NULL;
	while (alive && !p->closing) {
		struct pollfd ends[] = { { .fd = w->client, .events = POLLIN }, { .fd = w->server, .events = POLLIN } };
		if (poll(ends, 2, 200) < 0)
			break;
		if (ends[1].revents) {
			ssize_t n = recv(w->server, data, ROOM, 0);
			alive = n > 0 && pass(w->client, data, (size_t)n);
		}
		if (alive && ends[0].revents)
			alive = from_client(w, data, ROOM);
	}
	free(data);
	close(w->client);
	close(w->server);
	free(w);
	pthread_mutex_lock(&p->mutex);
	p->connections--;
	pthread_cond_signal(&p->ended);
	pthread_mutex_unlock(&p->mutex);
	return NULL;
}

static void join_wires(struct proxy *p, int client)
{
	struct wire *w = calloc(1, sizeof(*w));
	pthread_t thread;
	w->proxy = p;
	w->client = client;
	w->server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(w->server, (struct sockaddr *)&p->server, sizeof(p->server)) != 0) {
		close(w->server);
		close(client);
		free(w);
		return;
	}
	pthread_mutex_lock(&p->mutex);
	p->connections++;
	pthread_mutex_unlock(&p->mutex);
	if (pthread_create(&thread, NULL, pump, w) != 0)
		abort();
	pthread_detach(thread);
}

static void *take_connections(void *arg)
{
	struct proxy *p = arg;
	while (!p->closing) {
		struct pollfd end = { .fd = p->listener, .events = POLLIN };
		if (poll(&end, 1, 100) <= 0)
			continue;
		int client = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC);
		if (client >= 0)
			join_wires(p, client);
	}
	return NULL;
}

struct proxy *proxy_open(const struct fresh *fresh, int permille)
{
	struct proxy *p = calloc(1, sizeof(*p));
	const char *host = strstr(fresh->url, "host=") + strlen("host=");
	int host_size = (int)strcspn(host, "&");
	p->permille = permille;
	p->random = 42;
	p->at.sun_family = p->server.sun_family = AF_UNIX;
	snprintf(p->server.sun_path, sizeof(p->server.sun_path), "%.*s/.s.PGSQL.5432", host_size, host);
	assert_true(strlen(fresh->folder) < 90);
	snprintf(p->at.sun_path, sizeof(p->at.sun_path), "%.90s/.s.PGSQL.5432", fresh->folder);
	snprintf(p->url, sizeof(p->url), "%.*s%s%s", (int)(host - fresh->url), fresh->url, fresh->folder, host + host_size);
	p->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(p->listener, (struct sockaddr *)&p->at, sizeof(p->at)), 0);
	assert_int_equal(listen(p->listener, 64), 0);
	pthread_mutex_init(&p->mutex, NULL);
	pthread_cond_init(&p->ended, NULL);
	assert_int_equal(pthread_create(&p->thread, NULL, take_connections, p), 0);
	return p;
}

const char *proxy_url(const struct proxy *p)
{
	return p->url;
}

struct proxy_counts proxy_close(struct proxy *p)
{
	p->closing = true;
	pthread_join(p->thread, NULL);
	pthread_mutex_lock(&p->mutex);
	while (p->connections)
		pthread_cond_wait(&p->ended, &p->mutex);
	pthread_mutex_unlock(&p->mutex);
	close(p->listener);
	unlink(p->at.sun_path);
	struct proxy_counts counts = p->counts;
	free(p);
	return counts;
}
