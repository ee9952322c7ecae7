/* What tells spaces apart, and how one lies in a file. */
#include "core/understand/understand_space.h"

#include <string.h>

#include "base/crypto.h"
#include "core/understand/understand_private.h"

void space_sign(const struct understanding *u, const char *name, const struct space_lesson *lessons, size_t n, uint8_t out[static SPACE_SIGN])
{
	ARENA_SCOPED a = arena_new();
	struct text t = text_in(a);
	understanding_sign(u, &t);
	text_append_n(&t, name, strlen(name) + 1);
	for (size_t i = 0; i < n; i++)
		text_append_n(&t, lessons[i].sign, LESSON_SIGN);
	hash_sha256(t.p, t.n, out);
}

/* ---- the file ---- */

/* Numbers as this machine writes them. */
struct space_head {
	uint8_t root[SPACE_SIGN];
	struct classify_verdicts verdicts;
	struct space_measured measured;
	uint64_t sure;
};

/* Behind the head: each lesson's sign and product with a NUL behind it. */
static void write_lessons(struct text *t, const struct space *s)
{
	for (size_t i = 0; i < s->lesson_count; i++) {
		text_append_n(t, s->lessons[i].sign, LESSON_SIGN);
		text_append_n(t, s->lessons[i].product, strlen(s->lessons[i].product) + 1);
	}
}

static int read_lessons(struct arena *a, const uint8_t *p, size_t n, struct space *s)
{
	s->lessons = ARENA_ARRAY(a, struct space_lesson, n / (LESSON_SIGN + 1) + 1);
	while (n > 0) {
		const uint8_t *end = n > LESSON_SIGN ? memchr(p + LESSON_SIGN, 0, n - LESSON_SIGN) : NULL;
		if (!end)
			return ERR_STATE;
		s->lessons[s->lesson_count++] = (struct space_lesson){ (const char *)p + LESSON_SIGN, p };
		n -= (size_t)(end + 1 - p);
		p = end + 1;
	}
	return 0;
}

void space_write(const struct space *s, struct text *out)
{
	ARENA_SCOPED a = arena_new();
	struct text basis = text_in(a), first = text_in(a);
	struct space_head head = { .verdicts = *s->basis.verdicts, .measured = s->measured, .sure = s->sure };
	memcpy(head.root, s->root, SPACE_SIGN);
	understand_head_write(out, s->sign);
	text_append_n(&first, &head, sizeof(head));
	write_lessons(&first, s);
	understand_part_write(out, PART_SPACE, first.p, first.n);
	classify_basis_write(&basis, &s->basis);
	understand_part_write(out, PART_BASIS, basis.p, basis.n);
	for (size_t i = 0; i < s->n; i++) {
		struct text model = text_in(a);
		classify_model_write(&model, s->models[i]);
		understand_part_write(out, PART_MODEL, model.p, model.n);
	}
}

struct taking {
	struct arena *arena;
	struct space *space;
	struct classify_verdicts *verdicts;
};

static int take_head(struct taking *t, struct bytes part)
{
	struct space_head head;
	if (part.n < sizeof(head))
		return ERR_STATE;
	memcpy(&head, part.p, sizeof(head));
	t->verdicts = arena_copy(t->arena, &head.verdicts, sizeof(head.verdicts));
	memcpy(t->space->root, head.root, SPACE_SIGN);
	t->space->measured = head.measured;
	t->space->sure = head.sure;
	return read_lessons(t->arena, part.p + sizeof(head), part.n - sizeof(head), t->space);
}

static int take_part(void *arg, enum understand_part kind, struct bytes part)
{
	struct taking *t = arg;
	struct classify_model *m;
	switch (kind) {
	case PART_SPACE: return take_head(t, part);
	case PART_BASIS: return classify_basis_read(t->arena, part, &t->space->basis);
	case PART_MODEL:
		if (t->space->n == SPACE_PRODUCTS_MOST)
			return ERR_STATE;
		TRY(classify_model_read(t->arena, part, &m));
		t->space->models[t->space->n++] = m;
		return 0;
	default: return 0;
	}
}

int space_read(struct arena *a, struct bytes b, struct space **out)
{
	struct taking t = { .arena = a, .space = ARENA_NEW(a, struct space) };
	struct bytes own = arena_bytes(a, b);
	TRY(understand_parts(own, take_part, &t));
	if (!t.verdicts || !t.space->basis.middle || !t.space->n)
		return ERR_STATE;
	t.space->basis.verdicts = t.verdicts;
	understand_sign_read(own, t.space->sign);
	*out = t.space;
	return 0;
}
