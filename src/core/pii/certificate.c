/* One line of JSON, written once. It names the public key, which stands in every head of the audit as well. */
#include "core/pii/certificate.h"

#include <string.h>

#include "base/json.h"
#include "core/api/actor.h"
#include "core/audit/audit.h"
#include "core/setting/settings.h"

static void write_counts(struct text *t, const struct erasure *row)
{
	const struct { const char *name; int64_t n; } counts[] = {
		{ "hashes", row->hashes }, { "documents", row->documents }, { "files", row->files }, { "replies", row->replies },
		{ "parts", row->parts }, { "changes", row->changes },
	};
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		text_format(t, ",\"%s\":%lld", counts[i].name, (long long)counts[i].n);
}

/* Copies of the key store are the last place; words in the search index go before, with its next rebuild. */
static void write_delays(struct ctx *c, struct text *t, const struct erasure *row)
{
	text_format(t, ",\"stores\":[\"data\",\"keys\",\"files\",\"search\"],\"words_by\":%lld,\"complete_at\":%lld",
	            (long long)(row->done_at + setting_ms(c, SETTING_KEEP_ERASED_WORDS) + DAY_MS), (long long)(row->done_at + setting_ms(c, SETTING_KEEP_KEY_COPIES)));
}

const char *certificate_keys(struct ctx *c, const int64_t *keys, size_t n)
{
	struct text t = text_in(c->arena);
	for (size_t i = 0; i < n; i++)
		text_format(&t, "%s\"%lld\"", i ? "," : "[", (long long)keys[i]);
	text_append(&t, n ? "]" : "[]");
	return text_end(&t);
}

int certificate_make(struct ctx *c, struct erasure *row)
{
	const struct audit_keys *audit;
	struct tenant tenant;
	struct text t = text_in(c->arena);
	uint8_t *signature = arena_alloc(c->arena, SIGNATURE_SIZE);
	TRY(audit_keys_of(c, &audit));
	TRY(tenant_row_get(c, &tenant));
	text_format(&t, "{\"certificate\":\"anxin erasure 1\",\"id\":\"%lld\",\"company\":", (long long)row->id);
	json_text(&t, tenant.code);
	text_format(&t, ",\"object\":\"%s\",\"object_id\":\"%lld\",\"asked_at\":%lld,\"asked_by\":{\"kind\":\"%s\",\"id\":\"%lld\"},\"reason\":", row->object,
	            (long long)row->object_id, (long long)row->asked_at, actor_kind_name(row->asked_by_kind), (long long)row->asked_by);
	json_text(&t, row->reason);
	text_format(&t, ",\"done_at\":%lld,\"keys\":%s", (long long)row->done_at, row->certificate);
	write_counts(&t, row);
	write_delays(c, &t, row);
	text_format(&t, ",\"key\":\"%s\"}", base64(c->arena, audit->public, SIGN_PUBLIC_SIZE));
	row->certificate = text_end(&t);
	sign(&audit->seed, t.p, t.n, signature);
	row->signature = (struct bytes){ signature, SIGNATURE_SIZE };
	return 0;
}
