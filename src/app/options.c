/* Options of the command line, by a table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/text.h"

enum { OPERATOR_TOKEN_LEAST = 20 };

int app_place_read(struct arena *a, const char *value, const char **address, int *out)
{
	const char *colon = strrchr(value, ':');
	char *end = NULL;
	long port = colon ? strtol(colon + 1, &end, 10) : -1;
	if (!colon || !*(colon + 1) || *end || port < 0 || port > 65535)
		return ERR_FIELD_INVALID;
	*address = arena_string_n(a, value, (size_t)(colon - value));
	*out = (int)port;
	return 0;
}

static int read_proxy(const char *value, struct app_options *o)
{
	if (o->proxy_count == sizeof(o->proxies) / sizeof(o->proxies[0]) || !network_parse(value, &o->proxies[o->proxy_count]))
		return ERR_FIELD_INVALID;
	o->proxy_count++;
	return 0;
}

static int read_set(const char *value, struct app_options *o)
{
	if (o->set_count == sizeof(o->set) / sizeof(o->set[0]))
		return ERR_FIELD_INVALID;
	o->set[o->set_count++] = value;
	return 0;
}

/* Above zero: milliseconds since 1970, or the number of an inherited socket. */
static int read_number(const char *value, int64_t *out)
{
	char *end;
	*out = strtoll(value, &end, 10);
	return end == value || *end || *out <= 0 ? ERR_FIELD_INVALID : 0;
}

static int read_socket(const char *value, int *out)
{
	int64_t number;
	TRY(read_number(value, &number));
	*out = number < 65536 ? (int)number : 0;
	return *out ? 0 : ERR_FIELD_INVALID;
}

static int read_option(struct arena *a, const char *name, const char *value, struct app_options *o)
{
	const struct { const char *name; const char **text; } texts[] = {
		{ "--data", &o->data }, { "--db", &o->db }, { "--keys", &o->keys }, { "--files", &o->files }, { "--web", &o->web }, { "--public-url", &o->public_url },
		{ "--sms-gateway", &o->outbound.sms_gateway }, { "--smtp", &o->outbound.smtp }, { "--smtp-tls", &o->smtp_tls },
		{ "--mail-from", &o->outbound.mail_from }, { "--outbound-allow", &o->outbound.outbound_allow }, { "--company", &o->company },
		{ "--test-clock", &o->test_clock }, { "--backups", &o->backups }, { "--audit-heads", &o->audit_heads }, { "--audit-url", &o->audit_url },
		{ "--tls-certificate", &o->tls_certificate }, { "--tls-key", &o->tls_key }, { "--redirect", &o->redirect }, { "--acme-challenges", &o->challenges },
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!strcmp(name, texts[i].name))
			return (*texts[i].text = value, 0);
	if (!strcmp(name, "--listen"))
		return app_place_read(a, value, &o->address, &o->port);
	if (!strcmp(name, "--proxy"))
		return read_proxy(value, o);
	if (!strcmp(name, "--set"))
		return read_set(value, o);
	if (!strcmp(name, "--virtual-clock"))
		return read_number(value, &o->virtual_from);
	if (!strcmp(name, "--clock-orders"))
		return read_socket(value, &o->virtual_orders);
	return ERR_FIELD_UNKNOWN;
}

/* Options may stand in the environment instead; secrets must, for a command line is there for everybody to read. */
static void read_environment(struct app_options *o)
{
	const struct { const char *name; const char **text; } texts[] = {
		{ "ANXIN_OPERATOR_TOKEN", &o->operator_token }, { "ANXIN_FILES", &o->files }, { "ANXIN_S3_REGION", &o->s3_region }, { "ANXIN_S3_KEY", &o->s3_key }, { "ANXIN_S3_SECRET", &o->s3_secret },
		{ "ANXIN_SMS_GATEWAY", &o->outbound.sms_gateway }, { "ANXIN_SMS_TOKEN", &o->outbound.sms_token },
		{ "ANXIN_SMTP", &o->outbound.smtp }, { "ANXIN_SMTP_USER", &o->outbound.smtp_user },
		{ "ANXIN_SMTP_PASSWORD", &o->outbound.smtp_password }, { "ANXIN_SMTP_TLS", &o->smtp_tls },
		{ "ANXIN_BACKUPS", &o->backups }, { "NOTIFY_SOCKET", &o->notify_socket }, { "ANXIN_AUDIT_HEADS", &o->audit_heads }, { "ANXIN_AUDIT_URL", &o->audit_url },
		{ "ANXIN_TLS_CERTIFICATE", &o->tls_certificate }, { "ANXIN_TLS_KEY", &o->tls_key },
		{ "ANXIN_REDIRECT", &o->redirect }, { "ANXIN_ACME_CHALLENGES", &o->challenges },
		{ "ANXIN_MAIL_FROM", &o->outbound.mail_from }, { "ANXIN_OUTBOUND_ALLOW", &o->outbound.outbound_allow },
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *value = getenv(texts[i].name);
		if (value && *value)
			*texts[i].text = value;
	}
}

/* Options may stand behind words, too: they are moved in front of them. What is none of ours there is the command's own. */
static int gather(struct arena *a, int argc, char **argv, struct app_options *o, int *first)
{
	int i = 1;
	for (int k = 1; k < argc; k++) {
		if (strncmp(argv[k], "--", 2))
			continue;
		int n = strcmp(argv[k], "--migrate") ? 2 : 1;
		int r = n == 1 ? 0 : read_option(a, argv[k], k + 1 < argc ? argv[k + 1] : "", o);
		if (r == ERR_FIELD_UNKNOWN && k > i)
			continue;
		if (r < 0 || k + n > argc) {
			fprintf(stderr, "anxin: option %s is unknown or needs another value\n", argv[k]);
			return ERR_FIELD_INVALID;
		}
		o->migrate |= n == 1;
		char *taken[2] = { argv[k], n == 2 ? argv[k + 1] : NULL };
		memmove(&argv[i + n], &argv[i], (size_t)(k - i) * sizeof(*argv));
		memcpy(&argv[i], taken, (size_t)n * sizeof(*argv));
		i += n;
		k += n - 1;
	}
	*first = i;
	return 0;
}

/* People are sent to a name that is said, never to one that a request brings. */
static int check_redirect(struct arena *a, const struct app_options *o)
{
	const char *address;
	int port;
	if (!o->redirect || !*o->redirect)
		return 0;
	if (!o->tls_key || !o->public_url || strncmp(o->public_url, "https://", 8)) {
		fprintf(stderr, "anxin: --redirect needs --tls-certificate, --tls-key and --public-url https://…\n");
		return ERR_FIELD_INVALID;
	}
	if (app_place_read(a, o->redirect, &address, &port) < 0) {
		fprintf(stderr, "anxin: --redirect takes ADDRESS:PORT\n");
		return ERR_FIELD_INVALID;
	}
	return 0;
}

int app_options_read(struct arena *a, int argc, char **argv, struct app_options *o, int *rest)
{
	*o = (struct app_options){ .data = "data", .address = "127.0.0.1", .port = 8080 };
	read_environment(o);
	int first;
	TRY(gather(a, argc, argv, o, &first));
	if (o->operator_token && strlen(o->operator_token) < OPERATOR_TOKEN_LEAST) {
		fprintf(stderr, "anxin: ANXIN_OPERATOR_TOKEN needs at least %d characters\n", OPERATOR_TOKEN_LEAST);
		return ERR_FIELD_TOO_SHORT;
	}
	if (!o->tls_certificate != !o->tls_key) {
		fprintf(stderr, "anxin: --tls-certificate and --tls-key go together\n");
		return ERR_FIELD_INVALID;
	}
	TRY(check_redirect(a, o));
	if (!o->db)
		o->db = arena_format(a, "%s/data.db", o->data);
	if (!o->keys)
		o->keys = arena_format(a, "%s/keys.db", o->data);
	if (!o->public_url)
		o->public_url = arena_format(a, "%s://%s:%d", o->tls_key ? "https" : "http", o->address, o->port);
	*rest = first;
	TRY(server_settings_read(a, o));
	o->log_level = (enum log_level)o->settings->values.at[SETTING_LOG_LEVEL];
	return 0;
}
