/* Reads one list with the spreadsheet reader and the cleaners and prints what they make of every cell.
 *
 * sheet_probe FILE: a line per row, number and then for each column "=value" or "!error code", separated by tabs. What is
 * right is decided by test_sheets.py and expected.json. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "engine/clean/clean.h"
#include "engine/sheet/sheet.h"

typedef int clean_cell(struct arena *a, const char *s, const char **out);

static int clean_phone_cell(struct arena *a, const char *s, const char **out)
{
	struct clean_phone phone;
	TRY(clean_phone(a, s, &phone));
	*out = phone.value;
	return 0;
}

static int clean_date_cell(struct arena *a, const char *s, const char **out)
{
	struct clean_date date;
	char written[16];
	TRY(clean_date(a, s, DATE_BASE_1900, &date));
	day_format(date.day, written);
	*out = arena_string(a, written);
	return 0;
}

static int clean_money_cell(struct arena *a, const char *s, const char **out)
{
	int64_t fen;
	TRY(clean_money(a, s, &fen));
	*out = arena_format(a, "%" PRId64, fen);
	return 0;
}

static int clean_name_cell(struct arena *a, const char *s, const char **out)
{
	struct clean_name name;
	TRY(clean_name(a, s, &name));
	*out = *name.title ? arena_format(a, "%s+%s", name.name, name.title) : name.name;
	return 0;
}

static int clean_area_cell(struct arena *a, const char *s, const char **out)
{
	struct clean_address address;
	TRY(clean_address(a, s, &address));
	*out = arena_format(a, "%s/%s/%s%s", address.province, address.city, address.district, address.street);
	return 0;
}

static int clean_text_cell(struct arena *a, const char *s, const char **out)
{
	*out = clean_text(a, s);
	return 0;
}

static const struct column {
	const char *header;
	clean_cell *clean;
} columns[] = {
	{ "联系电话", clean_phone_cell }, { "备用电话", clean_phone_cell }, { "建档日期", clean_date_cell }, { "购买日期", clean_date_cell },
	{ "安装日期", clean_date_cell }, { "金额(元)", clean_money_cell }, { "累计消费(元)", clean_money_cell }, { "客户姓名", clean_name_cell },
	{ "省市区", clean_area_cell }, { "产品序列号", clean_serial }, { "产品型号", clean_serial }, { "电子邮箱", clean_mail },
};

static clean_cell *clean_for(const struct cell *header)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (strcmp(columns[i].header, header->text) == 0)
			return columns[i].clean;
	return clean_text_cell;
}

static int64_t read_file(void *self, uint64_t offset, void *buffer, size_t n)
{
	ssize_t got = pread(*(int *)self, buffer, n, (off_t)offset);
	return got < 0 ? ERR_INTERNAL : got;
}

static void print_row(struct arena *a, const struct sheet_row *header, const struct sheet_row *row)
{
	printf("%u", row->number);
	for (size_t i = 0; i < header->count; i++) {
		const char *out = "";
		int r = clean_for(&header->cells[i])(a, i < row->count ? row->cells[i].text : "", &out);
		printf("\t%s%s", r < 0 ? "!" : "=", r < 0 ? error_name(r) : out);
	}
	putchar('\n');
}

static int print_all(struct sheet *s, struct arena *scratch)
{
	struct sheet_row header, row;
	int r;
	TRY(sheet_header(s, NULL, 0, &header));
	printf("header\t%u\t%zu\n", header.number, header.count);
	while ((r = sheet_next(s, &row)) > 0) {
		if (sheet_row_shape(&row) == ROW_DATA)
			print_row(scratch, &header, &row);
		arena_reset(scratch);
	}
	return r;
}

int main(int argc, char **argv)
{
	int file = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	struct stat st;
	if (file < 0 || fstat(file, &st) < 0)
		return 2;
	ARENA_SCOPED a = arena_new();
	ARENA_SCOPED scratch = arena_new();
	struct sheet_source source = { .size = (uint64_t)st.st_size, .read_at = read_file, .self = &file };
	struct sheet_fault fault;
	SHEET_SCOPED s = NULL;
	int r = sheet_open(a, &source, NULL, &fault, &s);
	if (r == 0)
		r = print_all(s, scratch);
	if (r < 0)
		fprintf(stderr, "row %u column %u: %s\n", fault.row, fault.column, error_text(r, LANG_EN, fault.arg, a));
	close(file);
	return r < 0 ? 1 : 0;
}
