/* CSV as programs write it, in every encoding, broken and hostile; and where a list begins. */
#include "engine/sheet/sheet_fixture_test.h"

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
		cmocka_unit_test(the_header_is_found_under_titles_and_notes),
		cmocka_unit_test(a_sheet_without_header_is_empty),
		cmocka_unit_test(rows_that_are_no_data_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
