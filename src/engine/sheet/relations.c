/* Reads _rels/….rels. */
#include "engine/sheet/relations.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LINKS = 4000 };

/* "../media/x.png" beside "word/": one folder up for each. */
static const char *path_of(struct arena *a, const char *folder, const char *target)
{
	size_t n = strlen(folder);
	if (target[0] == '/')
		return arena_string(a, target + 1);
	while (!strncmp(target, "../", 3)) {
		target += 3;
		while (n && folder[n - 1] == '/')
			n--;
		while (n && folder[n - 1] != '/')
			n--;
	}
	return arena_format(a, "%.*s%s", (int)n, folder, target);
}

static void relation_start(struct xml *x, const char *name, const char **attributes)
{
	struct relations *list = x->self;
	const char *id = xml_attribute(attributes, "Id"), *type = xml_attribute(attributes, "Type");
	const char *target = xml_attribute(attributes, "Target"), *mode = xml_attribute(attributes, "TargetMode");
	if (!xml_is(name, "Relationship") || !id || !type || !target)
		return;
	if (++list->count > MOST_LINKS) {
		xml_stop(x, sheet_over(x->sheet, 0, 0, "relations", MOST_LINKS));
		return;
	}
	struct arena *a = list->sheet->arena;
	struct relation *r = ARENA_NEW(a, struct relation);
	r->id = arena_string(a, id);
	r->type = arena_string(a, type);
	r->external = mode && strcmp(mode, "External") == 0;
	r->path = r->external ? arena_string(a, target) : path_of(a, list->folder, target);
	r->next = list->first;
	list->first = r;
}

static int by_id(const void *a, const void *b)
{
	return strcmp((*(const struct relation *const *)a)->id, (*(const struct relation *const *)b)->id);
}

int relations_read(struct sheet *s, struct package *p, const char *path, const char *folder, struct relations *out)
{
	*out = (struct relations){ .sheet = s, .folder = folder };
	struct xml x = { .sheet = s, .self = out, .start = relation_start };
	TRY(xml_read_part(&x, p, path));
	size_t n = 0;
	out->by_id = ARENA_ARRAY(s->arena, const struct relation *, out->count + 1);
	for (const struct relation *r = out->first; r; r = r->next)
		out->by_id[n++] = r;
	qsort(out->by_id, n, sizeof(*out->by_id), by_id);
	return 0;
}

int relations_of_part(struct sheet *s, struct package *p, const char *path, struct relations *out)
{
	const char *slash = strrchr(path, '/');
	int folder = slash ? (int)(slash - path + 1) : 0;
	return relations_read(s, p, arena_format(s->arena, "%.*s_rels/%s.rels", folder, path, path + folder), arena_string_n(s->arena, path, (size_t)folder), out);
}

bool relation_is(const struct relation *r, const char *type)
{
	const char *slash = strrchr(r->type, '/');
	return slash && strcmp(slash + 1, type) == 0;
}

const char *relation_path(const struct relations *list, const char *type)
{
	for (const struct relation *r = list->first; r; r = r->next)
		if (!r->external && relation_is(r, type))
			return r->path;
	return NULL;
}

const struct relation *relation_find(const struct relations *list, const char *id)
{
	const struct relation key = { .id = id }, *k = &key, *const *found;
	found = list->count ? bsearch(&k, list->by_id, list->count, sizeof(*list->by_id), by_id) : NULL;
	return found ? *found : NULL;
}
