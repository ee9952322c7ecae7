/* What the server is started with: settings.conf in the data folder, over it the environment, over it the command line.
 *
 * settings.conf holds lines NAME = VALUE and # remarks. In the environment code.life is ANXIN_SET_CODE_LIFE. A setting of companies
 * named here is what each company begins with. A name or value that is wrong ends the start: nothing runs on a guess. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "base/text.h"

enum { LINE_MOST = 4096 };      /* bytes of a line; longer ones are refused, never cut in two */

struct settings_reading {
	struct arena *a;
	struct setting_server *out;
	enum setting_source source;
	const char *where;              /* for complaints: "settings.conf, line 3" */
};

static int complain(const struct settings_reading *r, const char *name, int code, const char *arg)
{
	fprintf(stderr, "anxin: %s: %s: %s\n", r->where, name, error_text(code, LANG_ZH, arg, r->a));
	return ERR_FIELD_INVALID;
}

static int take(const struct settings_reading *r, const char *name, const char *value)
{
	const char *arg = NULL;
	int id = setting_find(name);
	if (id < 0)
		return complain(r, name, ERR_FIELD_UNKNOWN, NULL);
	int result = setting_read(r->a, &setting_defs[id], value, LANG_ZH, &r->out->values.at[id], &arg);
	if (result < 0)
		return complain(r, name, result, arg);
	r->out->source[id] = r->source;
	return 0;
}

static char *trimmed(char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	size_t n = strlen(s);
	while (n && isspace((unsigned char)s[n - 1]))
		s[--n] = 0;
	return s;
}

/* Cuts "NAME = VALUE" in two; false for a line that is empty or a remark. value NULL: there is no "=". */
static bool cut(char *line, char **name, char **value)
{
	*name = trimmed(line);
	if (!**name || **name == '#')
		return false;
	*value = strchr(*name, '=');
	if (*value) {
		*(*value)++ = 0;
		*value = trimmed(*value);
		*name = trimmed(*name);
	}
	return true;
}

static int take_pair(const struct settings_reading *r, char *line)
{
	char *name, *value;
	if (!cut(line, &name, &value))
		return 0;
	return value ? take(r, name, value) : complain(r, name, ERR_FIELD_REQUIRED, NULL);
}

static const char *path_of(struct arena *a, const struct app_options *o)
{
	return arena_format(a, "%s/settings.conf", o->data);
}

/* The next line: 1; 0 at the end of the file; ERR_FIELD_TOO_LONG. */
static int next_line(FILE *f, char line[static LINE_MOST + 2])
{
	if (!fgets(line, LINE_MOST + 2, f))
		return 0;
	return strlen(line) <= LINE_MOST || line[LINE_MOST] == '\n' ? 1 : ERR_FIELD_TOO_LONG;
}

static int read_file(struct settings_reading *r, const struct app_options *o)
{
	FILE *f = fopen(path_of(r->a, o), "re");
	if (!f)
		return errno == ENOENT || errno == ENOTDIR ? 0 : complain(r, "settings.conf", ERR_INTERNAL, NULL);
	char line[LINE_MOST + 2];
	int result = 0, more;
	for (int number = 1; result == 0 && (more = next_line(f, line)) != 0; number++) {
		r->where = arena_format(r->a, "settings.conf, line %d", number);
		result = more > 0 ? take_pair(r, line) : more;
	}
	fclose(f);
	if (result == ERR_FIELD_TOO_LONG)
		fprintf(stderr, "anxin: %s: a line has at most %d bytes\n", r->where, LINE_MOST);
	return result;
}

static int read_environment(struct settings_reading *r)
{
	for (int i = 0; i < SETTING_COUNT; i++) {
		char *name = arena_format(r->a, "ANXIN_SET_%s", setting_defs[i].name);
		for (char *p = name; *p; p++)
			*p = *p == '.' ? '_' : (char)toupper((unsigned char)*p);
		const char *value = getenv(name);
		r->where = name;
		if (value)
			TRY(take(r, setting_defs[i].name, value));
	}
	return 0;
}

int server_settings_read(struct arena *a, struct app_options *o)
{
	o->settings = ARENA_NEW(a, struct setting_server);
	o->settings->values = setting_defaults;
	struct settings_reading r = { .a = a, .out = o->settings, .source = FROM_FILE, .where = "settings.conf" };
	TRY(read_file(&r, o));
	r.source = FROM_ENVIRONMENT;
	TRY(read_environment(&r));
	r.source = FROM_COMMAND_LINE;
	r.where = "--set";
	for (size_t i = 0; i < o->set_count; i++)
		TRY(take_pair(&r, arena_string(a, o->set[i])));
	return 0;
}

/* Writing -------------------------------------------------------------------------------------------------------------- */

/* The file as it is, but for the lines of this name. Its lines were all read at the start. */
static void copy_without(struct text *t, FILE *f, const char *name)
{
	char line[LINE_MOST + 2], parts[LINE_MOST + 2], *here, *value;
	while (next_line(f, line) > 0) {
		memcpy(parts, line, sizeof(parts));
		if (cut(parts, &here, &value) && !strcmp(here, name))
			continue;
		text_append(t, line);
		if (!strchr(line, '\n'))
			text_char(t, '\n');
	}
}

static int replace_file(const char *path, const char *fresh, const char *content)
{
	FILE *f = fopen(fresh, "we");
	bool well = f && fputs(content, f) >= 0 && fflush(f) == 0 && fsync(fileno(f)) == 0;
	if (f && fclose(f) != 0)
		well = false;
	if (well && rename(fresh, path) == 0)
		return 0;
	fprintf(stderr, "anxin: %s: %s\n", path, strerror(errno));
	unlink(fresh);
	return ERR_INTERNAL;
}

int server_settings_write(struct arena *a, const struct app_options *o, const char *name, const char *value)
{
	const char *path = path_of(a, o);
	struct text t = text_in(a);
	FILE *f = fopen(path, "re");
	if (f) {
		copy_without(&t, f, name);
		fclose(f);
	}
	if (value)
		text_format(&t, "%s = %s\n", name, value);
	return replace_file(path, arena_format(a, "%s.new", path), text_end(&t));
}
