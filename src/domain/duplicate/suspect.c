/* Customers who may be the same person: a follower keeps the pairs, so the list reads them and asks nothing more (docs/adr/0039). */
#include "domain/duplicate/suspect.h"

#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/list/list.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/customer/customer.h"
#include "domain/merge/merge.h"
#include "gen/customer_suspect_sql.h"

enum { GROUP = 50, PAGE = 50 };
enum why { BY_PHONE = 1, BY_EMAIL = 2, BY_PLACE = 4 };

/* The follower --------------------------------------------------------------------------------------------------------- */

struct pairs {
	struct customer_suspect *at;
	size_t n, room;
};

static void add_pair(struct ctx *c, struct pairs *p, int64_t one, int64_t other, enum why why)
{
	int64_t older = one < other ? one : other, newer = one < other ? other : one;
	for (size_t i = 0; i < p->n; i++)
		if (p->at[i].older_id == older && p->at[i].newer_id == newer) {
			p->at[i].why |= (int64_t)why;
			return;
		}
	if (p->n < p->room)
		p->at[p->n++] = (struct customer_suspect){ .tenant = c->tenant, .older_id = older, .newer_id = newer, .why = (int64_t)why };
}

static int add_by_number(struct ctx *c, const int64_t *ids, size_t n, struct pairs *p)
{
	struct suspects_by_number_row *rows;
	size_t count;
	TRY(suspects_by_number(c, ids, n, &rows, &count));
	for (size_t i = 0; i < count; i++)
		add_pair(c, p, rows[i].one, rows[i].other, text_equal(rows[i].kind, "phone") ? BY_PHONE : BY_EMAIL);
	return 0;
}

/* Letters and digits alone: people write one street in many ways. */
static const char *plain(struct arena *a, const char *street)
{
	struct text t = text_in(a);
	const char *s = street, *end = s + strlen(s);
	while (s < end) {
		uint32_t k = utf8_next(&s, end);
		bool word = k >= 0x4e00 || (k >= '0' && k <= '9') || (k >= 'a' && k <= 'z') || (k >= 'A' && k <= 'Z');
		bool mark = k >= 0xff00 && k <= 0xff0f;
		if (word && !mark)
			utf8_append(&t, k >= 'A' && k <= 'Z' ? k + 32 : k);
	}
	return text_end(&t);
}

static int add_by_place(struct ctx *c, const int64_t *ids, size_t n, struct pairs *p)
{
	struct suspects_by_place_row *rows;
	size_t count;
	TRY(suspects_by_place(c, ids, n, &rows, &count));
	struct pii_field *f = ARENA_ARRAY(c->arena, struct pii_field, 2 * count + 1);
	for (size_t i = 0; i < count; i++) {
		f[2 * i] = (struct pii_field){ .key = rows[i].one_key, .context = "address.street", .sealed = rows[i].one_street };
		f[2 * i + 1] = (struct pii_field){ .key = rows[i].other_key, .context = "address.street", .sealed = rows[i].other_street };
	}
	if (count)
		TRY(pii_open_many(c, f, 2 * count));
	for (size_t i = 0; i < count; i++) {
		const char *one = f[2 * i].text ? plain(c->arena, f[2 * i].text) : "", *other = f[2 * i + 1].text ? plain(c->arena, f[2 * i + 1].text) : "";
		if (*one && !strcmp(one, other))
			add_pair(c, p, rows[i].one, rows[i].other, BY_PLACE);
	}
	return 0;
}

static int leave_told_apart(struct ctx *c, const int64_t *ids, size_t n, struct pairs *p)
{
	struct merge_apart apart;
	size_t left = 0;
	TRY(merge_apart_from(c, &customer_record, ids, n, &apart));
	for (size_t i = 0; i < p->n; i++)
		if (!merge_are_apart(&apart, p->at[i].older_id, p->at[i].newer_id))
			p->at[left++] = p->at[i];
	p->n = left;
	return 0;
}

/* Pairs of these customers as they are now. */
static int compare(struct ctx *c, const int64_t *ids, size_t n)
{
	enum { MOST_PAIRS = 500 };
	struct pairs p = { ARENA_ARRAY(c->arena, struct customer_suspect, MOST_PAIRS), 0, MOST_PAIRS };
	if (!n)
		return 0;
	TRY(suspects_forget(c, ids, n, NULL));
	TRY(add_by_number(c, ids, n, &p));
	TRY(add_by_place(c, ids, n, &p));
	TRY(leave_told_apart(c, ids, n, &p));
	for (size_t i = 0; i < p.n; i++) {
		p.at[i].id = new_id(c);
		TRY(customer_suspect_row_insert(c, &p.at[i]));
	}
	return 0;
}

static size_t add_id(int64_t *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return n;
	ids[n] = id;
	return n + 1;
}

/* What is said of a customer more often than her file changes. */
static bool says_nothing(const char *kind)
{
	static const char *const kinds[] = { "customer.signed_in", "customer.signed_out", "customer.sign_in_refused", "customer.revealed", "customer.handed_out" };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kind, kinds[i]))
			return true;
	return false;
}

static int step_group(struct ctx *c, const struct event *events, size_t n)
{
	int64_t ids[2 * GROUP], addresses[GROUP];
	size_t count = 0, address_count = 0, found;
	struct customers_of_addresses_row *rows;
	for (size_t i = 0; i < n; i++) {
		if (text_equal(events[i].object, "customer") && events[i].object_id && !says_nothing(events[i].kind))
			count = add_id(ids, count, events[i].object_id);
		else if (text_equal(events[i].object, "address"))
			address_count = add_id(addresses, address_count, events[i].object_id);
	}
	if (address_count) {
		TRY(customers_of_addresses(c, addresses, address_count, &rows, &found));
		for (size_t i = 0; i < found; i++)
			count = add_id(ids, count, rows[i].customer_id);
	}
	return compare(c, ids, count);
}

static int step(struct ctx *c, const struct event *events, size_t n)
{
	for (size_t at = 0; at < n; at += GROUP)
		TRY(step_group(c, events + at, n - at < GROUP ? n - at : GROUP));
	return 0;
}

const struct follower suspect_follower = { .name = "suspect", .step = step };

/* The list ------------------------------------------------------------------------------------------------------------- */

static void write_why(struct text *t, int64_t why)
{
	static const char *const words[] = { "phone", "email", "address" };
	bool any = false;
	text_append(t, ",\"why\":[");
	for (int i = 0; i < 3; i++)
		if (why >> i & 1) {
			text_format(t, "%s\"%s\"", any ? "," : "", words[i]);
			any = true;
		}
	text_char(t, ']');
}

static const struct customer *row_of(const struct customer *rows, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].id == id)
			return rows[i].archived_at ? NULL : &rows[i];
	return NULL;
}

/* Both of each pair come in one question, and are written once; a pair of which the reader may see one only is not shown. */
static int write_pairs(struct ctx *c, const struct customer_suspect *pairs, size_t n, struct text *t)
{
	int64_t ids[2 * PAGE] = { 0 };
	struct customer *rows;
	size_t found;
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		ids[2 * i] = pairs[i].older_id;
		ids[2 * i + 1] = pairs[i].newer_id;
	}
	TRY(list_rows(c, &customer_record, ids, 2 * n, (void **)&rows, &found));
	for (size_t i = 0; i < n; i++) {
		const struct customer *older = row_of(rows, found, pairs[i].older_id), *newer = row_of(rows, found, pairs[i].newer_id);
		if (!older || !newer)
			continue;
		text_format(t, "%s{\"id\":\"%lld\",\"older_id\":\"%lld\",\"newer_id\":\"%lld\"", any ? "," : "", (long long)pairs[i].id, (long long)older->id,
		            (long long)newer->id);
		write_why(t, pairs[i].why);
		text_char(t, '}');
		any = true;
	}
	text_append(t, "],\"customers\":");
	return record_json_list(c, &customer_record, rows, found, t);
}

struct page_in {
	int64_t after;
};
static const struct member page_members[] = { MEMBER(struct page_in, after, ref, .flags = MEMBER_NULLABLE) };
static const struct shape page_shape = SHAPE("suspect_query", struct page_in, page_members);

static int list(struct ctx *c, const void *in, void *out)
{
	int64_t after = ((const struct page_in *)in)->after;
	struct customer_suspect *pairs;
	size_t n;
	TRY(suspects_page(c, after > 0 ? after : INT64_MAX, PAGE + 1, &pairs, &n));
	struct text t = text_in(c->arena);
	text_append(&t, "{\"items\":[");
	TRY(write_pairs(c, pairs, n > PAGE ? PAGE : n, &t));
	if (n > PAGE)
		text_format(&t, ",\"next\":\"%lld\"}", (long long)pairs[PAGE - 1].id);
	else
		text_append(&t, ",\"next\":null}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct apart_in {
	int64_t id, customer_id, on;
};

/* Taken back, the follower finds the pair anew: the event says so. */
static int not_same(struct ctx *c, const void *in, void *out)
{
	const struct apart_in *v = in;
	struct customer one, other;
	TRY(record_get(c, &customer_record, v->id, &one));
	TRY(record_get(c, &customer_record, v->customer_id, &other));
	TRY(merge_tell_apart(c, &customer_record, one.id, other.id, v->on));
	if (v->on)
		TRY(suspects_apart(c, one.id, other.id, NULL));
	((struct raw_out *)out)->raw = "{}";
	return 0;
}

static const struct member apart_members[] = {
	MEMBER(struct apart_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct apart_in, customer_id, id, .flags = MEMBER_REQUIRED),
	{ .name = "on", .type = TYPE_flag, .offset = offsetof(struct apart_in, on), .flags = MEMBER_REQUIRED },
};
static const struct shape apart_shape = SHAPE("customer_not_same", struct apart_in, apart_members);

const struct route customer_suspect_routes[] = {
	ROUTE(GET, "/api/v1/suspect", "customer.merge", POOL, .in = &page_shape, .out = &raw_shape, .run = list,
	      .zh = "客户：可能重复的", .en = "Customers: who may be the same person"),
	ROUTE(POST, "/api/v1/customer/{id}/not_same", "customer.merge", WRITE, .body = BODY_JSON, .in = &apart_shape, .out = &raw_shape, .run = not_same,
	      .zh = "客户：不是同一位", .en = "Customer: not the same person"),
};
const size_t customer_suspect_route_count = sizeof(customer_suspect_routes) / sizeof(customer_suspect_routes[0]);
