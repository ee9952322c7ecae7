/* What a spreadsheet looks like before it is imported: heads, samples, how many rows, and which field each column may mean. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/file/file.h"
#include "core/io/import.h"
#include "core/services.h"
#include "core/setting/settings.h"

enum { SAMPLES = 3, WORDS = 30, WORD_MOST = 40 };

/* A column on its way: some of its values, and all of them while they are few, as the words that a choice has to be told. */
struct seen {
	struct text samples;
	const char *words[WORDS + 1];
	size_t n;               /* more than WORDS: too many to be told one by one */
};

static int64_t read_at(void *self, uint64_t offset, void *buffer, size_t n)
{
	ssize_t got = pread(*(int *)self, buffer, n, (off_t)offset);
	return got < 0 ? ERR_INTERNAL : got;
}

int import_sheet_open(struct arena *a, const char *path, const char *const *words, size_t n, struct import_sheet *out, struct sheet_row *header,
                      struct sheet_fault *fault)
{
	struct stat st;
	out->sheet = NULL;
	out->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (out->fd < 0 || fstat(out->fd, &st) < 0)
		return ERR_INTERNAL;
	const struct sheet_source source = { .size = (uint64_t)st.st_size, .read_at = read_at, .self = &out->fd };
	TRY(sheet_open(a, &source, NULL, fault, &out->sheet));
	int r = sheet_header(out->sheet, words, n, header);
	return r < 0 ? r : 0;
}

void import_sheet_close(struct import_sheet *s)
{
	sheet_close(s->sheet);
	s->sheet = NULL;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

static void see_word(struct ctx *c, struct seen *s, const char *text)
{
	if (s->n > WORDS || text_empty(text))
		return;
	if (utf8_count(text) > WORD_MOST) {
		s->n = WORDS + 1;
		return;
	}
	for (size_t i = 0; i < s->n; i++)
		if (text_equal(s->words[i], text))
			return;
	s->words[s->n++] = arena_string(c->arena, text);
}

/* All rows: how many count, some values of each column, and its words. */
static int see_rows(struct ctx *c, struct sheet *sheet, struct seen *seen, size_t n, int64_t *rows)
{
	struct sheet_row row;
	int more;
	for (int k = 0; (more = sheet_next(sheet, &row)) == 1; k++) {
		*rows += sheet_row_counts(&row);
		for (size_t i = 0; i < n && i < row.count; i++) {
			see_word(c, &seen[i], row.cells[i].text);
			if (k >= SAMPLES)
				continue;
			text_append(&seen[i].samples, seen[i].samples.n ? "," : "");
			json_text(&seen[i].samples, arena_string_n(c->arena, row.cells[i].text, utf8_prefix(row.cells[i].text, 40)));
		}
	}
	return more;
}

static void write_column(struct text *t, const char *head, struct seen *s)
{
	text_append(t, "{\"head\":");
	json_text(t, head);
	text_format(t, ",\"samples\":[%s],\"words\":[", text_end(&s->samples));
	for (size_t i = 0; s->n <= WORDS && i < s->n; i++) {
		text_append(t, i ? "," : "");
		json_text(t, s->words[i]);
	}
	text_append(t, "]}");
}

/* Columns as [{"head","samples":[…],"words":[…]}]; values of sealed fields are what the user just brought. A field is proposed once. */
static int describe(struct ctx *c, const struct record_model *m, const struct customs *custom, struct sheet *sheet, const struct sheet_row *header, struct import_job *job)
{
	struct text columns = text_in(c->arena), mapping = text_in(c->arena);
	const char *heads[IMPORT_COLUMNS], *proposed[IMPORT_COLUMNS];
	size_t n = header->count < IMPORT_COLUMNS ? header->count : IMPORT_COLUMNS;
	struct seen *seen = ARENA_ARRAY(c->arena, struct seen, n + 1);
	for (size_t i = 0; i < n; i++) {
		heads[i] = arena_string(c->arena, header->cells[i].text);
		seen[i].samples = text_in(c->arena);
	}
	TRY(see_rows(c, sheet, seen, n, &job->rows));
	for (size_t i = 0; i < n; i++) {
		text_append(&columns, i ? "," : "");
		write_column(&columns, heads[i], &seen[i]);
		const char *field = text_empty(heads[i]) ? NULL : import_field_of(c, m, custom, heads[i]);
		bool used = false;
		for (size_t k = 0; k < i; k++)
			used = used || (field && text_equal(proposed[k], field));
		proposed[i] = used ? NULL : field;
		if (!proposed[i])
			continue;
		text_append(&mapping, mapping.n ? "," : "");
		json_text(&mapping, heads[i]);
		text_format(&mapping, ":\"%s\"", field);
	}
	job->columns = arena_format(c->arena, "[%s]", text_end(&columns));
	job->mapping = arena_format(c->arena, "{%s}", text_end(&mapping));
	return 0;
}

int import_inspect(struct ctx *c, const struct record_model *m, const struct customs *custom, const char *path, struct import_job *job)
{
	struct sheet_fault fault = { 0 };
	struct sheet_row header;
	struct import_sheet s;
	size_t n = 0;
	const char **words = ARENA_ARRAY(c->arena, const char *, m->record->field_count + custom->n);
	for (size_t i = 0; i < m->record->field_count; i++)
		words[n++] = m->record->fields[i].label.zh;
	for (size_t i = 0; i < custom->n; i++)
		words[n++] = custom->at[i].field.label.zh;
	job->rows = 0;
	int r = import_sheet_open(c->arena, path, words, n, &s, &header, &fault);
	if (r == 0)
		r = describe(c, m, custom, s.sheet, &header, job);
	if (r == 0 && job->rows == 0)
		r = ERR_SHEET_EMPTY;
	import_sheet_close(&s);
	int64_t most = setting_of(c, SETTING_SHEET_IMPORT_ROWS);
	if (r == 0 && job->rows > most)
		return fail(c, ERR_SHEET_LIMIT, arena_format(c->arena, "rows ≤ %lld", (long long)most));
	return r < 0 ? fail(c, r, fault.arg) : 0;
}

int import_keep(struct ctx *c, struct import_job *job)
{
	struct import_map map = { .model = import_target(c, job->record) };
	TRY(import_words_read(c, text_empty(job->words) ? "{}" : job->words, &map));
	job->tenant = c->tenant;
	job->id = new_id(c);
	job->state = "new";
	job->source = job->source ? job->source : "";
	job->words = job->words ? job->words : "{}";
	job->last_error = "";
	job->user_id = c->auth->user_id;
	job->folder = job->folder ? job->folder : "";
	TRY(record_insert(c, &import_record, job));
	TRY(file_attach(c, job->file_id, "import", job->id, 0));
	return job->bundle_id ? file_attach(c, job->bundle_id, "import", job->id, 0) : 0;
}
