/* Who may listen to what: rights now, and the sight of each event's object. On the hub's loop. */
#include "core/api/stream_private.h"

#include <string.h>

#include "base/id.h"
#include "core/api/readers.h"
#include "core/auth/sign_in.h"
#include "core/record/narrowing.h"
#include "core/services.h"

enum { RIGHTS_HOLD_MS = 60 * SECOND_MS };

struct listener *stream_listener(struct stream *s, const struct ctx *c)
{
	struct arena *a = arena_small();      /* two thousand idle consoles */
	struct listener *l = ARENA_NEW(a, struct listener);
	*l = (struct listener){ .arena = a, .stream = s, .tenant = c->tenant, .kind = c->actor_kind, .actor_id = c->actor_id, .auth = *c->auth, .people_seen = s->people_changed, .rights_at = c->auth->narrowing ? 0 : c->now };
	l->auth.narrowing = NULL;       /* lies in the request: read again before anything is shown */
	const char **permissions = ARENA_ARRAY(a, const char *, c->auth->permission_count + 1);
	for (size_t i = 0; i < c->auth->permission_count; i++)
		permissions[i] = arena_string(a, c->auth->permissions[i]);
	l->auth.permissions = permissions;
	l->auth.mask_count = 0;         /* events carry no texts */
	return l;
}

static struct ctx listener_ctx(const struct listener *l, struct arena *a, struct error *e)
{
	return (struct ctx){
		.arena = a, .tenant = l->tenant, .actor_kind = l->kind, .actor_id = l->actor_id, .now = clock_now(l->stream->o.clock),
		.request_id = "stream", .error = e, .log = l->stream->o.log, .auth = &l->auth, .services = l->stream->o.services,
	};
}

static bool topic_split(const char *topic, char head[static WORD], const char **tail)
{
	const char *colon = strchr(topic, ':');
	if (!colon || colon - topic >= WORD)
		return false;
	memcpy(head, topic, (size_t)(colon - topic));
	head[colon - topic] = 0;
	*tail = colon + 1;
	return true;
}

int stream_look(struct ctx *c, void *arg)
{
	struct sight *s = arg;
	const struct record_model *m = registry_find(&c->services->registry, s->object);
	if (c->actor_kind == ACTOR_CUSTOMER) {
		struct stream *stream = c->services->stream;
		s->sees = stream->o.customer_sees(c, s->object, s->id);
		return 0;
	}
	if (!m || !may(c, arena_format(c->arena, "%s.read", s->object)))
		return 0;
	int r = record_get(c, m->record, s->id, arena_alloc(c->arena, m->record->table->row->size));
	s->sees = r == 0;
	return r == ERR_NOT_FOUND ? 0 : r;
}

static bool sees_object(const struct listener *l, const char *object, int64_t id)
{
	ARENA_SCOPED a = arena_new();
	struct error e = { 0 };
	struct ctx c = listener_ctx(l, a, &e);
	struct sight sight = { .object = object, .id = id };
	return readers_run(l->stream->o.readers, &c, stream_look, &sight) == 0 && sight.sees;
}

static int read_rights(struct ctx *c, void *arg)
{
	return auth_again(c, &((struct listener *)arg)->auth);
}

/* Reads the rights again after somebody's rights changed, and once a minute: sessions also end by themselves. False: no longer
 * one who may listen. */
static bool rights_hold(struct listener *l)
{
	uint64_t changed = l->stream->people_changed;
	struct error e = { 0 };
	struct ctx c = listener_ctx(l, NULL, &e);
	if (l->people_seen == changed && c.now - l->rights_at < RIGHTS_HOLD_MS && c.now >= l->rights_at)
		return true;
	struct arena *a = c.arena = arena_small();
	int r = readers_run(l->stream->o.readers, &c, read_rights, l);
	if (r < 0) {
		l->auth.permission_count = 0;
		l->rights_at = 0;
		l->people_seen = changed - 1;
		arena_free(a);
		return false;
	}
	arena_free(l->rights);
	l->rights = a;
	l->people_seen = changed;
	l->rights_at = c.now;
	return true;
}

static bool may_read(const struct listener *l, const char *object)
{
	ARENA_SCOPED a = arena_new();
	struct error e = { 0 };
	struct ctx c = listener_ctx(l, a, &e);
	return may(&c, arena_format(a, "%s.read", object));
}

static int read_place(struct ctx *c, void *arg)
{
	struct place *p = arg;
	void *row = arena_alloc(c->arena, p->model->record->table->row->size);
	c->auth = NULL;         /* where it belongs, not whether somebody sees it */
	int r = record_get(c, p->model->record, p->id, row);
	p->found = r == 0;
	if (p->found)
		p->at = scope_place_of(p->model, row);
	return r == ERR_NOT_FOUND ? 0 : r;
}

static const struct place *place_of(const struct listener *l, const struct record_model *m, const struct about *about)
{
	struct place *p = &l->stream->places[(uint64_t)about->no % PLACES];
	if (p->tenant == l->tenant && p->no == about->no && p->id == about->id && p->model == m)
		return p;
	ARENA_SCOPED a = arena_new();
	struct error e = { 0 };
	struct ctx c = listener_ctx(l, a, &e);
	*p = (struct place){ .tenant = l->tenant, .no = about->no, .id = about->id, .model = m };
	if (readers_run(l->stream->o.readers, &c, read_place, p) < 0)
		*p = (struct place){ 0 };
	return p;
}

/* Rows that lie within others or are about them, have an audience or must meet a condition of the role are read for each listener; there are few of them. */
static bool covers(const struct listener *l, const struct about *about)
{
	struct error e = { 0 };
	struct ctx c = listener_ctx(l, NULL, &e);
	const struct record_model *m = registry_find(&l->stream->o.services->registry, about->object);
	if (!m)
		return l->auth.scope == SCOPE_ALL;
	if (!scope_bites(&c, m))
		return true;
	if (m->within || m->about || m->audience || narrowing_bites(&c, m))
		return sees_object(l, about->object, about->id);
	const struct place *p = place_of(l, m, about);
	return p->found && scope_covers_place(&l->auth, m, &p->at);
}

int stream_may_subscribe(void *arg, void *user, const char *topic)
{
	struct listener *l = user;
	char head[WORD];
	const char *tail;
	int64_t id;
	if (!topic_split(topic, head, &tail) || !rights_hold(l))
		return ERR_FORBIDDEN;
	if (id_parse(tail, &id) == 0)
		return sees_object(l, head, id) ? 0 : ERR_FORBIDDEN;    /* also "view:17", a saved view */
	bool lists = !strcmp(head, "view") && registry_find(&l->stream->o.services->registry, tail);
	return lists && l->kind != ACTOR_CUSTOMER && may_read(l, tail) ? 0 : ERR_FORBIDDEN;
}

enum hub_right stream_may_see(void *arg, void *user, const char *topic, const void *data, size_t n)
{
	struct listener *l = user;
	struct stream *s = arg;
	struct about about;
	if (n != sizeof(about))
		return HUB_SKIPS;
	memcpy(&about, data, sizeof(about));
	if (!rights_hold(l))
		return HUB_ENDS;
	if (l->kind == ACTOR_CUSTOMER)
		return !s->o.is_public(about.kind) ? HUB_SKIPS : sees_object(l, about.object, about.id) ? HUB_SEES : HUB_ENDS;
	if (!may_read(l, about.object))
		return HUB_ENDS;
	if (covers(l, &about))
		return HUB_SEES;
	return !strncmp(topic, "view:", 5) ? HUB_SKIPS : HUB_ENDS;
}

void stream_gone(void *arg, void *user)
{
	struct listener *l = user;
	arena_free(l->rights);
	arena_free(l->arena);
}
