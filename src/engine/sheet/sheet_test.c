/* Spreadsheets as programs write them, broken ones, and hostile ones. Workbooks are built here, part by part. */
#include "base/test.h"

#include <string.h>
#include <zip.h>

#include "engine/sheet/number_format.h"
#include "engine/sheet/sheet.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- reading everything into one text: cells by |, rows by newline, with numbers ---- */

static int read_all(struct arena *a, struct sheet *s, char **out)
{
	struct sheet_row row;
	char *all = arena_string(a, "");
	int r;
	while ((r = sheet_next(s, &row)) > 0) {
		all = arena_format(a, "%s%u:", all, row.number);
		for (size_t i = 0; i < row.count; i++) {
			assert_int_equal(strlen(row.cells[i].text), row.cells[i].n);
			all = arena_format(a, "%s%s%s%s", all, i ? "|" : "", row.cells[i].filled ? "^" : "", row.cells[i].text);
		}
		all = arena_format(a, "%s\n", all);
	}
	*out = all;
	return r;
}

static int read_bytes(struct arena *a, const void *p, size_t n, const struct sheet_limits *limits, struct sheet_fault *fault, char **out)
{
	struct bytes bytes = { p, n };
	struct sheet_source source = sheet_from_bytes(&bytes);
	SHEET_SCOPED s = NULL;
	*out = arena_string(a, "");
	TRY(sheet_open(a, &source, limits, fault, &s));
	return read_all(a, s, out);
}

static void expect_rows(const char *csv, size_t n, const char *rows)
{
	ARENA_SCOPED a = arena_new();
	struct sheet_fault fault;
	char *out;
	int r = read_bytes(a, csv, n, NULL, &fault, &out);
	if (r < 0 || strcmp(out, rows) != 0)
		fail_msg("%s: %d\n%s\nexpected\n%s", csv, r, out, rows);
}
#define EXPECT_ROWS(csv, rows) expect_rows(csv, sizeof(csv) - 1, rows)

static void expect_fault(const void *p, size_t n, const struct sheet_limits *limits, int code, uint32_t row, uint32_t column)
{
	ARENA_SCOPED a = arena_new();
	struct sheet_fault fault = { 0 };
	char *out;
	int r = read_bytes(a, p, n, limits, &fault, &out);
	if (r != code || fault.code != code || fault.row != row || fault.column != column)
		fail_msg("%d (%s) at row %u column %u", r, r < 0 ? error_name(r) : out, fault.row, fault.column);
}
#define EXPECT_FAULT(csv, code, row, column) expect_fault(csv, sizeof(csv) - 1, NULL, code, row, column)

static char *repeat(struct arena *a, const char *head, const char *piece, size_t times, const char *tail)
{
	size_t h = strlen(head), n = strlen(piece), t = strlen(tail);
	char *p = arena_alloc(a, h + n * times + t + 1);
	memcpy(p, head, h);
	for (size_t i = 0; i < times; i++)
		memcpy(p + h + i * n, piece, n);
	memcpy(p + h + n * times, tail, t);
	return p;
}

/* ---- CSV ---- */

static void csv_is_read_as_spreadsheets_write_it(void **state)
{
	EXPECT_ROWS("a,b\r\n1,2\r\n", "1:a|b\n2:1|2\n");
	EXPECT_ROWS("a,b\n1,2", "1:a|b\n2:1|2\n");
	EXPECT_ROWS("a,b\r1,2\r", "1:a|b\n2:1|2\n");
	EXPECT_ROWS("a,\"b \"\"c\"\"\nd\",e\n", "1:a|b \"c\"\nd|e\n");
	EXPECT_ROWS("a,,c,,\n,,,\n\nd\n", "1:a||c\n2:\n3:\n4:d\n");
	EXPECT_ROWS("a,\"\",c\n", "1:a||c\n");
	EXPECT_ROWS("客\"户\",b\n", "1:客\"户\"|b\n");                        /* quotes inside are plain */
	EXPECT_ROWS("\"a\"b,c\n", "1:ab|c\n");
	EXPECT_ROWS("=\"00123\",\"=\"\"00456\"\"\"\n", "1:00123|00456\n");
	EXPECT_ROWS("sep=;\na,b;c\n", "1:a,b|c\n");
	EXPECT_ROWS("\"\",x\n", "1:|x\n");
}

static void the_delimiter_is_found(void **state)
{
	EXPECT_ROWS("a\tb\n1,5\t2\n", "1:a|b\n2:1,5|2\n");
	EXPECT_ROWS("a;b;c\n1,5;2;3\n", "1:a|b|c\n2:1,5|2|3\n");
	EXPECT_ROWS("a|b\n1|2\n", "1:a|b\n2:1|2\n");
	EXPECT_ROWS("title, with comma\na\tb\tc\n1\t2\t3\n4\t5\t6\n", "1:title, with comma\n2:a|b|c\n3:1|2|3\n4:4|5|6\n");
	EXPECT_ROWS("one\ntwo\n", "1:one\n2:two\n");
}

static void every_usual_encoding_is_recognised(void **state)
{
	EXPECT_ROWS("姓名,电话\n王,1\n", "1:姓名|电话\n2:王|1\n");
	EXPECT_ROWS("\xEF\xBB\xBF姓名,电话\n", "1:姓名|电话\n");
	EXPECT_ROWS("\xD0\xD5\xC3\xFB,\xB5\xE7\xBB\xB0\n\xCD\xF5,1\n", "1:姓名|电话\n2:王|1\n");
	EXPECT_ROWS("\x95\x32\x82\x36,\xD0\xD5\n", "1:\xF0\xA0\x80\x80|姓\n");      /* four bytes: U+20000, beyond GBK */
	EXPECT_ROWS("\xFF\xFE\xD3\x59\t\0\x0D\x54\n\0", "1:姓|名\n");
	EXPECT_ROWS("\xFE\xFF\x59\xD3\0\t\x54\x0D\0\n", "1:姓|名\n");
}

static void a_few_broken_characters_are_shown_and_marked(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *csv = repeat(a, "", "姓名,电话\n", 30, "王\xE5\xB0,1\n");
	struct bytes bytes = { (const uint8_t *)csv, strlen(csv) };
	struct sheet_source source = sheet_from_bytes(&bytes);
	struct sheet_fault fault;
	SHEET_SCOPED s = NULL;
	assert_int_equal(sheet_open(a, &source, NULL, &fault, &s), 0);
	struct sheet_row row;
	for (int i = 0; i < 31; i++)
		assert_int_equal(sheet_next(s, &row), 1);
	assert_string_equal(row.cells[0].text, "王\xEF\xBF\xBD\xEF\xBF\xBD");
	assert_true(row.cells[0].broken);
	assert_false(row.cells[1].broken);
}

/* The pieces that the decoder reads are 64 KB: everything must also hold across their borders. */
static void cells_across_pieces_are_whole(void **state)
{
	static const char line[] = "电\"话,\"话\"\"\r\n\",3\r\n";
	for (size_t shift = 0; shift < 8; shift++) {
		ARENA_SCOPED a = arena_new();
		struct { char bytes[140000]; } *csv = arena_alloc(a, sizeof(*csv));
		size_t n = shift;
		memset(csv->bytes, 'x', shift);
		while (n < 132000) {
			memcpy(csv->bytes + n, line, sizeof(line) - 1);
			n += sizeof(line) - 1;
		}
		struct bytes bytes = { (const uint8_t *)csv->bytes, n };
		struct sheet_source source = sheet_from_bytes(&bytes);
		struct sheet_fault fault;
		SHEET_SCOPED s = NULL;
		assert_int_equal(sheet_open(a, &source, NULL, &fault, &s), 0);
		struct sheet_row row;
		assert_int_equal(sheet_next(s, &row), 1);
		while (sheet_next(s, &row) == 1) {
			assert_int_equal(row.count, 3);
			assert_string_equal(row.cells[0].text, "电\"话");
			assert_string_equal(row.cells[1].text, "话\"\r\n");
			assert_string_equal(row.cells[2].text, "3");
		}
		assert_int_equal(row.number, (n - shift) / (sizeof(line) - 1));
	}
}

static void bad_files_say_what_is_wrong_and_where(void **state)
{
	EXPECT_FAULT("", ERR_SHEET_EMPTY, 0, 0);
	EXPECT_FAULT("a,b\nc,\"d\ne,f\n", ERR_SHEET_QUOTE, 2, 2);
	EXPECT_FAULT("<html><table><tr><td>1</td></tr></table></html>", ERR_SHEET_FORMAT, 0, 0);
	EXPECT_FAULT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old", ERR_SHEET_OLD, 0, 0);
	EXPECT_FAULT("PK\3\4 cut short", ERR_SHEET_DAMAGED, 0, 0);
	EXPECT_FAULT("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\1", ERR_SHEET_FORMAT, 0, 0);
}

static void limits_hold_for_csv(void **state)
{
	struct sheet_limits limits = { .rows = 2, .columns = 3, .cell_bytes = 5 };
	expect_fault("a\nb\nc\n", 6, &limits, ERR_SHEET_LIMIT, 3, 0);
	expect_fault("a,b,c,d\n", 8, &limits, ERR_SHEET_LIMIT, 1, 4);
	expect_fault("a,123456\n", 9, &limits, ERR_SHEET_LIMIT, 1, 2);
	expect_fault("a,\"123456\"\n", 11, &limits, ERR_SHEET_QUOTE, 1, 2);
	expect_fault("a,b,c,,,,\n", 10, &limits, 0, 0, 0);                /* empty cells beyond are no harm */
}

/* ---- XLSX ---- */

struct workbook_part {
	const char *path, *text;
};

#define RELATIONS(list) "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>" list "</Relationships>"
#define RELATION(id, type, target) "<Relationship Id='" id "' Type='http://x/" type "' Target='" target "'/>"
#define ROOT { "_rels/.rels", RELATIONS(RELATION("r1", "officeDocument", "xl/workbook.xml")) }
#define LINKS { "xl/_rels/workbook.xml.rels", RELATIONS(RELATION("r1", "worksheet", "worksheets/sheet1.xml") \
	RELATION("r2", "styles", "styles.xml") RELATION("r3", "sharedStrings", "/xl/sharedStrings.xml")) }
#define BOOK { "xl/workbook.xml", "<workbook xmlns:r='r'><sheets><sheet name='客户' sheetId='1' r:id='r1'/></sheets></workbook>" }
#define SHEET(rows, after) { "xl/worksheets/sheet1.xml", "<worksheet><sheetData>" rows "</sheetData>" after "</worksheet>" }

static const struct workbook_part styles = { "xl/styles.xml",
	"<styleSheet><numFmts><numFmt numFmtId='176' formatCode='yyyy&quot;年&quot;m&quot;月&quot;'/><numFmt numFmtId='177' formatCode='000000'/></numFmts>"
	"<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
	"<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='176'/><xf numFmtId='177'/><xf numFmtId='22'/></cellXfs></styleSheet>" };
static const struct workbook_part strings = { "xl/sharedStrings.xml",
	"<sst><si><t>姓名</t></si><si><r><t>粗</t></r><r><rPr/><t>体</t></r></si><si><t>東</t><rPh sb='0' eb='1'><t>とう</t></rPh></si>"
	"<si><t xml:space='preserve'> a_x000D_b_x4E2D_ </t></si><si/></sst>" };

static struct bytes build(struct arena *a, const struct workbook_part *parts, size_t count)
{
	zip_error_t error;
	zip_error_init(&error);
	zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
	assert_non_null(source);
	zip_source_keep(source);
	zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
	assert_non_null(zip);
	for (size_t i = 0; i < count; i++) {
		zip_source_t *text = zip_source_buffer(zip, parts[i].text, strlen(parts[i].text), 0);
		assert_true(zip_file_add(zip, parts[i].path, text, ZIP_FL_ENC_UTF_8) >= 0);
	}
	assert_int_equal(zip_close(zip), 0);
	zip_stat_t st;
	assert_int_equal(zip_source_open(source), 0);
	assert_int_equal(zip_source_stat(source, &st), 0);
	uint8_t *p = arena_alloc(a, st.size);
	assert_int_equal(zip_source_read(source, p, st.size), st.size);
	zip_source_close(source);
	zip_source_free(source);
	zip_error_fini(&error);
	return (struct bytes){ p, st.size };
}

static void expect_workbook(const struct workbook_part *parts, size_t count, const char *rows)
{
	ARENA_SCOPED a = arena_new();
	struct bytes file = build(a, parts, count);
	struct sheet_fault fault;
	char *out;
	int r = read_bytes(a, file.p, file.n, NULL, &fault, &out);
	if (r < 0 || strcmp(out, rows) != 0)
		fail_msg("%s\n%s\nexpected\n%s", r < 0 ? error_name(r) : "", out, rows);
}
#define EXPECT_WORKBOOK(rows, ...)                                                                                 \
	expect_workbook((const struct workbook_part[]){ __VA_ARGS__ },                                              \
			sizeof((const struct workbook_part[]){ __VA_ARGS__ }) / sizeof(struct workbook_part), rows)

static void expect_refused(const struct workbook_part *parts, size_t count, const struct sheet_limits *limits, int code)
{
	ARENA_SCOPED a = arena_new();
	struct bytes file = build(a, parts, count);
	struct sheet_fault fault = { 0 };
	char *out;
	int r = read_bytes(a, file.p, file.n, limits, &fault, &out);
	if (r != code || fault.code != code)
		fail_msg("%s, expected %s; read %s", r < 0 ? error_name(r) : "nothing wrong", error_name(code), out);
}
#define EXPECT_REFUSED(limits, code, ...)                                                                          \
	expect_refused((const struct workbook_part[]){ __VA_ARGS__ },                                               \
		       sizeof((const struct workbook_part[]){ __VA_ARGS__ }) / sizeof(struct workbook_part), limits, code)

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
		{ "xl/workbook.xml", "<workbook xmlns:r='r'><workbookPr date1904='1'/><sheets><sheet name='a' r:id='r1'/></sheets></workbook>" },
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
		{ "xl/workbook.xml", "<x:workbook xmlns:x='x' xmlns:r='r'><x:sheets><x:sheet name='a' r:id='r1'/></x:sheets></x:workbook>" },
		{ "xl/worksheets/sheet1.xml", "<x:worksheet xmlns:x='x'><x:sheetData><x:row r='1'><x:c r='A1' t='str'><x:v>a</x:v></x:c></x:row></x:sheetData></x:worksheet>" });
}

static void the_first_visible_sheet_is_read(void **state)
{
	static const struct workbook_part parts[] = { ROOT,
		{ "xl/_rels/workbook.xml.rels", RELATIONS(RELATION("h", "worksheet", "worksheets/hidden.xml") RELATION("r1", "worksheet", "worksheets/sheet1.xml")) },
		{ "xl/workbook.xml", "<workbook xmlns:r='r'><sheets><sheet name='隐藏' state='hidden' r:id='h'/><sheet name='设备' r:id='r1'/>"
				     "<sheet name='其他' r:id='r1'/></sheets></workbook>" },
		SHEET("<row r='1'><c r='A1' t='str'><v>a</v></c></row>", "") };
	ARENA_SCOPED a = arena_new();
	struct bytes file = build(a, parts, COUNT(parts));
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
		{ "xl/worksheets/sheet1.xml", "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><worksheet><sheetData><row><c t='str'><v>&b;</v></c></row></sheetData></worksheet>" });
	EXPECT_REFUSED(NULL, ERR_SHEET_DAMAGED, ROOT, LINKS, BOOK,
		{ "xl/worksheets/sheet1.xml", "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><worksheet><sheetData><row><c t='str'><v>&f;</v></c></row></sheetData></worksheet>" });
	EXPECT_REFUSED(NULL, ERR_SHEET_DAMAGED, ROOT, LINKS, BOOK, { "xl/sharedStrings.xml", "<!DOCTYPE sst SYSTEM 'http://x/y.dtd'><sst/>" }, SHEET("", ""));
}

static void bombs_stop_at_their_limit(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct sheet_limits small = { .rows = 10, .columns = 4, .cell_bytes = 100, .strings = 3, .string_bytes = 1000, .merges = 2, .entries = 20 };
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
		SHEET("<row r='1'><c r='A1'><v>1</v></c></row>", "<mergeCells><mergeCell ref='A1:IV9'/><mergeCell ref='A1:IV9'/></mergeCells>"));
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
	const struct workbook_part parts[] = { ROOT, LINKS, BOOK, SHEET("", "") };
	struct bytes file = build(a, parts, COUNT(parts));
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
		{ "General", FORMAT_PLAIN }, { "0", FORMAT_PLAIN }, { "0.00", FORMAT_PLAIN }, { "#,##0.00", FORMAT_PLAIN }, { "0.00E+00", FORMAT_PLAIN },
		{ "@", FORMAT_PLAIN }, { "\"day\"0", FORMAT_PLAIN }, { "[Red]0", FORMAT_PLAIN }, { "\\d0", FORMAT_PLAIN }, { "0_d", FORMAT_PLAIN }, { "", FORMAT_PLAIN },
		{ "yyyy-mm-dd", FORMAT_DATE }, { "m/d/yy", FORMAT_DATE }, { "[$-804]yyyy\"年\"m\"月\"d\"日\";@", FORMAT_DATE }, { "h:mm:ss", FORMAT_DATE },
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
		{ "13812345678", "13812345678" }, { "1.3812345678E10", "13812345678" }, { "1.3812345678e+10", "13812345678" }, { "0.1", "0.1" },
		{ "1234.5600000000001", "1234.56" }, { "-5", "-5" }, { "-0", "0" }, { "110101199003071234", "1.10101199003071E+17" }, { "0.00001", "0.000010000000" },
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

/* ---- header and shapes ---- */

static void expect_header(const char *csv, uint32_t row, const char *next)
{
	static const char *const words[] = { "姓名", "电话", "地址" };
	ARENA_SCOPED a = arena_new();
	struct bytes bytes = { (const uint8_t *)csv, strlen(csv) };
	struct sheet_source source = sheet_from_bytes(&bytes);
	struct sheet_fault fault;
	SHEET_SCOPED s = NULL;
	struct sheet_row header, first;
	assert_int_equal(sheet_open(a, &source, NULL, &fault, &s), 0);
	assert_int_equal(sheet_header(s, words, COUNT(words), &header), 0);
	assert_int_equal(header.number, row);
	assert_int_equal(sheet_next(s, &first), 1);
	assert_string_equal(first.cells[0].text, next);
}

static void the_header_is_found_under_titles_and_notes(void **state)
{
	expect_header("姓名,电话\n王,13812345678\n", 1, "王");
	expect_header("客户明细表,,\n导出时间：2025-11-20,,操作员\n\n姓名,电话(必填),地址\n王,13812345678,路\n", 4, "王");
	expect_header("编号,品牌,等级\nKH1,13812345678,3\n", 1, "KH1");
}

static void a_sheet_without_header_is_empty(void **state)
{
	static const char csv[] = "1,2\n3,4\n";
	ARENA_SCOPED a = arena_new();
	struct bytes bytes = { (const uint8_t *)csv, sizeof(csv) - 1 };
	struct sheet_source source = sheet_from_bytes(&bytes);
	struct sheet_fault fault;
	SHEET_SCOPED s = NULL;
	struct sheet_row header;
	assert_int_equal(sheet_open(a, &source, NULL, &fault, &s), 0);
	assert_int_equal(sheet_header(s, NULL, 0, &header), ERR_SHEET_EMPTY);
}

static void rows_that_are_no_data_are_told_apart(void **state)
{
	static const char csv[] = "王,1\n,,\n合计,5\n合计：共5条,,3\n累计消费者协会,1\n说明文字\n小计 3,x\n";
	static const enum row_shape shapes[] = { ROW_DATA, ROW_BLANK, ROW_TOTAL, ROW_TOTAL, ROW_DATA, ROW_BANNER, ROW_TOTAL };
	ARENA_SCOPED a = arena_new();
	struct bytes bytes = { (const uint8_t *)csv, sizeof(csv) - 1 };
	struct sheet_source source = sheet_from_bytes(&bytes);
	struct sheet_fault fault;
	SHEET_SCOPED s = NULL;
	struct sheet_row row;
	assert_int_equal(sheet_open(a, &source, NULL, &fault, &s), 0);
	for (size_t i = 0; i < COUNT(shapes); i++) {
		assert_int_equal(sheet_next(s, &row), 1);
		assert_int_equal(sheet_row_shape(&row), shapes[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_is_read_as_spreadsheets_write_it),
		cmocka_unit_test(the_delimiter_is_found),
		cmocka_unit_test(every_usual_encoding_is_recognised),
		cmocka_unit_test(a_few_broken_characters_are_shown_and_marked),
		cmocka_unit_test(cells_across_pieces_are_whole),
		cmocka_unit_test(bad_files_say_what_is_wrong_and_where),
		cmocka_unit_test(limits_hold_for_csv),
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
		cmocka_unit_test(the_header_is_found_under_titles_and_notes),
		cmocka_unit_test(a_sheet_without_header_is_empty),
		cmocka_unit_test(rows_that_are_no_data_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
