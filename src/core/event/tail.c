/* One thread, one reading connection, one position per lane. */
#include "core/event/tail.h"

#include <pthread.h>

#include "base/wait.h"
#include "db/engine.h"
#include "gen/follower_sql.h"

enum { MOST_LANES = 64, AT_ONCE = 500, LOST_PAUSE_S = 1 };

struct tail {
	struct arena *arena;
	struct tail_options o;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	uint64_t lanes;                 /* with news */
	bool closing;
	struct db_conn *db;
	int64_t pos[MOST_LANES];
};

static struct ctx tail_ctx(struct tail *t, struct arena *a, struct error *e)
{
	return (struct ctx){ .arena = a, .db = t->db, .error = e, .log = t->o.log };
}

static int start_position(struct tail *t, struct arena *a, int lane)
{
	struct error e = { 0 };
	struct ctx c = tail_ctx(t, a, &e);
	struct lane_position_row *rows;
	size_t n;
	TRY(lane_position(&c, lane, &rows, &n));
	t->pos[lane] = n ? rows[0].pos : 0;
	return 0;
}

/* Everything new of one lane, in pages. */
static int read_lane(struct tail *t, struct arena *a, int lane)
{
	struct error e = { 0 };
	struct ctx c = tail_ctx(t, a, &e);
	size_t n;
	do {
		struct event *rows;
		arena_reset(a);
		TRY(events_after(&c, lane, t->pos[lane], AT_ONCE, &rows, &n));
		if (n == 0)
			break;
		t->o.events(t->o.arg, rows, n);
		t->pos[lane] = rows[n - 1].pos;
	} while (n == AT_ONCE);
	return 0;
}

static bool take_news(struct tail *t, uint64_t *lanes)
{
	const struct timespec end = wait_end(t->o.look_ms);
	pthread_mutex_lock(&t->lock);
	while (!t->lanes && !t->closing && wait_until(&t->wake, &t->lock, &end))
		;
	*lanes = t->lanes ? t->lanes : UINT64_MAX;
	t->lanes = 0;
	bool closing = t->closing;
	pthread_mutex_unlock(&t->lock);
	return !closing;
}

/* After a lost connection nothing is skipped: positions stay, the lane is read again once the database is back. */
static void recover(struct tail *t, uint64_t lanes)
{
	struct timespec pause = { .tv_sec = LOST_PAUSE_S };
	log_write(t->o.log, LOG_WARN, "live events wait for the database", NULL);
	nanosleep(&pause, NULL);
	if (db_reopen(t->db) < 0)
		log_write(t->o.log, LOG_WARN, "the database is not back yet", NULL);
	tail_wake(t, lanes);
}

static void *run(void *arg)
{
	struct tail *t = arg;
	ARENA_SCOPED a = arena_new();
	uint64_t lanes;
	while (take_news(t, &lanes))
		for (int lane = 0; lane < t->o.lanes; lane++)
			if ((lanes >> lane & 1) && read_lane(t, a, lane) < 0) {
				recover(t, lanes);
				break;
			}
	return NULL;
}

int tail_open(const struct tail_options *options, struct tail **out)
{
	struct arena *arena = arena_new();
	struct tail *t = ARENA_NEW(arena, struct tail);
	ARENA_SCOPED a = arena_new();
	t->arena = arena;
	t->o = *options;
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->wake, NULL);
	int r = db_open(options->url, DB_READER, options->log, &t->db);
	for (int lane = 0; r == 0 && lane < options->lanes; lane++)
		r = start_position(t, a, lane);
	if (r == 0 && pthread_create(&t->thread, NULL, run, t) != 0)
		r = ERR_NO_MEMORY;
	if (r < 0) {
		if (t->db)
			db_close(t->db);
		arena_free(arena);
		return r;
	}
	*out = t;
	return 0;
}

void tail_close(struct tail *t)
{
	if (!t)
		return;
	pthread_mutex_lock(&t->lock);
	t->closing = true;
	pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->thread, NULL);
	db_close(t->db);
	pthread_cond_destroy(&t->wake);
	pthread_mutex_destroy(&t->lock);
	arena_free(t->arena);
}

void tail_wake(struct tail *t, uint64_t lanes)
{
	pthread_mutex_lock(&t->lock);
	t->lanes |= lanes;
	pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&t->lock);
}
