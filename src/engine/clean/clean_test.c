/* What each cleaner makes of what people write; a refusal names its code. Every code has a text in both languages. */
#include "base/test.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "engine/clean/clean.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* A value or a code: exactly one is given. */
struct expectation {
	const char *in, *value;
	int code;
};

static void expect(const struct expectation *e, int r, const char *value)
{
	const char *got = r < 0 ? error_name(r) : value;
	const char *want = e->code < 0 ? error_name(e->code) : e->value;
	if (r != e->code || strcmp(got, want) != 0)
		fail_msg("\"%s\": got %s, expected %s", e->in, got, want);
}

/* ---- text ---- */

static const struct expectation texts[] = {
	{ "ＡＢＣ１２３", "ABC123", 0 },
	{ "  科技园路１２号　", "科技园路12号", 0 },
	{ "第一行\r\n第二行", "第一行 第二行", 0 },
	{ "a\t\tb\xC2\xA0" "c", "a b c", 0 },
	{ "\xE2\x80\xAD" "138\xE2\x80\xAC\xE2\x80\x8B", "138", 0 },       /* marks of direction, zero-width space */
	{ "\xEF\xBB\xBF姓名", "姓名", 0 },
	{ "你好，世界！（急）", "你好，世界！（急）", 0 },                     /* Chinese punctuation stays */
	{ "x\x01y\x7F", "xy", 0 },
	{ "", "", 0 },
	{ " \n\t ", "", 0 },
	{ "\xFF" "a", "\xEF\xBF\xBD" "a", 0 },
};

static void text_is_half_width_on_one_line_without_invisible_marks(void **state)
{
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(texts); i++)
		expect(&texts[i], 0, clean_text(a, texts[i].in));
}

/* ---- HTML ---- */

static const struct expectation pages[] = {
	{ "<p>您好，</p><p>师傅<b>明天</b>上门。</p>", "您好，\n师傅明天上门。", 0 },
	{ "a<br>b<br/>c<BR />d", "a\nb\nc\nd", 0 },
	{ "a<br><br><br>b", "a\n\nb", 0 },
	{ "<div>one</div>\n\n  <div>two\n  three</div>", "one\ntwo three", 0 },
	{ "<p>5 &lt; 6 &amp;&amp; 7 &gt; 2&nbsp;&#20013;&#x6587;&bogus;</p>", "5 < 6 && 7 > 2 中文&bogus;", 0 },
	{ "<b onclick=alert(1)>hi</b>", "hi", 0 },
	{ "x<script>alert('</p>')</script>y<style>p{}</style>z", "xyz", 0 },
	{ "<script>never closed", "", 0 },
	{ "<a href=\"x>y\" title='a>b'>link</a>", "link", 0 },
	{ "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc", 0 },
	{ "<!-- <p> -->kept<p>", "kept", 0 },
	{ "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<script>alert(1)</script>", 0 },      /* text, and shown as text */
	{ "<b>half <i open", "half <i open", 0 },
	{ "<p>a &#0; &#xD800; &#99999999; b</p>", "a &#0; &#xD800; &#99999999; b", 0 },
	{ "5 < 6 and 7 > 2", "5 < 6 and 7 > 2", 0 },
	{ "型号<未知>\n两行", "型号<未知>\n两行", 0 },
	{ "", "", 0 },
};

static void words_of_a_page_lose_the_page(void **state)
{
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(pages); i++)
		expect(&pages[i], 0, clean_html(a, pages[i].in));
}

/* Many beginnings without an end may not take time by their square. */
static void half_a_page_takes_no_longer(void **state)
{
	enum { MANY = 400000 };
	ARENA_SCOPED a = arena_new();
	char *s = arena_alloc(a, MANY * 3 + 1);
	for (size_t i = 0; i < MANY; i++)
		memcpy(s + 3 * i, i % 2 ? "<p " : "<a ", 3);
	s[MANY * 3] = 0;
	assert_true(strlen(clean_html(a, s)) > MANY);
	for (size_t i = 0; i < MANY; i++)
		memcpy(s + 3 * i, "<a\"", 3);
	assert_non_null(clean_html(a, s));
}

static void ways_to_write_nothing_are_known(void **state)
{
	static const char *const nothing[] = { "", "  ", "-", "--", "/", "无", "暂无", " 不详 ", "N/A", "#N/A", "null", "NULL", "\t" };
	static const char *const something[] = { "0", "无锡", "NA123", "-1", "a", "无名氏" };
	for (size_t i = 0; i < COUNT(nothing); i++)
		if (!clean_is_nothing(nothing[i]))
			fail_msg("\"%s\" is nothing", nothing[i]);
	for (size_t i = 0; i < COUNT(something); i++)
		if (clean_is_nothing(something[i]))
			fail_msg("\"%s\" is something", something[i]);
}

/* ---- phones ---- */

static const struct expectation phones[] = {
	{ "13812345678", "+8613812345678", 0 },
	{ "138 1234 5678", "+8613812345678", 0 },
	{ "138-1234-5678", "+8613812345678", 0 },
	{ "138.1234.5678", "+8613812345678", 0 },
	{ "１３８１２３４５６７８", "+8613812345678", 0 },
	{ "+86 138 1234 5678", "+8613812345678", 0 },
	{ "＋８６－１３８１２３４５６７８", "+8613812345678", 0 },
	{ "008613812345678", "+8613812345678", 0 },
	{ "8613812345678", "+8613812345678", 0 },
	{ "(+86)13812345678", "+8613812345678", 0 },
	{ "013812345678", "+8613812345678", 0 },
	{ "'13812345678", "+8613812345678", 0 },
	{ "13812345678\t", "+8613812345678", 0 },
	{ "13812345678.0", "+8613812345678", 0 },
	{ "1.3812345678E+10", "+8613812345678", 0 },
	{ "1.381234567E10", "+8613812345670", 0 },                   /* programs drop ending zeros */
	{ "手机：13812345678", "+8613812345678", 0 },
	{ "Tel: 010-88886666", "+861088886666", 0 },
	{ "010-88886666", "+861088886666", 0 },
	{ "(010)88886666", "+861088886666", 0 },
	{ "（0755）8888 6666", "+8675588886666", 0 },
	{ "075588886666", "+8675588886666", 0 },
	{ "0898—6666777", "+868986666777", 0 },
	{ "+86 10 88886666", "+861088886666", 0 },
	{ "+86-755-88886666", "+8675588886666", 0 },
	{ "+86 (0)10 8888 6666", "+861088886666", 0 },
	{ "400-820-1234", "+864008201234", 0 },
	{ "4008201234", "+864008201234", 0 },
	{ "+852 9123 4567", "+85291234567", 0 },
	{ "0085291234567", "+85291234567", 0 },
	{ "+1 (415) 555-2671", "+14155552671", 0 },
	{ "", NULL, ERR_FIELD_REQUIRED },
	{ "无", NULL, ERR_FIELD_REQUIRED },
	{ "1.38E+10", NULL, ERR_NUMBER_ROUNDED },
	{ "1.38123E+10", NULL, ERR_NUMBER_ROUNDED },
	{ "1381234567", NULL, ERR_PHONE_LENGTH },
	{ "138123456789", NULL, ERR_PHONE_LENGTH },
	{ "88886666", NULL, ERR_PHONE_AREA },
	{ "6666777", NULL, ERR_PHONE_AREA },
	{ "138****5678", NULL, ERR_PHONE_MASKED },
	{ "13812345678/13912345678", NULL, ERR_PHONE_SEVERAL },
	{ "13812345678、13912345678", NULL, ERR_PHONE_SEVERAL },
	{ "13812345678 13912345678", NULL, ERR_PHONE_SEVERAL },
	{ "13812345678或13912345678", NULL, ERR_PHONE_SEVERAL },
	{ "13812345678,", "+8613812345678", 0 },                     /* nothing behind the comma */
	{ "/13812345678", "+8613812345678", 0 },
	{ "微信联系", NULL, ERR_PHONE_LETTERS },
	{ "wxid_abc123", NULL, ERR_PHONE_LETTERS },
	{ "13812345678 王先生", NULL, ERR_PHONE_LETTERS },
	{ "12812345678", NULL, ERR_PHONE_UNKNOWN },
	{ "026-88886666", NULL, ERR_PHONE_UNKNOWN },
	{ "010-18886666", NULL, ERR_PHONE_UNKNOWN },
	{ "010-888866661", NULL, ERR_PHONE_LENGTH },
	{ "+12", NULL, ERR_PHONE_LENGTH },
	{ "10086", NULL, ERR_PHONE_LENGTH },
	{ "123456789012345678901234567890123456789012345678901234567890", NULL, ERR_PHONE_SEVERAL },
};

static void phones_become_one_form(void **state)
{
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(phones); i++) {
		struct clean_phone phone;
		int r = clean_phone(a, phones[i].in, &phone);
		expect(&phones[i], r, phone.value);
	}
}

static void a_phone_says_its_kind_and_extension(void **state)
{
	static const struct {
		const char *in;
		enum phone_kind kind;
		const char *extension;
	} table[] = {
		{ "13812345678", PHONE_MOBILE, "" }, { "010-88886666-8001", PHONE_LANDLINE, "8001" },
		{ "010-88886666转801", PHONE_LANDLINE, "801" },
		{ "021 66668888 分机 12", PHONE_LANDLINE, "12" }, { "02166668888 ext. 12", PHONE_LANDLINE, "12" },
		{ "021-66668888#12", PHONE_LANDLINE, "12" },
		{ "400-820-1234", PHONE_SERVICE, "" }, { "+44 20 7946 0958", PHONE_FOREIGN, "" }, { "0755-8888 6666", PHONE_LANDLINE, "" },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(table); i++) {
		struct clean_phone phone;
		assert_int_equal(clean_phone(a, table[i].in, &phone), 0);
		assert_int_equal(phone.kind, table[i].kind);
		assert_string_equal(phone.extension, table[i].extension);
	}
}

/* ---- dates ---- */

static const struct expectation dates[] = {
	{ "2025-03-08", "2025-03-08", 0 },
	{ "2025/3/8", "2025-03-08", 0 },
	{ "2025.3.8", "2025-03-08", 0 },
	{ "2025 3 8", "2025-03-08", 0 },
	{ "20250308", "2025-03-08", 0 },
	{ "20250308.0", "2025-03-08", 0 },
	{ "2025年3月8日", "2025-03-08", 0 },
	{ "2025 年 3 月 8 号", "2025-03-08", 0 },
	{ "2025年3月8日 星期六", "2025-03-08", 0 },
	{ "25年3月8日", "2025-03-08", 0 },
	{ "二〇二五年三月八日", "2025-03-08", 0 },
	{ "二零二五年十二月三十一日", "2025-12-31", 0 },
	{ "２０２５－０３－０８", "2025-03-08", 0 },
	{ "8-Mar-25", "2025-03-08", 0 },
	{ "8 March 2025", "2025-03-08", 0 },
	{ "Mar 8, 2025", "2025-03-08", 0 },
	{ "2025-Mar-08", "2025-03-08", 0 },
	{ "Sat, 8 Mar 2025", "2025-03-08", 0 },
	{ "8-Mar-99", "1999-03-08", 0 },
	{ "13/3/2025", "2025-03-13", 0 },
	{ "3/13/2025", "2025-03-13", 0 },
	{ "5/5/2025", "2025-05-05", 0 },
	{ "45724", "2025-03-08", 0 },                                /* days of a spreadsheet */
	{ "45724.6041666667", "2025-03-08 14:30:00", 0 },
	{ "2025-03-08 14:30:05", "2025-03-08 14:30:05", 0 },
	{ "2025/3/8 9:05", "2025-03-08 09:05:00", 0 },
	{ "2025-03-08T14:30:05Z", "2025-03-08 14:30:05", 0 },
	{ "2025-03-08T14:30:05.123+08:00", "2025-03-08 14:30:05", 0 },
	{ "2025年3月8日 下午2点30分", "2025-03-08 14:30:00", 0 },
	{ "2025/3/8 2:30 PM", "2025-03-08 14:30:00", 0 },
	{ "20250308143005", "2025-03-08 14:30:05", 0 },
	{ "2024-02-29", "2024-02-29", 0 },
	{ "", NULL, ERR_FIELD_REQUIRED },
	{ "/", NULL, ERR_FIELD_REQUIRED },
	{ "0000-00-00", NULL, ERR_FIELD_REQUIRED },
	{ "2025-02-29", NULL, ERR_DATE_INVALID },
	{ "2025-13-01", NULL, ERR_DATE_INVALID },
	{ "2025/2/30", NULL, ERR_DATE_INVALID },
	{ "2025-00-10", NULL, ERR_DATE_INVALID },
	{ "1025-03-08", NULL, ERR_DATE_INVALID },
	{ "2025-03-08 25:00", NULL, ERR_DATE_INVALID },
	{ "03/04/2025", NULL, ERR_DATE_AMBIGUOUS },
	{ "25.3.8", NULL, ERR_DATE_AMBIGUOUS },
	{ "250308", NULL, ERR_DATE_AMBIGUOUS },
	{ "2025年3月", NULL, ERR_DATE_INCOMPLETE },
	{ "2025-03", NULL, ERR_DATE_INCOMPLETE },
	{ "3月8日", NULL, ERR_DATE_INCOMPLETE },
	{ "2025", NULL, ERR_DATE_INCOMPLETE },
	{ "去年夏天", NULL, ERR_DATE_SHAPE },
	{ "1741392000000", NULL, ERR_DATE_SHAPE },
	{ "2025-03-08 前后", NULL, ERR_DATE_SHAPE },
	{ "2025-03-08-09", NULL, ERR_DATE_SHAPE },
	{ "99999", NULL, ERR_DATE_SHAPE },
};

static void dates_are_read_one_way_or_refused(void **state)
{
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(dates); i++) {
		struct clean_date date;
		char day[16];
		int r = clean_date(a, dates[i].in, DATE_BASE_1900, &date);
		day_format(date.day, day);
		int s = date.second;
		expect(&dates[i], r, s < 0 ? day : arena_format(a, "%s %02d:%02d:%02d", day, s / 3600, s / 60 % 60, s % 60));
	}
}

static void a_serial_day_counts_from_the_base_of_its_workbook(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct clean_date date;
	char day[16];
	assert_int_equal(clean_date(a, "44262", DATE_BASE_1904, &date), 0);
	day_format(date.day, day);
	assert_string_equal(day, "2025-03-08");
}

static void every_day_of_three_centuries_is_written_and_read_back(void **state)
{
	ARENA_SCOPED a = arena_new();
	for (int64_t day = -25567; day < 84000; day++) {
		char written[16];
		struct clean_date date;
		day_format(day, written);
		assert_int_equal(clean_date(a, written, DATE_BASE_1900, &date), 0);
		assert_int_equal(date.day, day);
		arena_reset(a);
	}
}

/* ---- money ---- */

static const struct expectation amounts[] = {
	{ "1234.5", "123450", 0 },       { "1,234.50", "123450", 0 },   { "¥1234", "123400", 0 },      { "￥1,234.5元", "123450", 0 },
	{ "1234元整", "123400", 0 },     { "RMB 88", "8800", 0 },       { "人民币88元", "8800", 0 },   { "１２３４．５", "123450", 0 },
	{ "1.2万", "1200000", 0 },       { "1.23456万", "1234560", 0 }, { "3万元", "3000000", 0 },     { "-500", "-50000", 0 },
	{ "(500.00)", "-50000", 0 },     { "¥-12", "-1200", 0 },        { "0", "0", 0 },               { ".5", "50", 0 },
	{ "12.", "1200", 0 },            { "12.300000", "1230", 0 },    { "1,234,567", "123456700", 0 },
	{ "", NULL, ERR_FIELD_REQUIRED }, { "-", NULL, ERR_FIELD_REQUIRED },
	{ "1.234", NULL, ERR_MONEY_PRECISION }, { "1.23456789万", NULL, ERR_MONEY_PRECISION },
	{ "1,23", NULL, ERR_MONEY_SHAPE }, { "1.234,50", NULL, ERR_MONEY_SHAPE }, { "12,3456", NULL, ERR_MONEY_SHAPE },
	{ "面议", NULL, ERR_MONEY_SHAPE }, { "约3000", NULL, ERR_MONEY_SHAPE }, { "$100", NULL, ERR_MONEY_SHAPE },
	{ "1 000", NULL, ERR_MONEY_SHAPE }, { "3000-4000", NULL, ERR_MONEY_SHAPE }, { ".", NULL, ERR_FIELD_REQUIRED },
	{ "¥", NULL, ERR_MONEY_SHAPE }, { "99999999999999999999", NULL, ERR_MONEY_SHAPE },
};

static void money_becomes_fen_exactly(void **state)
{
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(amounts); i++) {
		int64_t fen;
		int r = clean_money(a, amounts[i].in, &fen);
		expect(&amounts[i], r, arena_format(a, "%" PRId64, fen));
	}
}

/* ---- codes ---- */

static const struct expectation serials[] = {
	{ "ax23a0012345", "AX23A0012345", 0 },
	{ "AX23 A001 2345", "AX23A0012345", 0 },
	{ "ＡＸ２３Ａ００１", "AX23A001", 0 },
	{ "SN:AX23A001", "AX23A001", 0 },
	{ "S/N： ax23a001", "AX23A001", 0 },
	{ "SN12345", "SN12345", 0 },                                 /* without a colon it belongs to the number */
	{ "序列号：AX23", "AX23", 0 },
	{ "'000123456789", "000123456789", 0 },
	{ "000123456789\t", "000123456789", 0 },
	{ "860123456789012.0", "860123456789012", 0 },
	{ "8.60123456789012E14", "860123456789012", 0 },
	{ "A-1/2.3_4+5", "A-1/2.3_4+5", 0 },
	{ "1E123", "1E123", 0 },
	{ "", NULL, ERR_FIELD_REQUIRED },
	{ "不详", NULL, ERR_FIELD_REQUIRED },
	{ "`null", NULL, ERR_FIELD_REQUIRED },                       /* nothing, once the mark of a spreadsheet is off */
	{ "SN: N/A", NULL, ERR_FIELD_REQUIRED },
	{ "8.60123E+14", NULL, ERR_NUMBER_ROUNDED },
	{ "见铭牌", NULL, ERR_SERIAL_CHARACTERS },
	{ "AX23*001", NULL, ERR_SERIAL_CHARACTERS },
	{ "12", NULL, ERR_SERIAL_LENGTH },
	{ "12345678901234567890123456789012345678901", NULL, ERR_SERIAL_LENGTH },
};

static void serial_numbers_keep_zeros_and_lose_dirt(void **state)
{
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(serials); i++) {
		const char *out;
		int r = clean_serial(a, serials[i].in, &out);
		expect(&serials[i], r, out);
	}
}

static const struct expectation mails[] = {
	{ "Wang@Example.COM", "wang@example.com", 0 },
	{ " ｗａｎｇ＠example.com ", "wang@example.com", 0 },
	{ "mailto:a.b+c@mail.example.cn", "a.b+c@mail.example.cn", 0 },
	{ "无", NULL, ERR_FIELD_REQUIRED },
	{ "wang", NULL, ERR_FIELD_EMAIL },
	{ "@example.com", NULL, ERR_FIELD_EMAIL },
	{ "wang@", NULL, ERR_FIELD_EMAIL },
	{ "wang@example", NULL, ERR_FIELD_EMAIL },
	{ "wang@example.", NULL, ERR_FIELD_EMAIL },
	{ "wang@-a.com", NULL, ERR_FIELD_EMAIL },
	{ "wang@1.2.3.4", NULL, ERR_FIELD_EMAIL },
	{ "a b@example.com", NULL, ERR_FIELD_EMAIL },
	{ "a@b@example.com", NULL, ERR_FIELD_EMAIL },
	{ "a..b@example.com", NULL, ERR_FIELD_EMAIL },
};

static void mail_addresses_have_a_name_and_a_domain(void **state)
{
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(mails); i++) {
		const char *out;
		int r = clean_mail(a, mails[i].in, &out);
		expect(&mails[i], r, out);
	}
}

/* ---- names ---- */

static void names_lose_blanks_titles_and_notes(void **state)
{
	static const struct {
		const char *in, *name, *title, *note;
		enum name_title kind;
		bool company;
	} table[] = {
		{ "王小明", "王小明", "", "", TITLE_NONE, false },
		{ "王 小 明", "王小明", "", "", TITLE_NONE, false },
		{ "王　伟", "王伟", "", "", TITLE_NONE, false },
		{ "王女士", "王", "女士", "", TITLE_MS, false },
		{ "欧阳先生", "欧阳", "先生", "", TITLE_MR, false },
		{ "王小明先生", "王小明", "先生", "", TITLE_MR, false },
		{ "王总", "王", "总", "", TITLE_OTHER, false },
		{ "李宗总", "李宗总", "", "", TITLE_NONE, false },
		{ "张三（老客户）", "张三", "", "老客户", TITLE_NONE, false },
		{ "张三 (已搬家)", "张三", "", "已搬家", TITLE_NONE, false },
		{ "北京蓝天酒店管理有限公司", "北京蓝天酒店管理有限公司", "", "", TITLE_NONE, true },
		{ "启明（深圳）科技有限公司", "启明（深圳）科技有限公司", "", "", TITLE_NONE, true },
		{ "启明科技有限公司（深圳）", "启明科技有限公司（深圳）", "", "", TITLE_NONE, true },
		{ "Zhang  Wei", "Zhang Wei", "", "", TITLE_NONE, false },
		{ "Mr. Zhang Wei", "Zhang Wei", "Mr", "", TITLE_MR, false },
		{ "Mrs Smith", "Smith", "Ms", "", TITLE_MS, false },
		{ "阿依古丽·买买提", "阿依古丽·买买提", "", "", TITLE_NONE, false },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(table); i++) {
		struct clean_name name;
		if (clean_name(a, table[i].in, &name) < 0 || strcmp(name.name, table[i].name) != 0 || strcmp(name.title,
				table[i].title) != 0 ||
		    strcmp(name.note, table[i].note) != 0 || name.title_kind != table[i].kind || name.company != table[i].company)
			fail_msg("\"%s\": name %s, title %s, note %s, company %d", table[i].in, name.name, name.title, name.note,
					name.company);
	}
	struct clean_name name;
	assert_int_equal(clean_name(a, "王小明13812345678", &name), ERR_NAME_DIGITS);
	assert_int_equal(clean_name(a, " ", &name), ERR_FIELD_REQUIRED);
	assert_int_equal(clean_name(a, "女士", &name), ERR_FIELD_REQUIRED);
}

static void family_and_given_name_of_two_columns_join(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct clean_name name;
	assert_int_equal(clean_name_pair(a, "王", "小明 ", &name), 0);
	assert_string_equal(name.name, "王小明");
	assert_int_equal(clean_name_pair(a, "Smith", "Anna", &name), 0);
	assert_string_equal(name.name, "Anna Smith");
	assert_int_equal(clean_name_pair(a, "王", "女士", &name), 0);
	assert_string_equal(name.title, "女士");
}

/* ---- addresses ---- */

static void addresses_are_split_by_their_suffixes(void **state)
{
	static const struct {
		const char *in, *parts;
	} table[] = {
		{ "广东省深圳市南山区科技园路1号", "广东省|深圳市|南山区|科技园路1号" },
		{ "广东深圳市南山区科技园路1号", "广东省|深圳市|南山区|科技园路1号" },
		{ "广东省/深圳市/南山区 科技园路1号", "广东省|深圳市|南山区|科技园路1号" },
		{ "广东/深圳/南山/科技园路1号", "广东省|深圳|南山|科技园路1号" },
		{ "中国 广东省 深圳市 南山区", "广东省|深圳市|南山区|" },
		{ "北京市朝阳区建国路88号", "北京市|北京市|朝阳区|建国路88号" },
		{ "北京北京市朝阳区建国路88号", "北京市|北京市|朝阳区|建国路88号" },
		{ "北京市市辖区海淀区中关村大街1号", "北京市|北京市|海淀区|中关村大街1号" },
		{ "上海 上海市 浦东新区 世纪大道8号", "上海市|上海市|浦东新区|世纪大道8号" },
		{ "云南省大理白族自治州大理市下关街道", "云南省|大理白族自治州|大理市|下关街道" },
		{ "湖南省长沙市长沙县星沙大道", "湖南省|长沙市|长沙县|星沙大道" },
		{ "内蒙古呼和浩特市赛罕区大学东街", "内蒙古自治区|呼和浩特市|赛罕区|大学东街" },
		{ "广西壮族自治区南宁市青秀区民族大道", "广西壮族自治区|南宁市|青秀区|民族大道" },
		{ "吉林市船营区解放路", "|吉林市|船营区|解放路" },
		{ "深圳市阳光小区3栋", "|深圳市||阳光小区3栋" },              /* 小区 is no district */
		{ "北京路12号", "|||北京路12号" },
		{ "阳光花园3栋", "|||阳光花园3栋" },
		{ "No. 8 Century Avenue", "|||No. 8 Century Avenue" },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(table); i++) {
		struct clean_address p;
		assert_int_equal(clean_address(a, table[i].in, &p), 0);
		const char *parts = arena_format(a, "%s|%s|%s|%s", p.province, p.city, p.district, p.street);
		if (strcmp(parts, table[i].parts) != 0)
			fail_msg("\"%s\": %s", table[i].in, parts);
	}
	struct clean_address p;
	assert_int_equal(clean_address(a, "不详", &p), ERR_FIELD_REQUIRED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_half_width_on_one_line_without_invisible_marks),
		cmocka_unit_test(words_of_a_page_lose_the_page),
		cmocka_unit_test(half_a_page_takes_no_longer),
		cmocka_unit_test(ways_to_write_nothing_are_known),
		cmocka_unit_test(phones_become_one_form),
		cmocka_unit_test(a_phone_says_its_kind_and_extension),
		cmocka_unit_test(dates_are_read_one_way_or_refused),
		cmocka_unit_test(a_serial_day_counts_from_the_base_of_its_workbook),
		cmocka_unit_test(every_day_of_three_centuries_is_written_and_read_back),
		cmocka_unit_test(money_becomes_fen_exactly),
		cmocka_unit_test(serial_numbers_keep_zeros_and_lose_dirt),
		cmocka_unit_test(mail_addresses_have_a_name_and_a_domain),
		cmocka_unit_test(names_lose_blanks_titles_and_notes),
		cmocka_unit_test(family_and_given_name_of_two_columns_join),
		cmocka_unit_test(addresses_are_split_by_their_suffixes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
