/* Permission look-up: binary search over a handful of sorted words. */
#include "core/auth/auth.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/services.h"
#include "core/setting/settings.h"

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *const security_rights[] = { "setting.security", "user.factor", NULL };

static bool is_of_security(const char *permission)
{
	for (size_t i = 0; security_rights[i]; i++)
		if (!strcmp(permission, security_rights[i]))
			return true;
	return false;
}

static bool is_apart(const struct ctx *c, const char *permission)
{
	return !strncmp(permission, "audit.", 6) || (is_of_security(permission) && duties_apart(c));
}

bool duties_apart(const struct ctx *c)
{
	return c->services && c->services->settings && setting_of(c, SETTING_SIGN_IN_DUTIES) != 0;
}

bool may(const struct ctx *c, const char *permission)
{
	const struct auth *auth = c->auth;
	if (!auth)
		return c->actor_kind == ACTOR_SYSTEM;
	static const char *const all = "*";
	if (auth->permission_count == 0)
		return false;   /* a customer: bsearch takes no NULL */
	return bsearch(&permission, auth->permissions, auth->permission_count, sizeof(char *), compare_words) ||
	       (!is_apart(c, permission) && bsearch(&all, auth->permissions, auth->permission_count, sizeof(char *), compare_words));
}

bool is_masked_for(const struct ctx *c, const char *field)
{
	const struct auth *auth = c->auth;
	return auth && auth->mask_count && bsearch(&field, auth->masks, auth->mask_count, sizeof(char *), compare_words);
}

int require_permission(struct ctx *c, const char *permission)
{
	return may(c, permission) ? 0 : fail(c, ERR_FORBIDDEN, NULL);
}

/* The plain form in which rights are stored, ["a","b"], without escapes: read on every request, so cut up in one copy and
 * without a parser. False when it is anything else. */
static bool read_plain(struct arena *a, const char *json, const char **words, size_t most, size_t *n)
{
	char *p = arena_string(a, json) + (*json == '[');
	for (*n = 0; *p == '"' && *n < most;) {
		words[(*n)++] = ++p;
		while (*p && *p != '"' && *p != '\\')
			p++;
		if (*p != '"')
			return false;
		*p++ = 0;
		if (*p == ',' && *(p += 1 + (p[1] == ' ')) != '"')
			return false;
	}
	return *json == '[' && p[0] == ']' && p[1] == 0;
}

/* Stored rights are nearly always in order already. */
static void sort_words(const char **words, size_t n)
{
	size_t i = 1;
	while (i < n && strcmp(words[i - 1], words[i]) <= 0)
		i++;
	if (i < n)
		qsort(words, n, sizeof(char *), compare_words);
}

int permissions_read(struct arena *a, const char *json, const char *const **out, size_t *n)
{
	struct words { struct list words; };
	static const struct member members[] = { MEMBER(struct words, words, list, .item = TYPE_code) };
	static const struct shape shape = SHAPE("permissions", struct words, members);
	size_t most = 1;
	for (const char *p = json; *p; p++)
		most += *p == ',';
	const char **plain = ARENA_ARRAY(a, const char *, most);
	if (read_plain(a, json, plain, most, n)) {
		sort_words(plain, *n);
		*out = plain;
		return 0;
	}
	struct words in;
	struct error e = { 0 };
	const char *wrapped = arena_format(a, "{\"words\":%s}", json);
	TRY(json_read(a, &shape, wrapped, strlen(wrapped), &in, NULL, &e));
	const char **words = in.words.at;
	sort_words(words, in.words.n);
	*out = words;
	*n = in.words.n;
	return 0;
}

enum scope scope_read(const char *word)
{
	static const char *const words[] = { "own", "team", "region", "all" };
	for (size_t i = 0; i < 4; i++)
		if (!strcmp(words[i], word))
			return (enum scope)i;
	return SCOPE_OWN;
}

const char *permissions_write(struct arena *a, const char *const *words, size_t n)
{
	struct text t = text_in(a);
	for (size_t i = 0; i < n; i++) {
		text_char(&t, i ? ',' : '[');
		json_text(&t, words[i]);
	}
	text_append(&t, n ? "]" : "[]");
	return text_end(&t);
}

bool permissions_same(struct arena *a, const char *x, const char *y)
{
	const char *const *of_x, *const *of_y;
	size_t n, m;
	if (permissions_read(a, x, &of_x, &n) < 0 || permissions_read(a, y, &of_y, &m) < 0)
		return false;
	return text_equal(permissions_write(a, of_x, n), permissions_write(a, of_y, m));
}
