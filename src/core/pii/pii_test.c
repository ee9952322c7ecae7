/* Personal data on both engines: sealed to its person, found only exactly, read with a purpose, erased for good. */
#include <setjmp.h>

#include "core/core_fixture_test.h"
#include "gen/pii_sql.h"

#include <cmocka.h>     /* last: its macro fail() would hide ours */

FIXTURE_SETUPS

static int64_t new_key(struct fixture *f, const char *object, int64_t id)
{
	int64_t key = 0;
	assert_int_equal(pii_key_new(&f->c, object, id, &key), 0);
	return key;
}

static struct bytes sealed(struct fixture *f, int64_t key, const char *text)
{
	struct bytes b;
	assert_int_equal(pii_seal(&f->c, key, "customer.phone", text, &b), 0);
	return b;
}

static void a_sealed_text_opens_with_its_key_in_its_place_only(void **state)
{
	struct fixture *f = *state;
	int64_t key = new_key(f, "customer", 10), other = new_key(f, "customer", 11);
	struct bytes b = sealed(f, key, "13812345678");
	const char *text;
	assert_null(memmem(b.p, b.n, "138", 3));
	assert_int_equal(pii_open(&f->c, key, "customer.phone", b, &text), 0);
	assert_string_equal(text, "13812345678");
	assert_true(pii_open(&f->c, key, "customer.name", b, &text) < 0);
	assert_true(pii_open(&f->c, other, "customer.phone", b, &text) < 0);
	assert_int_equal(pii_open(&f->c, key, "customer.phone", sealed(f, key, ""), &text), 0);
	assert_string_equal(text, "");
	assert_null(sealed(f, key, NULL).p);
	assert_int_equal(pii_open(&f->c, key, "customer.phone", (struct bytes){ 0 }, &text), 0);
	assert_null(text);
}

static void a_list_shows_what_is_left_of_it(void **state)
{
	struct fixture *f = *state;
	int64_t one = new_key(f, "customer", 10), two = new_key(f, "customer", 11);
	struct pii_field fields[] = {
		{ .key = one, .context = "customer.phone", .sealed = sealed(f, one, "1") },
		{ .key = two, .context = "customer.phone", .sealed = sealed(f, two, "2") },
		{ .key = one },
		{ .key = one, .context = "customer.phone", .sealed = sealed(f, one, "3") },
	};
	assert_int_equal(keystore_destroy(f->keys, &two, 1), 0);
	assert_int_equal(pii_open_many(&f->c, fields, 4), 0);
	assert_string_equal(fields[0].text, "1");
	assert_null(fields[1].text);
	assert_int_equal(fields[1].result, ERR_ERASED);
	assert_null(fields[2].text);
	assert_int_equal(fields[2].result, 0);
	assert_string_equal(fields[3].text, "3");
}

static size_t found(struct fixture *f, enum lookup_kind kind, const char *text, int64_t *first)
{
	struct lookup_hit *hits;
	size_t n;
	assert_int_equal(lookup_find_hits(&f->c, kind, text, NULL, 10, &hits, &n), 0);
	*first = n ? hits[0].object_id : 0;
	return n;
}

static void a_person_is_found_however_the_value_is_written(void **state)
{
	struct fixture *f = *state;
	static const char *const phones[] = { "138-1234-5678", "", NULL, "010-88886666" };
	static const char *const mails[] = { "Wang@Example.COM" }, *const names[] = { "王小明" };
	int64_t id;
	assert_int_equal(lookup_set(&f->c, LOOKUP_PHONE, "customer", 10, phones, 4), 0);
	assert_int_equal(lookup_set(&f->c, LOOKUP_EMAIL, "customer", 10, mails, 1), 0);
	assert_int_equal(lookup_set(&f->c, LOOKUP_NAME, "customer", 10, names, 1), 0);
	assert_int_equal(found(f, LOOKUP_PHONE, "+86 138 1234 5678", &id), 1);
	assert_int_equal(id, 10);
	assert_int_equal(found(f, LOOKUP_PHONE, "１３８１２３４５６７８", &id), 1);
	assert_int_equal(found(f, LOOKUP_PHONE, "(010) 8888 6666", &id), 1);
	assert_int_equal(found(f, LOOKUP_PHONE_LAST4, "5678", &id), 1);
	assert_int_equal(found(f, LOOKUP_PHONE_LAST4, "13899995678", &id), 1);
	assert_int_equal(found(f, LOOKUP_EMAIL, " wang@example.com ", &id), 1);
	assert_int_equal(found(f, LOOKUP_NAME, "王 小明", &id), 1);
	assert_int_equal(found(f, LOOKUP_PHONE, "13812345679", &id), 0);
	assert_int_equal(found(f, LOOKUP_PHONE, "", &id), 0);
	assert_int_equal(found(f, LOOKUP_NAME, "王小", &id), 0);
}

static void new_values_take_the_place_of_old_ones(void **state)
{
	struct fixture *f = *state;
	static const char *const old[] = { "13812345678" }, *const new[] = { "13987654321" };
	int64_t id;
	assert_int_equal(lookup_set(&f->c, LOOKUP_PHONE, "customer", 10, old, 1), 0);
	assert_int_equal(lookup_set(&f->c, LOOKUP_PHONE, "customer", 10, new, 1), 0);
	assert_int_equal(found(f, LOOKUP_PHONE, "13812345678", &id), 0);
	assert_int_equal(found(f, LOOKUP_PHONE_LAST4, "5678", &id), 0);
	assert_int_equal(found(f, LOOKUP_PHONE, "13987654321", &id), 1);
}

static void one_company_never_finds_another_s_people(void **state)
{
	struct fixture *f = *state;
	static const char *const phone[] = { "13812345678" };
	uint8_t mine[LOOKUP_SIZE], theirs[LOOKUP_SIZE];
	int64_t id;
	assert_int_equal(lookup_set(&f->c, LOOKUP_PHONE, "customer", 10, phone, 1), 0);
	assert_int_equal(lookup_hash(&f->c, LOOKUP_PHONE, phone[0], mine), 0);
	assert_int_equal(fixture_next(f, OTHER_TENANT), 0);
	assert_int_equal(lookup_hash(&f->c, LOOKUP_PHONE, phone[0], theirs), 0);
	assert_memory_not_equal(mine, theirs, LOOKUP_SIZE);
	assert_int_equal(found(f, LOOKUP_PHONE, phone[0], &id), 0);
}

static void reading_in_clear_needs_a_purpose_and_leaves_a_row(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(pii_reading(&f->c, "customer", 10, "phone", "  "), ERR_FIELD_REQUIRED);
	assert_string_equal(f->error.fields->field, "purpose");
	assert_int_equal(pii_reading(&f->c, "customer", 10, "phone", "回访"), 0);
	struct reading row;
	assert_int_equal(reading_row_get(&f->c, f->services.ids.last ? id_next(&f->services.ids, f->c.now) - 1 : 0, &row), 0);
	assert_string_equal(row.purpose, "回访");
	assert_int_equal(row.actor_id, 77);
	assert_string_equal(row.field, "phone");
}

static int count_files(struct ctx *c, const char *object, int64_t object_id, int64_t *removed)
{
	(void)c;
	*removed = !strcmp(object, "customer") && object_id == 10 ? 3 : 0;
	return 0;
}

static const struct erase_step steps[] = { { "files", count_files } };

static void erasing_a_merged_person_destroys_every_key_of_every_file(void **state)
{
	struct fixture *f = *state;
	static const char *const phone[] = { "13812345678" };
	int64_t own = new_key(f, "customer", 10), merged = new_key(f, "customer", 11), bystander = new_key(f, "customer", 12);
	int64_t photo, id, erasure_id;
	struct bytes b = sealed(f, merged, "of the merged file");
	const char *text;
	struct erasure_certificate certificate;
	assert_int_equal(keystore_take(f->keys, &photo), 0);
	assert_int_equal(pii_key_of_file(&f->c, photo, 500), 0);
	assert_int_equal(pii_key_move(&f->c, "file", 500, "customer", 11), 0);
	assert_int_equal(pii_key_move(&f->c, "customer", 11, "customer", 10), 0);
	assert_int_equal(lookup_set(&f->c, LOOKUP_PHONE, "customer", 10, phone, 1), 0);

	assert_int_equal(pii_erase(&f->c, "customer", 10, "asked by the person", steps, 1, &erasure_id), 0);
	assert_int_equal(pii_open(&f->c, merged, "customer.phone", b, &text), 0);      /* not before it is committed */
	assert_int_equal(fixture_next(f, TENANT), 0);
	assert_int_equal(pii_erase_finish(&f->c, erasure_id, &certificate), 0);
	assert_int_equal(certificate.keys, 3);
	assert_int_equal(certificate.hashes, 2);
	assert_int_equal(certificate.files, 3);
	assert_int_equal(certificate.complete_at, f->c.now + 30 * DAY_MS);
	assert_int_equal(pii_open(&f->c, merged, "customer.phone", b, &text), ERR_ERASED);
	assert_int_equal(found(f, LOOKUP_PHONE, phone[0], &id), 0);
	struct key key;
	assert_int_equal(keystore_key(f->keys, f->a, own, &key), ERR_ERASED);
	assert_int_equal(keystore_key(f->keys, f->a, photo, &key), ERR_ERASED);
	assert_int_equal(keystore_key(f->keys, f->a, bystander, &key), 0);
	clock_move(&f->clock, HOUR_MS);
	assert_int_equal(fixture_next(f, TENANT), 0);
	struct erasure_certificate again;
	assert_int_equal(pii_erase_finish(&f->c, erasure_id, &again), 0);      /* a job may come twice */
	assert_int_equal(again.done_at, certificate.done_at);
}

/* Older data, newer key store: what a restore meets. */
static void a_restore_erases_again_who_was_erased(void **state)
{
	struct fixture *f = *state;
	static const char *const phone[] = { "13812345678" }, *const other[] = { "13912345678" };
	int64_t own = new_key(f, "customer", 10), file, after = 0, people = 0, id;
	bool more = true;
	assert_int_equal(lookup_set(&f->c, LOOKUP_PHONE, "customer", 10, phone, 1), 0);
	new_key(f, "customer", 12);
	assert_int_equal(lookup_set(&f->c, LOOKUP_PHONE, "customer", 12, other, 1), 0);
	assert_int_equal(keystore_take(f->keys, &file), 0);
	assert_int_equal(pii_key_of_file(&f->c, file, 500), 0);
	assert_int_equal(pii_key_move(&f->c, "file", 500, "customer", 12), 0);
	int64_t destroyed[] = { own, file };
	assert_int_equal(keystore_destroy(f->keys, destroyed, 2), 0);
	while (more)
		assert_int_equal(pii_erase_replay(&f->c, steps, 1, &after, &people, &more), 0);
	assert_int_equal(people, 1);
	assert_int_equal(found(f, LOOKUP_PHONE, phone[0], &id), 0);
	assert_int_equal(found(f, LOOKUP_PHONE, other[0], &id), 1);    /* a file's key is gone, not the person */
}

static void keys_that_nobody_names_are_given_back_and_no_others(void **state)
{
	struct fixture *f = *state;
	int64_t listed = new_key(f, "customer", 10), unlisted, wasted, after = 0, removed = 0, total = 0;
	struct key key;
	assert_int_equal(keystore_take(f->keys, &wasted), 0);
	assert_int_equal(keystore_take(f->keys, &unlisted), 0);
	struct customer row = { .id = 30, .kind = "person", .key = unlisted, .level = "standard", .lang = "zh", .external_no = "",
		                .source = "web", .note = "", .created_at = f->c.now, .updated_at = f->c.now };
	assert_int_equal(customer_row_insert(&f->c, &row), 0);
	f->c.now += KEYSTORE_RECLAIM_AGE_MS - HOUR_MS;
	assert_int_equal(pii_reclaim(&f->c, &after, &removed), 0);
	assert_int_equal(removed, 0);
	f->c.now += 2 * HOUR_MS;
	do {
		assert_int_equal(pii_reclaim(&f->c, &after, &removed), 0);
		total += removed;
	} while (after);
	assert_true(total >= 1);
	assert_int_equal(keystore_key(f->keys, f->a, wasted, &key), ERR_INTERNAL);
	assert_int_equal(keystore_key(f->keys, f->a, listed, &key), 0);
	assert_int_equal(keystore_key(f->keys, f->a, unlisted, &key), 0);
}

static void strangers_are_no_pair(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(pii_pair_check(&f->c), 0);
	assert_int_equal(pii_pair_check(&f->c), 0);
	struct keystore_options o = { .url = arena_format(f->a, "%s/other.db", f->place.folder),
		                      .master_path = arena_format(f->a, "%s/other.key", f->place.folder),
		                      .clock = &f->clock, .log = &f->log };
	struct keystore *other;
	assert_int_equal(keystore_open(&o, &other), 0);
	f->services.keys = other;
	assert_int_equal(pii_pair_check(&f->c), ERR_INTERNAL);
	keystore_close(other);
}

static const struct CMUnitTest pii[] = {
	ON_BOTH(a_sealed_text_opens_with_its_key_in_its_place_only),
	ON_BOTH(a_list_shows_what_is_left_of_it),
	ON_BOTH(a_person_is_found_however_the_value_is_written),
	ON_BOTH(new_values_take_the_place_of_old_ones),
	ON_BOTH(one_company_never_finds_another_s_people),
	ON_BOTH(reading_in_clear_needs_a_purpose_and_leaves_a_row),
	ON_BOTH(erasing_a_merged_person_destroys_every_key_of_every_file),
	ON_BOTH(a_restore_erases_again_who_was_erased),
	ON_BOTH(keys_that_nobody_names_are_given_back_and_no_others),
	ON_BOTH(strangers_are_no_pair),
};

int main(void)
{
	RUN_ON_BOTH(pii);
}
