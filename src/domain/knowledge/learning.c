/* One thread learns for all companies, at a lower priority than people's requests: first come, first served, each waiting once. What it finds to be
 * learned it reads anew for each company, so nothing is lost when an edit comes meanwhile. A second one learns the spaces of endpoints' vectors, which
 * take a minute when they are new: no edit waits for that. A third one learns drafts that are tried, beside what customers are answered by and in memory alone. */
#include "domain/knowledge/learning.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>

#include "base/crypto.h"
#include "core/api/readers.h"
#include "core/services.h"
#include "core/understand/understand_taught.h"
#include "domain/knowledge/embedding.h"
#include "domain/knowledge/knowledge_private.h"

enum { MOST_WAITING = 1024, SOON_MS = 1000 };

enum course { LESSONS, SPACES, DRAFTS, COURSES };

struct learning;

/* A company, and of drafts which. */
struct wish {
	int64_t tenant, draft;
};

/* Companies that wait for one of the three, and its thread. */
struct line {
	struct learning *learning;
	enum course course;
	pthread_t thread;
	bool running;
	struct wish waiting[MOST_WAITING];      /* in order */
	size_t n;
};

struct learning {
	struct arena *arena;
	struct services *services;
	struct taught *taught, *drafts;
	struct spaces *spaces;
	pthread_mutex_t lock;
	pthread_cond_t change;
	atomic_bool closing;            /* looked at by what is being learned, too */
	struct line lines[COURSES];
};

static void wish(struct learning *l, enum course course, struct wish w);

/* Learning ---------------------------------------------------------------------------------------------------------------------- */

struct looking {
	int64_t draft;
	const struct knowledge *k;      /* NULL: it is no draft any more */
};

static int look(struct ctx *c, void *arg)
{
	struct looking *v = arg;
	struct knowledge_trial t;
	if (!v->draft)
		return knowledge_of(c, &v->k);
	TRY(knowledge_trial(c, v->draft, &t));
	v->k = t.then;
	return 0;
}

/* Of this very lesson; NULL: there is none. */
static const struct classify_model *newest(struct taught *t, struct arena *a, int64_t tenant, const struct knowledge_lesson *lesson)
{
	uint8_t sign[LESSON_SIGN];
	const struct classify_model *m = taught_find(t, a, tenant, lesson->lesson.product, sign);
	return m && !memcmp(sign, lesson->sign, LESSON_SIGN) ? m : NULL;
}

static int learn_product(struct learning *l, struct taught *to, int64_t tenant, const struct knowledge_lesson *lesson)
{
	ARENA_SCOPED a = arena_new();
	struct text out = text_in(a);
	if (newest(l->taught, a, tenant, lesson) || newest(to, a, tenant, lesson))
		return 0;
	int r = lesson_learn(l->services->understanding, &lesson->lesson, taught_before(l->taught, a, tenant, lesson->lesson.product), &l->closing, &out);
	if (r == ERR_NOT_FOUND || r == ERR_BUSY)
		return 0;       /* nothing is asked about it any more; or the server ends, and learns it when it is back */
	TRY(r);
	return taught_keep(to, tenant, lesson->lesson.product, (struct bytes){ (const uint8_t *)out.p, out.n });
}

static int learn_lessons(struct learning *l, struct taught *to, int64_t tenant, const struct knowledge *k)
{
	for (size_t i = 0; i < k->lesson_count && !l->closing; i++)
		TRY(learn_product(l, to, tenant, &k->lessons[i]));
	return 0;
}

static int learn_course(struct ctx *c, struct learning *l, enum course course, const struct knowledge *k)
{
	if (course == SPACES)
		return embedding_learn(c, k, &l->closing);
	if (course == DRAFTS)
		return k ? learn_lessons(l, l->drafts, c->tenant, k) : 0;
	TRY(learn_lessons(l, l->taught, c->tenant, k));
	wish(l, SPACES, (struct wish){ c->tenant, 0 });
	return 0;
}

static void learn_company(struct learning *l, enum course course, struct wish w)
{
	ARENA_SCOPED a = arena_new();
	struct error error = { 0 };
	struct looking v = { .draft = w.draft };
	struct ctx c = { .arena = a, .tenant = w.tenant, .actor_kind = ACTOR_SYSTEM, .now = clock_now(l->services->clock), .request_id = "learning", .error = &error,
	                 .log = l->services->log, .services = l->services };
	int r = readers_run(l->services->readers, &c, look, &v);
	if (r == 0)
		r = learn_course(&c, l, course, v.k);
	if (r < 0)
		log_write(l->services->log, LOG_WARN, "questions could not be learned", "code", error_name(r), NULL);
}

static void *work(void *arg)
{
	struct line *line = arg;
	struct learning *l = line->learning;
	setpriority(PRIO_PROCESS, 0, 10);       /* of this thread alone: people's requests go first */
	pthread_mutex_lock(&l->lock);
	while (!l->closing) {
		if (!line->n) {
			pthread_cond_wait(&l->change, &l->lock);
			continue;
		}
		struct wish next = line->waiting[0];
		memmove(line->waiting, line->waiting + 1, --line->n * sizeof(line->waiting[0]));
		pthread_mutex_unlock(&l->lock);
		learn_company(l, line->course, next);
		pthread_mutex_lock(&l->lock);
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

/* A company that finds no room asks again with its next question. */
static void wish(struct learning *l, enum course course, struct wish w)
{
	struct line *line = &l->lines[course];
	pthread_mutex_lock(&l->lock);
	bool waits = l->closing || line->n == MOST_WAITING;
	for (size_t i = 0; i < line->n; i++)
		waits = waits || (line->waiting[i].tenant == w.tenant && line->waiting[i].draft == w.draft);
	if (!waits)
		line->waiting[line->n++] = w;
	if (!line->running && !l->closing)
		line->running = pthread_create(&line->thread, NULL, work, line) == 0;
	pthread_cond_broadcast(&l->change);
	pthread_mutex_unlock(&l->lock);
}

struct spaces *knowledge_spaces(const struct services *s)
{
	return s->learning ? s->learning->spaces : NULL;
}

void learning_open(struct services *s, const char *folder)
{
	if (!s->understanding)
		return;
	struct arena *a = arena_new();
	struct learning *l = ARENA_NEW(a, struct learning);
	l->arena = a;
	l->services = s;
	l->taught = taught_new(folder);
	l->drafts = taught_new(NULL);
	l->spaces = spaces_new(folder);
	for (enum course i = LESSONS; i < COURSES; i++) {
		l->lines[i].learning = l;
		l->lines[i].course = i;
	}
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->change, NULL);
	s->learning = l;
}

void learning_close(struct services *s)
{
	struct learning *l = s->learning;
	if (!l)
		return;
	pthread_mutex_lock(&l->lock);
	l->closing = true;
	pthread_cond_broadcast(&l->change);
	pthread_mutex_unlock(&l->lock);
	for (size_t i = 0; i < COURSES; i++)
		if (l->lines[i].running)
			pthread_join(l->lines[i].thread, NULL);
	taught_free(l->taught);
	taught_free(l->drafts);
	spaces_free(l->spaces);
	pthread_cond_destroy(&l->change);
	pthread_mutex_destroy(&l->lock);
	s->learning = NULL;
	arena_free(l->arena);
}

/* Editing ----------------------------------------------------------------------------------------------------------------------- */

int knowledge_changed(struct ctx *c)
{
	TRY(definition_changed(c, DEFINITION_KNOWLEDGE));
	return c->services->learning ? job_add(c, new_id(c), knowledge_learn_job.name, c->now + SOON_MS, "learn", NULL) : 0;
}

/* In the pool, for after a crash the edit must still be learned without anybody asking. */
static int call(struct ctx *c, const struct job *job, const char **answer)
{
	if (c->services->learning)
		wish(c->services->learning, LESSONS, (struct wish){ job->tenant, 0 });
	return 0;
}

static int run(struct ctx *c, const struct job *job, const char *answer) { return 0; }

const struct job_kind knowledge_learn_job = { .name = "knowledge.learn", .call = call, .run = run };

/* Asking ------------------------------------------------------------------------------------------------------------------------ */

/* The models a company is answered by: its own where it has any yet, however old, the pack's otherwise. */
struct choice_of_models {
	const struct classify_model **at;
	size_t n;
	bool is_new;                    /* all of them know the newest words */
};

static const struct classify_model *own_model(struct ctx *c, const struct knowledge *k, const struct knowledge_lesson *l, bool *is_new)
{
	uint8_t sign[LESSON_SIGN];
	const struct classify_model *of_draft = k->draft ? newest(c->services->learning->drafts, c->arena, c->tenant, l) : NULL;
	*is_new = of_draft;
	if (of_draft)
		return of_draft;
	const struct classify_model *m = taught_find(c->services->learning->taught, c->arena, c->tenant, l->lesson.product, sign);
	*is_new = m && !memcmp(sign, l->sign, LESSON_SIGN);
	return m;
}

static void choose(struct ctx *c, const struct knowledge *k, struct choice_of_models *out)
{
	size_t n, own = 0;
	const struct classify_model *const *pack = understanding_models(c->services->understanding, &n);
	*out = (struct choice_of_models){ .at = ARENA_ARRAY(c->arena, const struct classify_model *, n + k->lesson_count + 1), .is_new = true };
	for (size_t i = 0; i < n; i++)
		out->at[out->n++] = pack[i];
	for (; own < k->lesson_count && c->services->learning; own++) {
		bool is_new;
		const struct classify_model *m = own_model(c, k, &k->lessons[own], &is_new);
		size_t at = 0;
		while (at < n && strcmp(classify_model_product(pack[at]), k->lessons[own].lesson.product) != 0)
			at++;
		if (m)
			out->at[at < n ? at : out->n++] = m;
		out->is_new = out->is_new && (is_new || !k->lessons[own].lesson.n);
	}
}

void knowledge_decide(struct ctx *c, const struct knowledge *k, const struct classify_ask *ask, struct classify_decision *out)
{
	struct choice_of_models models;
	choose(c, k, &models);
	if (!models.is_new)
		wish(c->services->learning, k->draft ? DRAFTS : LESSONS, (struct wish){ c->tenant, k->draft });
	classify_decide(understanding_basis(c->services->understanding), models.at, models.n, ask, NULL, out);
	if (!k->tried)
		embedding_decide(c, ask, out);
}

bool knowledge_is_learned(struct ctx *c, const struct knowledge *k)
{
	struct choice_of_models models;
	if (!c->services->learning)
		return true;
	choose(c, k, &models);
	return models.is_new;
}

void knowledge_learn(struct ctx *c)
{
	if (c->services->learning)
		wish(c->services->learning, LESSONS, (struct wish){ c->tenant, 0 });
}

void knowledge_trial_learn(struct ctx *c, const struct knowledge_trial *t)
{
	if (c->services->learning && t->then)
		wish(c->services->learning, DRAFTS, (struct wish){ c->tenant, t->then->draft });
}

void knowledge_trial_over(struct ctx *c)
{
	if (c->services->learning)
		taught_drop(c->services->learning->drafts, c->tenant);
}

const char *knowledge_version(struct ctx *c, const struct knowledge *k)
{
	uint8_t sum[HASH_SIZE];
	struct text t = text_in(c->arena);
	if (c->services->understanding)
		lesson_sign(c->services->understanding, &(struct lesson){ .product = "" }, sum);
	text_append_n(&t, sum, c->services->understanding ? sizeof(sum) : 0);
	for (size_t i = 0; i < k->lesson_count; i++)
		text_append_n(&t, k->lessons[i].sign, LESSON_SIGN);
	const struct space *space = embedding_space(c);
	if (space)
		text_append_n(&t, space->sign, SPACE_SIGN);
	hash_sha256(t.p, t.n, sum);
	return hex(c->arena, sum, 4);
}
