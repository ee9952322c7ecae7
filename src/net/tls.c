/* Certificate and key. A pair that was replaced stays until the end: a handshake may still be using it, and there is one in two months. */
#include "net/tls.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>

#include <gnutls/x509.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/wait.h"

enum { CHAIN_MOST = 10, KEY_ID = 64 };

struct pair {
	struct pair *before;
	gnutls_pcert_st chain[CHAIN_MOST];
	unsigned n;
	gnutls_privkey_t key;
};

/* What tells a file from the one that was there before. */
struct stamp {
	int64_t at_ns, size;
	uint64_t inode;
};

struct tls {
	struct arena *arena;
	struct tls_options o;
	_Atomic(struct pair *) now;
	struct stamp seen[2];
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool is_stopping;
};

static const char *read_chain(struct pair *p, const char *file)
{
	p->n = CHAIN_MOST;
	int r = gnutls_pcert_list_import_x509_file(p->chain, &p->n, file, GNUTLS_X509_FMT_PEM, NULL, NULL, 0);
	if (r < 0)
		p->n = 0;
	return r == GNUTLS_E_FILE_ERROR ? "the certificate file cannot be opened" : r < 0 ? "the certificate file holds no PEM certificate" : NULL;
}

static const char *read_key(struct pair *p, const char *file)
{
	gnutls_datum_t text = { 0 };
	if (gnutls_load_file(file, &text) < 0)
		return "the key file cannot be opened";
	int r = gnutls_privkey_init(&p->key);
	if (r == 0)
		r = gnutls_privkey_import_x509_raw(p->key, &text, GNUTLS_X509_FMT_PEM, NULL, 0);
	gnutls_memset(text.data, 0, text.size);
	gnutls_free(text.data);
	return r < 0 ? "the key file holds no PEM key without a password" : NULL;
}

/* Whether the first certificate is of this key. */
static bool fits(const struct pair *p)
{
	uint8_t a[KEY_ID], b[KEY_ID];
	size_t n = sizeof(a), m = sizeof(b);
	gnutls_pubkey_t of_key;
	if (gnutls_pubkey_init(&of_key) < 0)
		return false;
	bool same = gnutls_pubkey_import_privkey(of_key, p->key, 0, 0) == 0 && gnutls_pubkey_get_key_id(of_key, 0, a, &n) == 0 &&
	            gnutls_pubkey_get_key_id(p->chain[0].pubkey, 0, b, &m) == 0 && n == m && !memcmp(a, b, n);
	gnutls_pubkey_deinit(of_key);
	return same;
}

static const char *pair_read(struct pair *p, const char *certificate, const char *key)
{
	const char *why = read_chain(p, certificate);
	if (!why)
		why = read_key(p, key);
	return why ? why : fits(p) ? NULL : "the key is not the one of the certificate";
}

static void pair_free(struct pair *p)
{
	for (unsigned i = 0; i < p->n; i++)
		gnutls_pcert_deinit(&p->chain[i]);
	if (p->key)
		gnutls_privkey_deinit(p->key);
	*p = (struct pair){ 0 };
}

static const char *expiry_of(const struct pair *p, int64_t *until_s)
{
	gnutls_x509_crt_t first;
	if (gnutls_x509_crt_init(&first) < 0)
		return "out of memory";
	int r = gnutls_x509_crt_import(first, &p->chain[0].cert, GNUTLS_X509_FMT_DER);
	*until_s = r < 0 ? 0 : (int64_t)gnutls_x509_crt_get_expiration_time(first);
	gnutls_x509_crt_deinit(first);
	return r < 0 ? "the certificate cannot be read" : NULL;
}

const char *tls_judge(const char *certificate, const char *key, int64_t *until_s)
{
	struct pair p = { 0 };
	const char *why = pair_read(&p, certificate, key);
	if (!why)
		why = expiry_of(&p, until_s);
	pair_free(&p);
	return why;
}

/* Renewal ------------------------------------------------------------------------------------------------------------------ */

static struct stamp stamp_of(const char *file)
{
	struct stat s;
	if (stat(file, &s) < 0)
		return (struct stamp){ 0 };
	return (struct stamp){ (int64_t)s.st_mtim.tv_sec * 1000000000 + s.st_mtim.tv_nsec, (int64_t)s.st_size, (uint64_t)s.st_ino };
}

static const char *take_pair(struct tls *t)
{
	struct pair *p = ARENA_NEW(t->arena, struct pair);
	const char *why = pair_read(p, t->o.certificate, t->o.key);
	if (why) {
		pair_free(p);
		return why;
	}
	p->before = t->now;
	t->now = p;
	return NULL;
}

/* Both files are looked at before they are read: what changes meanwhile is read at the next look. */
static void look(struct tls *t)
{
	const struct stamp is[2] = { stamp_of(t->o.certificate), stamp_of(t->o.key) };
	if (!memcmp(is, t->seen, sizeof(is)))
		return;
	memcpy(t->seen, is, sizeof(is));
	const char *why = take_pair(t);
	if (why)
		log_write(t->o.log, LOG_ERROR, "new certificate not taken, the old one goes on", "why", why, NULL);
	else
		log_write(t->o.log, LOG_INFO, "new certificate taken", NULL);
}

static void *look_thread(void *arg)
{
	struct tls *t = arg;
	pthread_mutex_lock(&t->lock);
	while (!t->is_stopping) {
		const struct timespec end = wait_end(t->o.look_ms);
		if (!wait_until(&t->wake, &t->lock, &end))
			look(t);
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

int tls_open(const struct tls_options *o, struct tls **out, const char **why)
{
	struct arena *a = arena_new();
	struct tls *t = ARENA_NEW(a, struct tls);
	t->arena = a;
	t->o = *o;
	t->seen[0] = stamp_of(o->certificate);
	t->seen[1] = stamp_of(o->key);
	*why = take_pair(t);
	if (*why) {
		arena_free(a);
		return ERR_INVALID;
	}
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->wake, NULL);
	if (pthread_create(&t->thread, NULL, look_thread, t)) {
		pair_free(t->now);
		arena_free(a);
		*why = "no thread";
		return ERR_INVALID;
	}
	*out = t;
	return 0;
}

void tls_close(struct tls *t)
{
	if (!t)
		return;
	pthread_mutex_lock(&t->lock);
	t->is_stopping = true;
	pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->thread, NULL);
	for (struct pair *p = t->now, *before; p; p = before) {
		before = p->before;
		pair_free(p);
	}
	pthread_cond_destroy(&t->wake);
	pthread_mutex_destroy(&t->lock);
	arena_free(t->arena);
}

void tls_pair(struct tls *t, gnutls_pcert_st **chain, unsigned *n, gnutls_privkey_t *key)
{
	struct pair *p = t->now;
	*chain = p->chain;
	*n = p->n;
	*key = p->key;
}
