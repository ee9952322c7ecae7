/* Her own row, then every record whose rows refer to her, then who read what in clear. */
#include "core/pii/handout.h"

#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "core/api/actor.h"
#include "core/auth/auth.h"
#include "core/custom/custom.h"
#include "core/file/file.h"
#include "core/io/export.h"
#include "core/pii/person.h"
#include "core/services.h"
#include "gen/pii_sql.h"
#include "gen/schema.h"

static const char *word(const struct ctx *c, struct label l)
{
	return c->lang == LANG_EN ? l.en : l.zh;
}

/* One row with its sealed values opened, and what hangs on it beyond its record. */
static int write_row(struct ctx *c, const struct record_model *m, const void *row, struct text *out)
{
	struct slot slots[MOST_FIELDS_OF_RECORD];
	struct text one = text_in(c->arena);
	TRY(record_slots(c, m, row, OPENED, slots));
	json_write(&one, &m->wire, slots);
	text_format(out, "{\"id\":\"%lld\",\"created_at\":%lld", (long long)*member_int(m->id, (void *)row), (long long)*member_int(m->created_at, (void *)row));
	if (m->record->handout)
		TRY(m->record->handout(c, row, out));
	text_format(out, ",%s", one.p + 1);             /* without its opening bracket */
	return 0;
}

static int write_pages(struct ctx *c, const struct record_model *m, const struct field *by, int64_t id, int64_t archived, size_t *n, struct text *out)
{
	struct list_page page = { 0 };
	do {
		TRY(person_page(c, m, by, id, page.next, archived, &page));
		for (size_t i = 0; i < page.n; i++) {
			if ((*n)++)
				text_char(out, ',');
			TRY(write_row(c, m, (char *)page.rows + i * m->record->table->row->size, out));
		}
	} while (page.next);
	return 0;
}

static int write_records(struct ctx *c, const char *object, int64_t id, struct text *out)
{
	const struct registry *all = &c->services->registry;
	bool first = true;
	text_append(out, ",\"records\":{");
	for (size_t i = 0; i < all->count; i++) {
		const struct record_model *m = &all->models[i];
		const struct field *by = person_reference(m, object);
		size_t n = 0;
		if (!by)
			continue;
		text_format(out, "%s\"%s\":[", first ? "" : ",", m->record->name);
		TRY(write_pages(c, m, by, id, 0, &n, out));
		if (m->archived_at)
			TRY(write_pages(c, m, by, id, 1, &n, out));
		text_char(out, ']');
		first = false;
	}
	text_char(out, '}');
	return 0;
}

static int write_readings(struct ctx *c, const char *object, int64_t id, struct text *out)
{
	struct readings_of_row *rows;
	size_t n;
	TRY(readings_of(c, object, id, &rows, &n));
	text_append(out, ",\"readings\":[");
	for (size_t i = 0; i < n; i++) {
		text_format(out, "%s{\"at\":%lld,\"by\":\"%s\",\"field\":\"%s\",\"purpose\":", i ? "," : "", (long long)rows[i].at, actor_kind_name(rows[i].actor_kind), rows[i].field);
		json_text(out, rows[i].purpose);
		text_char(out, '}');
	}
	text_char(out, ']');
	return 0;
}

static void write_words(const struct ctx *c, const struct record_model *m, const struct customs *custom, bool first, struct text *out)
{
	text_format(out, "%s\"%s\":{\"label\":", first ? "" : ",", m->record->name);
	json_text(out, word(c, m->record->label));
	text_append(out, ",\"fields\":{");
	for (size_t i = 0; i < m->record->field_count; i++) {
		text_format(out, "%s\"%s\":", i ? "," : "", m->record->fields[i].name);
		json_text(out, word(c, m->record->fields[i].label));
	}
	for (size_t i = 0; i < custom->n; i++) {
		if (custom->at[i].model != m)
			continue;
		text_format(out, ",\"%s\":", custom->at[i].field.name);
		json_text(out, word(c, custom->at[i].field.label));
	}
	text_append(out, "}}");
}

static int write_all(struct ctx *c, const char *object, int64_t id, struct text *out)
{
	const struct registry *all = &c->services->registry;
	const struct record_model *own = registry_find(all, object);
	void *row = arena_alloc(c->arena, own->record->table->row->size);
	struct tenant tenant;
	struct customs custom;
	TRY(customs_of(c, NULL, &custom));
	TRY(record_get(c, own->record, id, row));
	TRY(tenant_row_get(c, &tenant));
	text_format(out, "{\"made_at\":%lld,\"company\":", (long long)c->now);
	json_text(out, tenant.name);
	text_append(out, ",\"person\":");
	TRY(write_row(c, own, row, out));
	TRY(write_records(c, object, id, out));
	TRY(write_readings(c, object, id, out));
	text_append(out, ",\"words\":{");
	write_words(c, own, &custom, true, out);
	for (size_t i = 0; i < all->count; i++)
		if (person_reference(&all->models[i], object))
			write_words(c, &all->models[i], &custom, false, out);
	text_append(out, "}}");
	return 0;
}

/* Whatever the rights of whoever hands it out: it is hers. */
int handout_file(struct ctx *c, const char *object, int64_t id, struct export_file *out)
{
	struct ctx system = *c;
	struct text t = text_in(c->arena);
	int fd;
	system.auth = NULL;
	system.actor_kind = ACTOR_SYSTEM;
	TRY(write_all(&system, object, id, &t));
	TRY(file_temporary(c, &out->path, &fd));
	bool good = write(fd, t.p, t.n) == (ssize_t)t.n;
	out->rows = 1;
	if (close(fd) == 0 && good)
		return 0;
	unlink(out->path);
	return ERR_INTERNAL;
}
