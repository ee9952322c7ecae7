/* Proofs of rows, and what an event is to an auditor. */
#include <string.h>

#include "base/json.h"
#include "core/audit/audit.h"
#include "core/services.h"

/* Rows ------------------------------------------------------------------------------------------------------------------ */

/* Every value with its length, so that no two rows give the same text. */
static void add_bytes(struct text *t, const void *p, size_t n)
{
	int64_t size = p ? (int64_t)n : -1;
	text_append_n(t, &size, sizeof(size));
	if (n)
		text_append_n(t, p, n);
}

static void add_json(struct text *t, const char *json)
{
	struct text plain = text_in(t->arena);
	json_plain(&plain, json);
	add_bytes(t, text_end(&plain), plain.n);
}

static void add_column(struct text *t, const struct member *m, const void *row)
{
	const char *text;
	struct bytes bytes;
	switch (type_kind(m->type)) {
	case KIND_INT:
		add_bytes(t, member_int(m, (void *)row), sizeof(int64_t));
		break;
	case KIND_REAL:
		add_bytes(t, member_real(m, (void *)row), sizeof(double));
		break;
	case KIND_BYTES:
		bytes = *member_bytes(m, (void *)row);
		add_bytes(t, bytes.p, bytes.n);
		break;
	default:
		text = *member_text(m, (void *)row);
		if (text && m->type == TYPE_json)
			add_json(t, text);
		else
			add_bytes(t, text, text ? strlen(text) : 0);
	}
}

struct bytes audit_proof(struct arena *a, const struct audit_keys *keys, const struct shape *row_shape, const void *row)
{
	uint8_t full[32], *proof = arena_alloc(a, AUDIT_PROOF_SIZE);
	struct text t = text_in(a);
	text_reserve(&t, 400);
	add_bytes(&t, row_shape->name, strlen(row_shape->name));
	for (size_t i = 0; i < row_shape->count; i++)
		if (strcmp(row_shape->members[i].name, "mac"))
			add_column(&t, &row_shape->members[i], row);
	hmac_sha256(&keys->proof, t.p, t.n, full);
	memcpy(proof, full, AUDIT_PROOF_SIZE);
	return (struct bytes){ proof, AUDIT_PROOF_SIZE };
}

bool audit_proves(struct arena *a, const struct audit_keys *keys, const struct shape *row_shape, const void *row, struct bytes mac)
{
	return mac.n == AUDIT_PROOF_SIZE && crypto_equal(audit_proof(a, keys, row_shape, row).p, mac.p, AUDIT_PROOF_SIZE);
}

int audit_mark_event(void *services, struct ctx *c, struct event *e)
{
	const struct audit_keys *keys;
	c->services = services;
	TRY(audit_keys_of(c, &keys));
	e->area = audit_area_of(e->kind);
	e->mac = audit_proof(c->arena, keys, &shape_event, e);
	return 0;
}

int audit_mark_change(struct ctx *c, struct change *row)
{
	const struct audit_keys *keys;
	TRY(audit_keys_of(c, &keys));
	row->tenant = c->tenant;
	row->mac = audit_proof(c->arena, keys, &shape_change, row);
	return 0;
}

int audit_mark_reading(struct ctx *c, struct reading *row)
{
	const struct audit_keys *keys;
	TRY(audit_keys_of(c, &keys));
	row->tenant = c->tenant;
	row->mac = audit_proof(c->arena, keys, &shape_reading, row);
	return 0;
}

/* Areas ----------------------------------------------------------------------------------------------------------------- */

const struct choice audit_areas[] = {
	{ "sign_in", "登录", "Sign-in" }, { "reading", "查看原文", "Reading in clear" }, { "export", "导出", "Export" },
	{ "right", "权限", "Rights" }, { "setting", "设置", "Settings" }, { "privacy", "个人信息", "Personal data" }, { 0 },
};

/* By the end of the kind (".revealed"), its beginning ("role.") or all of it; the first that fits. */
static const struct { const char *kind, *area; } areas[] = {
	{ ".revealed", "reading" }, { ".exported", "export" }, { "user.signed_in", "sign_in" }, { "user.signed_out", "sign_in" },
	{ "user.sign_in_failed", "sign_in" }, { "user.sign_in_refused", "sign_in" }, { "user.locked", "sign_in" },
	{ "customer.signed_in", "sign_in" }, { "customer.signed_out", "sign_in" }, { "customer.sign_in_refused", "sign_in" },
	{ "user.", "right" }, { "role.", "right" }, { "api_token.", "right" }, { "team.", "right" }, { "setting.", "setting" }, { "company.", "setting" }, { "sign_in_provider.", "setting" },
	{ "customer.erased", "privacy" }, { "customer.handed_out", "privacy" }, { "consent.", "privacy" }, { "breach.", "privacy" }, { ".emptied", "privacy" }, { "retention.", "privacy" }, { "legal_hold.", "privacy" }, { "import.undoing", "privacy" }, { "import.undone", "privacy" }, { "job.", "setting" }, { "demo.", "setting" },
	{ "keys.", "setting" }, { "audit.", "setting" },
};

static bool fits(const char *kind, const char *pattern)
{
	size_t n = strlen(kind), m = strlen(pattern);
	if (*pattern == '.')
		return n > m && !strcmp(kind + n - m, pattern);
	return pattern[m - 1] == '.' ? !strncmp(kind, pattern, m) : !strcmp(kind, pattern);
}

const char *audit_area_of(const char *kind)
{
	for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++)
		if (fits(kind, areas[i].kind))
			return areas[i].area;
	return "";
}
