/* The chain: links, their signatures, the head that is kept elsewhere, and the follower that writes it. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "core/audit/audit.h"
#include "core/services.h"
#include "gen/audit_sql.h"

/* Links ----------------------------------------------------------------------------------------------------------------- */

struct audit_fold audit_fold_begin(struct arena *a, const struct audit_start *start, const uint8_t *before)
{
	struct audit_fold f = { .arena = a, .text = text_in(a) };
	text_reserve(&f.text, 64 + 64 * (8 + AUDIT_PROOF_SIZE));
	if (before)
		text_append_n(&f.text, before, AUDIT_LINK_SIZE);
	else
		text_format(&f.text, "start %lld %lld %lld", (long long)start->events, (long long)start->changes, (long long)start->readings);
	return f;
}

void audit_fold_add(struct audit_fold *f, int64_t no, struct bytes proof)
{
	text_append_n(&f->text, &no, sizeof(no));
	text_append_n(&f->text, proof.p, proof.n);
}

void audit_fold_end(const struct audit_fold *f, const struct audit_keys *keys, uint8_t out[static AUDIT_LINK_SIZE])
{
	hmac_sha256(&keys->proof, f->text.p, f->text.n, out);
}

struct bytes audit_signed_text(struct arena *a, int64_t tenant, const struct audit_link *link)
{
	const char *text = arena_format(a, "anxin audit %lld %lld %lld %s", (long long)tenant, (long long)link->no, (long long)link->at,
	                                hex(a, link->mac.p, link->mac.n));
	return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

/* The follower ---------------------------------------------------------------------------------------------------------- */

static int start_of(struct ctx *c, struct audit_start *out)
{
	struct audit_start *rows;
	size_t n;
	TRY(audit_start_row(c, &rows, &n));
	*out = n ? rows[0] : (struct audit_start){ .tenant = c->tenant };
	return 0;
}

/* A head on its way to the file beside the data, after COMMIT. */
struct kept_head {
	const char *path, *line;
	size_t n;
};

/* Not synced: after a power cut an older head is there, which is as true. */
static void write_head(void *arg)
{
	const struct kept_head *kept = arg;
	char part[512];
	if (snprintf(part, sizeof(part), "%s.part", kept->path) >= (int)sizeof(part))
		return;
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	bool good = write(fd, kept->line, kept->n) == (ssize_t)kept->n;
	close(fd);
	if (!good || rename(part, kept->path) != 0)
		unlink(part);
}

static int keep_head(struct ctx *c, const struct audit_keys *keys, const struct audit_link *link)
{
	const char *folder = audit_head_folder(c->services->audit);
	struct tenant tenant;
	if (!folder)
		return 0;
	TRY(tenant_row_get(c, &tenant));
	const struct audit_head head = { .tenant = c->tenant, .company = tenant.code, .no = link->no, .at = link->at, .mac = link->mac,
		                         .signature = link->signature, .key = { keys->public, SIGN_PUBLIC_SIZE } };
	struct kept_head *kept = ARENA_NEW(c->arena, struct kept_head);
	struct text line = text_in(c->arena);
	audit_head_write(&line, &head);
	text_char(&line, '\n');
	*kept = (struct kept_head){ arena_format(c->arena, "%s/%lld.head", folder, (long long)c->tenant), line.p, line.n };
	after_commit(c, write_head, kept);
	return 0;
}

static int store_link(struct ctx *c, const struct audit_keys *keys, struct audit_link *link)
{
	uint8_t *signature = arena_alloc(c->arena, SIGNATURE_SIZE);
	struct bytes text = audit_signed_text(c->arena, c->tenant, link);
	sign(&keys->seed, text.p, text.n, signature);
	link->signature = (struct bytes){ signature, SIGNATURE_SIZE };
	TRY(audit_link_row_insert(c, link));
	return keep_head(c, keys, link);
}

/* What the chain has already it does not take again; a number that is missing shows in `first`. */
static int chain(struct ctx *c, const struct event *events, size_t n)
{
	const struct audit_keys *keys;
	struct audit_last_link_row *last;
	struct audit_start start;
	size_t any, i = 0;
	uint8_t *mac = arena_alloc(c->arena, AUDIT_LINK_SIZE);
	TRY(audit_keys_of(c, &keys));
	TRY(audit_last_link(c, &last, &any));
	TRY(start_of(c, &start));
	while (any && i < n && events[i].no <= last->no)
		i++;
	if (i == n)
		return 0;
	struct audit_link link = { .no = events[n - 1].no, .first = events[i].no, .at = c->now, .mac = { mac, AUDIT_LINK_SIZE } };
	struct audit_fold fold = audit_fold_begin(c->arena, &start, any ? last->mac.p : NULL);
	for (; i < n; i++)
		audit_fold_add(&fold, events[i].no, events[i].mac.p ? events[i].mac : audit_proof(c->arena, keys, &shape_event, &events[i]));
	audit_fold_end(&fold, keys, mac);
	return store_link(c, keys, &link);
}

const struct follower audit_follower = { .name = "audit", .step = chain };

/* Heads ----------------------------------------------------------------------------------------------------------------- */

static const struct member head_members[] = {
	MEMBER(struct audit_head, tenant, id, .flags = MEMBER_REQUIRED), MEMBER(struct audit_head, company, code),
	MEMBER(struct audit_head, no, count), MEMBER(struct audit_head, at, time_ms),
	MEMBER(struct audit_head, mac, hash, .flags = MEMBER_REQUIRED), MEMBER(struct audit_head, signature, hash, .flags = MEMBER_REQUIRED),
	MEMBER(struct audit_head, key, hash, .flags = MEMBER_REQUIRED),
};
static const struct shape head_shape = SHAPE("audit_head", struct audit_head, head_members);

void audit_head_write(struct text *t, const struct audit_head *head)
{
	json_write(t, &head_shape, head);
}

int audit_head_read(struct arena *a, const char *line, size_t n, struct audit_head *out)
{
	struct error e = { 0 };
	TRY(json_read(a, &head_shape, line, n, out, NULL, &e));
	return out->mac.n == AUDIT_LINK_SIZE && out->signature.n == SIGNATURE_SIZE && out->key.n == SIGN_PUBLIC_SIZE ? 0 : ERR_FIELD_INVALID;
}

bool audit_head_holds(struct arena *a, const struct audit_head *head)
{
	const struct audit_link link = { .no = head->no, .at = head->at, .mac = head->mac };
	struct bytes text = audit_signed_text(a, head->tenant, &link);
	return sign_holds(head->key.p, text.p, text.n, head->signature.p);
}

int audit_head_now(struct ctx *c, struct audit_head *out)
{
	const struct audit_keys *keys;
	struct audit_last_link_row *last;
	struct tenant tenant;
	size_t n;
	TRY(audit_keys_of(c, &keys));
	TRY(audit_last_link(c, &last, &n));
	TRY(tenant_row_get(c, &tenant));
	if (n == 0)
		return ERR_NOT_FOUND;
	*out = (struct audit_head){ .tenant = c->tenant, .company = tenant.code, .no = last->no, .at = last->at, .mac = last->mac,
		                    .signature = last->signature, .key = { keys->public, SIGN_PUBLIC_SIZE } };
	return 0;
}
