/* Workbooks as programs write them, broken ones and bombs, built here part by part; and how numbers are shown. */
#include "engine/sheet/sheet_fixture_test.h"

#include "engine/sheet/number_format.h"
#include "engine/sheet/package_fixture_test.h"

#define RELATIONS(list) "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>" list "</Relationships>"
#define RELATION(id, type, target) "<Relationship Id='" id "' Type='http://x/" type "' Target='" target "'/>"
#define ROOT { "_rels/.rels", RELATIONS(RELATION("r1", "officeDocument", "xl/workbook.xml")) }
#define LINKS { "xl/_rels/workbook.xml.rels", RELATIONS(RELATION("r1", "worksheet", "worksheets/sheet1.xml") \
	RELATION("r2", "styles", "styles.xml") RELATION("r3", "sharedStrings", "/xl/sharedStrings.xml")) }
#define BOOK { "xl/workbook.xml", "<workbook xmlns:r='r'><sheets><sheet name='客户' sheetId='1' r:id='r1'/></sheets></workbook>" }
#define SHEET(rows, after) { "xl/worksheets/sheet1.xml", "<worksheet><sheetData>" rows "</sheetData>" after "</worksheet>" }

static const struct package_part styles = { "xl/styles.xml",
	"<styleSheet><numFmts><numFmt numFmtId='176' formatCode='yyyy&quot;年&quot;m&quot;月&quot;'/><numFmt numFmtId='177' formatCode='000000'/></numFmts>"
	"<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
	"<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='176'/><xf numFmtId='177'/><xf numFmtId='22'/></cellXfs></styleSheet>" };
static const struct package_part strings = { "xl/sharedStrings.xml",
	"<sst><si><t>姓名</t></si><si><r><t>粗</t></r><r><rPr/><t>体</t></r></si><si><t>東</t><rPh sb='0' eb='1'><t>とう</t></rPh></si>"
	"<si><t xml:space='preserve'> a_x000D_b_x4E2D_ </t></si><si/></sst>" };

static void expect_workbook(const struct package_part *parts, size_t count, const char *rows)
{
	ARENA_SCOPED a = arena_new();
	struct bytes file = package_of(a, parts, count);
	struct sheet_fault fault;
	char *out;
	int r = read_bytes(a, file.p, file.n, NULL, &fault, &out);
	if (r < 0 || strcmp(out, rows) != 0)
		fail_msg("%s\n%s\nexpected\n%s", r < 0 ? error_name(r) : "", out, rows);
}
#define EXPECT_WORKBOOK(rows, ...)                                                                                 \
	expect_workbook((const struct package_part[]){ __VA_ARGS__ },                                              \
			sizeof((const struct package_part[]){ __VA_ARGS__ }) / sizeof(struct package_part), rows)

static void expect_refused(const struct package_part *parts, size_t count, const struct sheet_limits *limits, int code)
{
	ARENA_SCOPED a = arena_new();
	struct bytes file = package_of(a, parts, count);
	struct sheet_fault fault = { 0 };
	char *out;
	int r = read_bytes(a, file.p, file.n, limits, &fault, &out);
	if (r != code || fault.code != code)
		fail_msg("%s, expected %s; read %s", r < 0 ? error_name(r) : "nothing wrong", error_name(code), out);
}
#define EXPECT_REFUSED(limits, code, ...)                                                                          \
	expect_refused((const struct package_part[]){ __VA_ARGS__ },                                               \
		       sizeof((const struct package_part[]){ __VA_ARGS__ }) / sizeof(struct package_part), limits, code)

static void every_type_of_cell_is_read(void **state)
{
	EXPECT_WORKBOOK("1:姓名|粗体|東| a\rb中 ||直接\n2:13812345678|1.5|TRUE|#N/A|2025-03-08|公式\n", ROOT, LINKS, BOOK, strings, styles,
		SHEET("<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c><c r='C1' t='s'><v>2</v></c><c r='D1' t='s'><v>3</v></c>"
		      "<c r='E1' t='s'><v>4</v></c><c r='F1' t='inlineStr'><is><r><t>直</t></r><r><t>接</t></r></is></c></row>"
		      "<row r='2'><c r='A2'><v>1.3812345678E10</v></c><c r='B2'><v>1.5</v></c><c r='C2' t='b'><v>1</v></c><c r='D2' t='e'><v>#N/A</v></c>"
		      "<c r='E2' t='d'><v>2025-03-08</v></c><c r='F2' t='str'><f>A1&amp;B1</f><v>公式</v></c></row>", ""));
}

static void numbers_with_a_date_style_are_dates(void **state)
{
	EXPECT_WORKBOOK("1:2025-03-08|2025-03-08|000123|2025-03-08 14:30:00|45724|1900-02-28|1900-03-01\n", ROOT, LINKS, BOOK, styles,
		SHEET("<row r='1'><c r='A1' s='1'><v>45724</v></c><c r='B1' s='2'><v>45724</v></c><c r='C1' s='3'><v>123</v></c>"
		      "<c r='D1' s='4'><v>45724.604166666664</v></c><c r='E1'><v>45724</v></c><c r='F1' s='1'><v>59</v></c><c r='G1' s='1'><v>61</v></c></row>", ""));
	EXPECT_WORKBOOK("1:2025-03-08\n", ROOT, LINKS, styles,
		{ "xl/workbook.xml",
				"<workbook xmlns:r='r'><workbookPr date1904='1'/><sheets><sheet name='a' r:id='r1'/></sheets></workbook>" },
		SHEET("<row r='1'><c r='A1' s='1'><v>44262</v></c></row>", ""));
}

static void merged_cells_repeat_their_first_one(void **state)
{
	EXPECT_WORKBOOK("1:标题|^标题|^标题\n2:王|冰箱\n3:^王|空调\n5:^王|电视|^电视\n6:李\n", ROOT, LINKS, BOOK,
		SHEET("<row r='1'><c r='A1' t='inlineStr'><is><t>标题</t></is></c></row>"
		      "<row r='2'><c r='A2' t='str'><v>王</v></c><c r='B2' t='str'><v>冰箱</v></c></row>"
		      "<row r='3'><c r='B3' t='str'><v>空调</v></c></row>"
		      "<row r='5'><c r='B5' t='str'><v>电视</v></c></row><row r='6'><c r='A6' t='str'><v>李</v></c></row>",
		      "<mergeCells><mergeCell ref='B5:C5'/><mergeCell ref='A2:A5'/><mergeCell ref='A1:C1'/><mergeCell ref='nonsense'/></mergeCells>"));
}

static void cells_and_rows_without_place_follow_one_another(void **state)
{
	EXPECT_WORKBOOK("1:a|b\n2:c\n", ROOT, LINKS, BOOK,
		SHEET("<row><c t='str'><v>a</v></c><c t='str'><v>b</v></c></row><row><c t='str'><v>c</v></c></row>", ""));
}

static void prefixed_and_strict_workbooks_are_read(void **state)
{
	EXPECT_WORKBOOK("1:a\n", ROOT, LINKS,
		{ "xl/workbook.xml",
				"<x:workbook xmlns:x='x' xmlns:r='r'><x:sheets><x:sheet name='a' r:id='r1'/></x:sheets></x:workbook>" },
		{ "xl/worksheets/sheet1.xml",
				"<x:worksheet xmlns:x='x'><x:sheetData><x:row r='1'><x:c r='A1' t='str'><x:v>a</x:v></x:c></x:row></x:sheetData></x:worksheet>" });
}

static void the_first_visible_sheet_is_read(void **state)
{
	static const struct package_part parts[] = { ROOT,
		{ "xl/_rels/workbook.xml.rels", RELATIONS(RELATION("h", "worksheet", "worksheets/hidden.xml") RELATION("r1",
				"worksheet", "worksheets/sheet1.xml")) },
		{ "xl/workbook.xml", "<workbook xmlns:r='r'><sheets><sheet name='隐藏' state='hidden' r:id='h'/><sheet name='设备' r:id='r1'/>"
				     "<sheet name='其他' r:id='r1'/></sheets></workbook>" },
		SHEET("<row r='1'><c r='A1' t='str'><v>a</v></c></row>", "") };
	ARENA_SCOPED a = arena_new();
	struct bytes file = package_of(a, parts, COUNT(parts));
	struct sheet_source source = sheet_from_bytes(&file);
	struct sheet_fault fault;
	SHEET_SCOPED s = NULL;
	assert_int_equal(sheet_open(a, &source, NULL, &fault, &s), 0);
	struct sheet_info info;
	sheet_info(s, &info);
	assert_string_equal(info.name, "设备");
	assert_int_equal(info.sheets, 2);
	assert_int_equal(info.format, SHEET_XLSX);
}

static void broken_workbooks_are_refused(void **state)
{
	EXPECT_REFUSED(NULL, ERR_SHEET_FORMAT, { "readme.txt", "hello" });
	EXPECT_REFUSED(NULL, ERR_SHEET_FORMAT, { "_rels/.rels", RELATIONS(RELATION("r1", "officeDocument", "word/document.xml")) });
	EXPECT_REFUSED(NULL, ERR_SHEET_DAMAGED, ROOT);
	EXPECT_REFUSED(NULL, ERR_SHEET_DAMAGED, ROOT, LINKS, BOOK);
	EXPECT_REFUSED(NULL, ERR_SHEET_DAMAGED, ROOT, LINKS, BOOK, SHEET("<row>", ""));
	EXPECT_REFUSED(NULL, ERR_SHEET_DAMAGED, ROOT, LINKS, BOOK, SHEET("<row r='1'><c r='A1' t='s'><v>9</v></c></row>", ""));
	EXPECT_REFUSED(NULL, ERR_SHEET_DAMAGED, ROOT, LINKS, BOOK, SHEET("<row r='2'></row><row r='1'></row>", ""));
	EXPECT_REFUSED(NULL, ERR_SHEET_DAMAGED, ROOT, LINKS, BOOK, SHEET("<row r='2'><c r='A3'><v>1</v></c></row>", ""));
	EXPECT_REFUSED(NULL, ERR_SHEET_EMPTY, ROOT, LINKS, { "xl/workbook.xml", "<workbook><sheets/></workbook>" });
}

static void entities_are_never_defined_or_fetched(void **state)
{
	EXPECT_REFUSED(NULL, ERR_SHEET_DAMAGED, ROOT, LINKS, BOOK,
		{ "xl/worksheets/sheet1.xml",
				"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><worksheet><sheetData><row><c t='str'><v>&b;</v></c></row></sheetData></worksheet>" });
	EXPECT_REFUSED(NULL, ERR_SHEET_DAMAGED, ROOT, LINKS, BOOK,
		{ "xl/worksheets/sheet1.xml",
				"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><worksheet><sheetData><row><c t='str'><v>&f;</v></c></row></sheetData></worksheet>" });
	EXPECT_REFUSED(NULL, ERR_SHEET_DAMAGED, ROOT, LINKS, BOOK, { "xl/sharedStrings.xml",
			"<!DOCTYPE sst SYSTEM 'http://x/y.dtd'><sst/>" }, SHEET("", ""));
}

static void bombs_stop_at_their_limit(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct sheet_limits small = { .rows = 10, .columns = 4, .cell_bytes = 100, .strings = 3, .string_bytes = 1000, .merges = 2,
			.entries = 20 };
	char *blanks = repeat(a, "<worksheet>", "                                ", 300000, "<sheetData/></worksheet>");
	EXPECT_REFUSED(NULL, ERR_SHEET_LIMIT, ROOT, LINKS, BOOK, { "xl/worksheets/sheet1.xml", blanks });      /* ratio */
	struct sheet_limits total = { .uncompressed = 1000, .ratio = 100000 };
	EXPECT_REFUSED(&total, ERR_SHEET_LIMIT, ROOT, LINKS, BOOK, { "xl/worksheets/sheet1.xml", blanks });
	char *deep = repeat(a, "<worksheet>", "<a>", 1000, "");
	EXPECT_REFUSED(NULL, ERR_SHEET_LIMIT, ROOT, LINKS, BOOK, { "xl/worksheets/sheet1.xml", deep });
	char *many = repeat(a, "<sst>", "<si><t>x</t></si>", 10, "</sst>");
	EXPECT_REFUSED(&small, ERR_SHEET_LIMIT, ROOT, LINKS, BOOK, { "xl/sharedStrings.xml", many }, SHEET("", ""));
	char *longer = repeat(a, "<sst><si><t>", "x", 200, "</t></si></sst>");
	EXPECT_REFUSED(&small, ERR_SHEET_LIMIT, ROOT, LINKS, BOOK, { "xl/sharedStrings.xml", longer }, SHEET("", ""));
	EXPECT_REFUSED(&small, ERR_SHEET_LIMIT, ROOT, LINKS, BOOK, SHEET("<row r='11'/>", ""));
	EXPECT_REFUSED(&small, ERR_SHEET_LIMIT, ROOT, LINKS, BOOK, SHEET("<row r='1'><c r='E1'><v>1</v></c></row>", ""));
	EXPECT_REFUSED(&small, ERR_SHEET_LIMIT, ROOT, LINKS, BOOK,
		SHEET("", "<mergeCells><mergeCell ref='A1:B1'/><mergeCell ref='A2:B2'/><mergeCell ref='A3:B3'/></mergeCells>"));
	struct sheet_limits few = { .entries = 2 };
	EXPECT_REFUSED(&few, ERR_SHEET_LIMIT, ROOT, LINKS, BOOK);
	EXPECT_REFUSED(NULL, ERR_SHEET_DAMAGED, ROOT, LINKS, BOOK,
		SHEET("<row r='1'><c r='A1'><v>1</v></c></row>",
				"<mergeCells><mergeCell ref='A1:IV9'/><mergeCell ref='A1:IV9'/></mergeCells>"));
}

/* An attribute of many megabytes: expat would read it again from its start with every piece. */
static void one_endless_tag_takes_no_quadratic_time(void **state)
{
	ARENA_SCOPED a = arena_new();
	char *endless = repeat(a, "<worksheet x='", "abcdefghijklmnopqrstuvwxyz0123456789", 200000, "'/>");
	struct sheet_limits limits = { .ratio = 100000 };
	EXPECT_REFUSED(&limits, ERR_SHEET_LIMIT, ROOT, LINKS, BOOK, { "xl/worksheets/sheet1.xml", endless });
}

static void a_failing_source_is_reported(void **state)
{
	ARENA_SCOPED a = arena_new();
	const struct package_part parts[] = { ROOT, LINKS, BOOK, SHEET("", "") };
	struct bytes file = package_of(a, parts, COUNT(parts));
	struct sheet_fault fault;
	char *out;
	for (size_t n = 5; n < file.n; n += 7)
		assert_true(read_bytes(a, file.p, n, NULL, &fault, &out) < 0);
}

/* ---- number formats ---- */

static void formats_of_numbers_are_told_from_dates(void **state)
{
	static const struct {
		const char *code;
		unsigned char format;
	} table[] = {
		{ "General", FORMAT_PLAIN }, { "0", FORMAT_PLAIN }, { "0.00", FORMAT_PLAIN }, { "#,##0.00", FORMAT_PLAIN },
		{ "0.00E+00", FORMAT_PLAIN },
		{ "@", FORMAT_PLAIN }, { "\"day\"0", FORMAT_PLAIN }, { "[Red]0", FORMAT_PLAIN }, { "\\d0", FORMAT_PLAIN },
		{ "0_d", FORMAT_PLAIN }, { "", FORMAT_PLAIN },
		{ "yyyy-mm-dd", FORMAT_DATE }, { "m/d/yy", FORMAT_DATE }, { "[$-804]yyyy\"年\"m\"月\"d\"日\";@", FORMAT_DATE },
		{ "h:mm:ss", FORMAT_DATE },
		{ "[h]:mm", FORMAT_DATE }, { "[DBNum1]yyyy", FORMAT_DATE }, { "000000", 6 }, { "00;-00", 2 }, { "0000000000000000", 16 },
	};
	for (size_t i = 0; i < COUNT(table); i++)
		if (number_format_of_code(table[i].code) != table[i].format)
			fail_msg("%s: %d", table[i].code, number_format_of_code(table[i].code));
}

static void numbers_are_written_plainly_or_admit_their_loss(void **state)
{
	static const struct {
		const char *raw, *written;
	} table[] = {
		{ "13812345678", "13812345678" }, { "1.3812345678E10", "13812345678" }, { "1.3812345678e+10", "13812345678" },
		{ "0.1", "0.1" },
		{ "1234.5600000000001", "1234.56" }, { "-5", "-5" }, { "-0", "0" },
		{ "110101199003071234", "1.10101199003071E+17" }, { "0.00001", "0.000010000000" },
		{ "860123456789012", "860123456789012" }, { "1e300", "1.00000000000000E+300" },
	};
	for (size_t i = 0; i < COUNT(table); i++) {
		char out[64];
		assert_true(number_write(table[i].raw, FORMAT_PLAIN, out));
		assert_string_equal(out, table[i].written);
	}
	char out[64];
	assert_false(number_write("abc", FORMAT_PLAIN, out));
	assert_false(number_write("1e999", FORMAT_PLAIN, out));
	assert_false(number_write_date("-1", false, out));
	assert_false(number_write_date("2958466", false, out));
	assert_true(number_write_date("0.5", false, out));
	assert_string_equal(out, "12:00:00");
	assert_true(number_write_date("45724.99999999", false, out));
	assert_string_equal(out, "2025-03-09");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_of_cell_is_read),
		cmocka_unit_test(numbers_with_a_date_style_are_dates),
		cmocka_unit_test(merged_cells_repeat_their_first_one),
		cmocka_unit_test(cells_and_rows_without_place_follow_one_another),
		cmocka_unit_test(prefixed_and_strict_workbooks_are_read),
		cmocka_unit_test(the_first_visible_sheet_is_read),
		cmocka_unit_test(broken_workbooks_are_refused),
		cmocka_unit_test(entities_are_never_defined_or_fetched),
		cmocka_unit_test(bombs_stop_at_their_limit),
		cmocka_unit_test(one_endless_tag_takes_no_quadratic_time),
		cmocka_unit_test(a_failing_source_is_reported),
		cmocka_unit_test(formats_of_numbers_are_told_from_dates),
		cmocka_unit_test(numbers_are_written_plainly_or_admit_their_loss),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
