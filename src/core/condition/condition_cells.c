/* Values of custom fields behind the rows that a condition looks at in memory. */
#include <string.h>

#include "core/condition/condition_fields.h"

struct cells {
	struct arena *arena;
	const void **rows;
	char *longer[EXPR_MOST_ROWS];   /* copies with room behind; NULL: not made yet */
};

static char *longer_row(struct cells *x, unsigned row, size_t size)
{
	if (!x->longer[row]) {
		x->longer[row] = arena_alloc(x->arena, size + CUSTOM_MOST_FIELDS * sizeof(int64_t));
		memcpy(x->longer[row], x->rows[row], size);
		x->rows[row] = x->longer[row];
	}
	return x->longer[row];
}

/* The field is as it was when the condition was compiled, and so is its place: neither kind nor code of a field ever changes. */
static void take(struct cells *x, const struct expr_place *place)
{
	const struct custom *k = condition_source(place->field)->custom;
	if (!k || !x->rows[place->row])
		return;
	char *row = longer_row(x, place->row, k->model->record->table->row->size);
	struct slot slot;
	custom_slots(x->arena, &(struct customs){ k, 1 }, *member_text(k->model->column[k->model->custom_field], row), &slot);
	if (place->field->type == EXPR_TEXT || place->field->type == EXPR_CHOICE)
		*(const char **)(row + place->field->offset) = slot.text ? custom_folded(x->arena, slot.text) : NULL;
	else
		*(int64_t *)(row + place->field->offset) = slot.i;
}

static void take_all(struct cells *x, const struct expr_node *n)
{
	if (n->kind == EXPR_ATOM)
		take(x, &n->place);
	for (size_t i = 0; i < n->item_count; i++)
		take_all(x, n->items[i]);
}

void condition_cells(struct arena *a, const struct expr *e, const void **rows)
{
	struct cells x = { .arena = a, .rows = rows };
	if (e->root)
		take_all(&x, e->root);
}
