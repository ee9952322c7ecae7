/* Planted personal data never survives, in whatever form people write it; what is no personal data stays as it was. */
#include "base/test.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "engine/redact/redact.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct example {
	const char *in, *out;
};

static void expect(const struct example *table, size_t count)
{
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < count; i++) {
		const char *out = redact(a, table[i].in, strlen(table[i].in), NULL);
		if (strcmp(out, table[i].out) != 0)
			fail_msg("%s\n  gave     %s\n  expected %s", table[i].in, out, table[i].out);
	}
}

static void phones_go_however_they_are_written(void **state)
{
	static const struct example table[] = {
		{ "打13812345678找我", "打_phone_找我" },
		{ "138 1234 5678", "_phone_" },
		{ "138-1234-5678。", "_phone_。" },
		{ "138.1234.5678", "_phone_" },
		{ "138 12345678", "_phone_" },
		{ "1381234 5678", "_phone_" },
		{ "1 3 8 1 2 3 4 5 6 7 8", "_phone_" },
		{ "１３８１２３４５６７８", "_phone_" },
		{ "138　1234　5678", "_phone_" },
		{ "+86 138 1234 5678", "+_phone_" },
		{ "8613812345678", "_phone_" },
		{ "0086-13812345678", "_phone_" },
		{ "tel13812345678", "tel_phone_" },
		{ "TEL:13812345678", "TEL:_phone_" },
		{ "微信wx13812345678", "微信wx_phone_" },
		{ "010-88886666", "_phone_" },
		{ "(0755) 8888-6666", "(_phone_" },
		{ "075588886666", "_phone_" },
		{ "电话：88886666", "电话：_phone_" },
		{ "我的手机号是 1381234567", "我的手机号是 _phone_" },
		{ "QQ：710959285", "QQ：_phone_" },
		{ "幺三八零零一三八零零零", "_phone_" },
		{ "一三八一二三四五六七八找我", "_phone_找我" },
		{ "+1 415 555 2671", "+_phone_" },
		{ "两个号13812345678,13912345678都行", "两个号_phone_,_phone_都行" },
	};
	expect(table, COUNT(table));
}

static void identity_numbers_and_cards_go(void **state)
{
	static const struct example table[] = {
		{ "身份证11010519491231002X", "身份证_identity_" },
		{ "11010519491231002x的", "_identity_的" },
		{ "110105 19491231 002X", "_identity_" },
		{ "110105194912310021", "_identity_" },                  /* wrong check digit, still somebody */
		{ "１１０１０５１９４９１２３１００２Ｘ", "_identity_" },
		{ "110105491231002", "_identity_" },                     /* fifteen digits, before 1999 */
		{ "卡号6222020000000000000", "卡号_card_" },
		{ "4111 1111 1111 1111", "_card_" },
		{ "4111-1111-1111-1111", "_card_" },
		{ "378282246310005", "_card_" },
	};
	expect(table, COUNT(table));
}

static void mail_addresses_go(void **state)
{
	static const struct example table[] = {
		{ "发到wang.xiao+a@mail.example.com。谢谢", "发到_mail_。谢谢" },
		{ "13812345678@163.com", "_mail_" },
		{ "wang＠example.com", "_mail_" },
		{ "a@b.cn,c@d.org", "_mail_,_mail_" },
		{ "我@你", "我@你" },
		{ "@example.com", "@example.com" },
		{ "3@5", "3@5" },
		{ "a@b", "a@b" },
	};
	expect(table, COUNT(table));
}

static void streets_go_and_districts_stay(void **state)
{
	static const struct example table[] = {
		{ "广东省深圳市南山区科技园路1号", "广东省深圳市南山区_address_" },
		{ "广东省深圳市南山区科技园路1号锦绣花园3栋2单元501室，周末在家", "广东省深圳市南山区_address_，周末在家" },
		{ "我住在建国路88号", "我住在_address_" },
		{ "送到阳光小区3栋501", "送到_address_501" },
		{ "阳光小区3-2-501", "_address_" },
		{ "文三路２５９号", "_address_" },
		{ "中山北路八十八号", "_address_" },
		{ "浦东新区世纪大道 8号", "浦东新区_address_" },
		{ "万科城12栋1单元", "_address_" },
		{ "12 Baker Street, London", "_address_, London" },
		{ "No. 8 Century Avenue", "No. _address_" },
	};
	expect(table, COUNT(table));
}

static void what_is_not_personal_stays(void **state)
{
	static const char *const table[] = {
		"", "冰箱不制冷了", "型号BCD-520WDPD，用了3年", "E1故障，温度5.5度", "2025-03-08 14:30:05", "1500 1600 180", "价格12999元",
		"订单号202503081234567890", "SN:BX13812345678", "AX23A0012345", "192.168.1.100", "3号线地铁", "我知道5号上门", "电路2号板", "第3号",
		"短路3号", "8月5号来", "手机5999元", "20250308", "不制冷E1 50Hz 220V", "400-820-1234", "12345678901234567890123456789",
				"3.14159265358979",
		"用户@我", "一二三四五六七", "12 days later", "100 Percent Cotton", "0.138123456789", "走了5号路", "两层楼", "2楼",
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(table); i++) {
		struct redact_count count;
		const char *out = redact(a, table[i], strlen(table[i]), &count);
		if (strcmp(out, table[i]) != 0)
			fail_msg("%s became %s", table[i], out);
		assert_int_equal(count.phones + count.identities + count.cards + count.mails + count.addresses, 0);
	}
}

/* ---- planted at random, with a seed that replays ---- */

static uint32_t draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % below;
}

static char *draw_phone(struct arena *a, uint64_t *seed)
{
	static const char *const shapes[] = { "1%c%c%c%c%c%c%c%c%c%c", "1%c%c %c%c%c%c %c%c%c%c", "1%c%c-%c%c%c%c-%c%c%c%c",
			"+86 1%c%c%c%c%c%c%c%c%c%c", "01%c%c%c%c%c%c%c%c%c%c" };
	char d[10];
	for (int i = 0; i < 10; i++)
		d[i] = (char)('0' + draw(seed, 10));
	d[0] = (char)('3' + draw(seed, 7));
	char out[40];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(out, sizeof(out), shapes[draw(seed, COUNT(shapes))], d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7], d[8], d[9]);
#pragma GCC diagnostic pop
	return arena_string(a, out);
}

static char *draw_identity(struct arena *a, uint64_t *seed)
{
	static const char *const regions[] = { "110105", "440305", "310115", "510107", "650102" };
	static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	char *s = arena_format(a, "%s19%02u%02u%02u%03u?", regions[draw(seed, 5)], 50 + draw(seed, 50), 1 + draw(seed, 12),
			1 + draw(seed, 28), draw(seed, 1000));
	int sum = 0;
	for (int i = 0; i < 17; i++)
		sum += (s[i] - '0') * weights[i];
	s[17] = "10X98765432"[sum % 11];
	return s;
}

static char *draw_card(struct arena *a, uint64_t *seed)
{
	char *s = arena_format(a, "62%07u%07u%02u?", draw(seed, 10000000), draw(seed, 10000000), draw(seed, 100));
	int sum = 0;
	for (int i = 0; i < 18; i++) {
		int digit = (s[17 - i] - '0') * (i % 2 ? 1 : 2);
		sum += digit > 9 ? digit - 9 : digit;
	}
	s[18] = (char)('0' + (10 - sum % 10) % 10);
	return s;
}

static char *draw_mail(struct arena *a, uint64_t *seed)
{
	return arena_format(a, "u%u.%u@mail%u.example.com", draw(seed, 1000), draw(seed, 1000), draw(seed, 10));
}

static void nothing_planted_survives_and_nothing_else_is_lost(void **state)
{
	static char *(*const kinds[])(struct arena *, uint64_t *) = { draw_phone, draw_identity, draw_card, draw_mail };
	static const char *const words[] = { REDACT_PHONE, REDACT_IDENTITY, REDACT_CARD, REDACT_MAIL };
	static const char *const filler[] = { "冰箱不制冷，", "请联系 ", "。谢谢！", " E1 故障；", "（急）", " call ", "找王女士：", "，" };
	ARENA_SCOPED a = arena_new();
	uint64_t seed = 20251122;
	for (size_t round = 0; round < by_level(5000, 20000, 20000); round++) {
		struct text in = text_in(a), want = text_in(a);
		for (uint32_t i = 0, n = 1 + draw(&seed, 4); i < n; i++) {
			const char *before = filler[draw(&seed, COUNT(filler))];
			uint32_t kind = draw(&seed, COUNT(kinds));
			const char *secret = kinds[kind](a, &seed);
			text_append(&in, before);
			text_append(&in, secret);
			text_append(&want, before);
			text_append(&want, *secret == '+' ? "+" : "");
			text_append(&want, words[kind]);
		}
		text_append(&in, "。");
		text_append(&want, "。");
		const char *out = redact(a, in.p, in.n, NULL);
		if (strcmp(out, want.p) != 0)
			fail_msg("round %zu: %s\n  gave     %s\n  expected %s", round, in.p, out, want.p);
		arena_reset(a);
	}
}

static void any_bytes_pass_without_harm(void **state)
{
	ARENA_SCOPED a = arena_new();
	uint64_t seed = 7;
	for (size_t round = 0; round < by_level(5000, 20000, 20000); round++) {
		char bytes[64];
		size_t n = draw(&seed, sizeof(bytes));
		for (size_t i = 0; i < n; i++)
			bytes[i] = draw(&seed, 3) ? (char)draw(&seed, 256) : "0123456789@.-+ X路号"[draw(&seed, 22)];
		redact(a, bytes, n, NULL);
		arena_reset(a);
	}
}

static size_t found_in(struct arena *a, const char *text, size_t n, const char **out)
{
	struct redact_count c;
	*out = redact(a, text, n, &c);
	return c.phones + c.identities + c.cards + c.mails + c.addresses;
}

static void expect_nothing_left(struct arena *a, const char *text, size_t n)
{
	const char *once, *twice;
	(void)!found_in(a, text, n, &once);
	if (utf8_is_text(text, n) && !utf8_is_text(once, strlen(once)))
		fail_msg("%.*s\n  gave bytes that are no text: %s", (int)n, text, once);
	if (found_in(a, once, strlen(once), &twice))
		fail_msg("%.*s\n  gave first  %s\n  and then    %s", (int)n, text, once, twice);
}

/* What replaces one thing must not uncover another: a number whose other half went with an address is still a number. */
static void what_is_replaced_uncovers_nothing(void **state)
{
	static const char *const table[] = {
		"4111111111111111123456789012路1号",                     /* the name of a street may hold digits */
		"11010519491231002Xabcdefghijkl路1号",
		"小区3-123456789012345678901234567890123456784111111111111111",
		"12 BAKER ST13812345678",
		"11010519491231002X12 Baker Street",
		"一三八零零一三八零零零一三八零零一三八零零零",
		"建国路1号@example.com",
		"幺三八零零一三八零零零@example.com",
		"\xF0\x34\x31\x31\x31路1号",
		"10\xF0" "4111111111111111\xE5路1号",
		"\xE5" "12 Baker Street",
		"2\xC8\xBD" "01876668970-2大厦668-2 X",
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(table); i++)
		expect_nothing_left(a, table[i], strlen(table[i]));
	static const char with_nul[] = "BX\0" "13812345678";
	assert_string_equal(redact(a, with_nul, sizeof(with_nul) - 1, NULL), "BX");
}

static void a_second_pass_finds_nothing_in_any_bytes(void **state)
{
	static const char *const pieces[] = { "1", "13812345678", "138", "4111111111111111", "4111 1111", "11010519491231002", "X", "x", "BX", "tel",
			"12345678", "0755", "8888-6666", "路", "小区", "号", "3栋", "建国", "1-2-", "3", "12 ", "Baker ", "ST", "Street", "@", "＠", "a.cn", ".", "-", " ",
			"+", "电话", "QQ", "：", "一三八零零一三八零零零", "一", "１３８", "　", "（", "\xF0", "\xE5", "\xEF\xBC", "\x80", "\xC3" };
	ARENA_SCOPED a = arena_new();
	uint64_t seed = 31;
	for (size_t round = 0; round < by_level(15000, 60000, 60000); round++) {
		struct text t = text_in(a);
		for (uint32_t i = 0, n = 1 + draw(&seed, 12); i < n; i++)
			text_append(&t, pieces[draw(&seed, COUNT(pieces))]);
		expect_nothing_left(a, t.p, t.n);
		arena_reset(a);
	}
}

/* Inputs made to be looked at again and again; in quadratic time one of these would take minutes. */
static void hostile_text_takes_linear_time(void **state)
{
	static const char *const pieces[] = { "1", "1 ", "13", "a@", "@", "a.", "路1", "路", "1-", "零", "12 Ab ", "小区3-", "138 1234 ",
			"电话", "+", "6222 ", "路1号@a.cn", "11010519491231002X12 Ab St", "一三八" };
	size_t size = by_level(1 << 17, 1 << 20, 1 << 20);
	for (size_t i = 0; i < COUNT(pieces); i++) {
		ARENA_SCOPED a = arena_new();
		struct text t = text_in(a);
		while (t.n < size)
			text_append(&t, pieces[i]);
		redact(a, t.p, t.n, NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phones_go_however_they_are_written),
		cmocka_unit_test(identity_numbers_and_cards_go),
		cmocka_unit_test(mail_addresses_go),
		cmocka_unit_test(streets_go_and_districts_stay),
		cmocka_unit_test(what_is_not_personal_stays),
		cmocka_unit_test(nothing_planted_survives_and_nothing_else_is_lost),
		cmocka_unit_test(any_bytes_pass_without_harm),
		cmocka_unit_test(what_is_replaced_uncovers_nothing),
		cmocka_unit_test(a_second_pass_finds_nothing_in_any_bytes),
		cmocka_unit_test(hostile_text_takes_linear_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
