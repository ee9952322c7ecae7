/* The word that shows that somebody can read on this machine. Made from the master key, so it needs no place of its own, every node knows
 * it, and no backup of data holds it. 60 bits: guessing it is hopeless even without the limit on attempts. */
#include <stdio.h>
#include <string.h>

#include "app/first_run.h"
#include "core/pii/keystore.h"
#include "gen/sign_in_sql.h"

/* Crockford's: nothing in it looks like something else. */
static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";

static int word_of(const struct services *services, char out[static FIRST_RUN_WORD])
{
	struct key key;
	TRY(keystore_derive(services->keys, "first run word", &key));
	for (int i = 0; i < FIRST_RUN_WORD; i++)
		out[i] = letters[key.p[i] % 32];
	crypto_wipe(&key, sizeof(key));
	return 0;
}

int first_run_word(const struct services *services, char out[static FIRST_RUN_WORD + 3])
{
	char word[FIRST_RUN_WORD];
	TRY(word_of(services, word));
	snprintf(out, FIRST_RUN_WORD + 3, "%.4s-%.4s-%.4s", word, word + 4, word + 8);
	return 0;
}

static char plain(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c | 32);
	return c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
}

bool first_run_word_fits(const struct services *services, const char *given)
{
	char word[FIRST_RUN_WORD], typed[FIRST_RUN_WORD] = { 0 };
	size_t n = 0;
	for (const char *p = given; *p; p++) {
		if (*p == '-' || *p == ' ')
			continue;
		if (n < FIRST_RUN_WORD)
			typed[n] = plain(*p);
		n++;
	}
	return word_of(services, word) == 0 && crypto_equal(word, typed, FIRST_RUN_WORD) && n == FIRST_RUN_WORD;
}

int first_run_is_open(struct ctx *c, bool *open)
{
	struct tenants_first_row *rows;
	size_t n;
	TRY(tenants_first(c, &rows, &n));
	*open = n == 0;
	return 0;
}

static int look(struct ctx *c, void *arg)
{
	return first_run_is_open(c, arg);
}

void first_run_say(struct app *app)
{
	char word[FIRST_RUN_WORD + 3];
	bool open;
	if (app_read(app, 0, look, &open) == 0 && open && first_run_word(&app->services, word) == 0)
		printf("还没有企业，请在浏览器打开 / No company yet, open: %s/first-run#%s\n安装口令 / the word it asks for: %s\n", app->o.public_url, word, word);
}

int command_first_run_word(const struct app_options *options, int argc, char **argv)
{
	char word[FIRST_RUN_WORD + 3];
	bool open = false;
	struct app *app;
	if (app_open(options, &app) < 0)
		return 1;
	int r = app_read(app, 0, look, &open);
	if (r == 0 && !open)
		fputs("anxin: there is a company already: sign in, or `anxin user password`\n", stderr);
	else if (r == 0)
		r = first_run_word(&app->services, word);
	if (r == 0 && open)
		printf("%s\n", word);
	app_close(app);
	return r < 0 || !open;
}
