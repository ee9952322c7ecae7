/* How fast the pure engines are on one core: engine_bench [TEXTS LIST…]
 *
 * Calendars and conditions need no data. TEXTS holds a text per line, the last field after a tab (such as real reviews); each LIST is a spreadsheet. Prints a line of
 * JSON per figure, as ./dev bench does. Build it with the release build: ninja -C build/release engine_bench. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/calendar/calendar.h"
#include "engine/clean/clean.h"
#include "engine/expr/expr_bench.h"
#include "engine/grade/grade.h"
#include "engine/quality/quality.h"
#include "engine/redact/redact.h"
#include "engine/route/route.h"
#include "engine/sheet/sheet.h"

enum { MOST_TEXTS = 100000, ROUNDS = 5 };

static void print(const char *name, double value, const char *unit)
{
	printf("{\"name\":\"%s\",\"value\":%.4g,\"unit\":\"%s\"}\n", name, value, unit);
}

/* Of processor time: what others do on the machine does not count. */
static double seconds_since(clock_t from)
{
	return (double)(clock() - from) / CLOCKS_PER_SEC;
}

/* ---- texts ---- */

struct texts {
	const char *line[MOST_TEXTS];
	size_t count, bytes;
};

static bool read_texts(struct arena *a, const char *path, struct texts *t)
{
	char line[65536];
	FILE *file = fopen(path, "r");
	while (file && t->count < MOST_TEXTS && fgets(line, sizeof(line), file)) {
		const char *tab = strrchr(line, '\t');
		t->line[t->count] = arena_string(a, tab ? tab + 1 : line);
		t->bytes += strlen(t->line[t->count++]);
	}
	if (file)
		fclose(file);
	return t->count > 0;
}

static void measure_redact(const struct texts *t)
{
	ARENA_SCOPED a = arena_new();
	clock_t from = clock();
	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < t->count; i++) {
			redact(a, t->line[i], strlen(t->line[i]), NULL);
			arena_reset(a);
		}
	print("redact", (double)t->bytes * ROUNDS / 1e6 / seconds_since(from), "MB/s");
}

static void measure_grade(const struct texts *t)
{
	struct grade_proposal p;
	clock_t from = clock();
	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < t->count; i++)
			grade_propose(NULL, 0, t->line[i], &p);
	print("grade", (double)t->count * ROUNDS / seconds_since(from), "texts/s");
}

/* ---- lists ---- */

static int64_t read_file(void *self, uint64_t offset, void *buffer, size_t n)
{
	ssize_t got = pread(*(int *)self, buffer, n, (off_t)offset);
	return got < 0 ? ERR_INTERNAL : got;
}

/* Every cell through every cleaner: more than any import does. */
static void clean_row(struct arena *a, const struct sheet_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		const char *s = row->cells[i].text;
		struct clean_phone phone;
		struct clean_date date;
		struct clean_name name;
		struct clean_address address;
		const char *serial;
		int64_t fen;
		int refused = (clean_phone(a, s, &phone) < 0) + (clean_date(a, s, DATE_BASE_1900, &date) < 0) + (clean_name(a, s, &name) < 0) +
			      (clean_address(a, s, &address) < 0) + (clean_serial(a, s, &serial) < 0) + (clean_money(a, s, &fen) < 0);
		if (refused > 6)
			abort();
	}
	arena_reset(a);
}

enum work { READ, READ_AND_CLEAN };

static int read_list(int file, uint64_t size, enum work work, size_t *rows, size_t *memory)
{
	ARENA_SCOPED a = arena_new();
	ARENA_SCOPED scratch = arena_new();
	struct sheet_source source = { .size = size, .read_at = read_file, .self = &file };
	struct sheet_fault fault;
	struct sheet_row row;
	SHEET_SCOPED s = NULL;
	TRY(sheet_open(a, &source, NULL, &fault, &s));
	int r;
	for (*rows = 0; (r = sheet_next(s, &row)) > 0; ++*rows)
		if (work == READ_AND_CLEAN)
			clean_row(scratch, &row);
	*memory = arena_size(a);
	return r;
}

static int measure_list(const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	char name[120];
	struct stat st;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0 || fstat(file, &st) < 0)
		return ERR_NOT_FOUND;
	for (enum work work = READ; work <= READ_AND_CLEAN; work++) {
		size_t rows, memory;
		clock_t from = clock();
		int r = read_list(file, (uint64_t)st.st_size, work, &rows, &memory);
		if (r < 0) {
			close(file);
			return r;
		}
		snprintf(name, sizeof(name), "%s %s", work == READ ? "read" : "read_and_clean", base);
		print(name, (double)rows / seconds_since(from), "rows/s");
		if (work == READ) {
			snprintf(name, sizeof(name), "memory %s", base);
			print(name, (double)memory / 1e6, "MB");
		}
	}
	close(file);
	return 0;
}

/* ---- inspection ---- */

enum { TALKS = 20000, TALK_MESSAGES = 20, PHRASES = 25 };

/* Twelve rules of 25 phrases over twenty messages: what the appliance pack comes to. */
static void measure_quality(void)
{
	static const char *const said[] = { "您好，很高兴为您服务，请问有什么可以帮您？", "洗衣机脱水的时候声音很大，是不是坏了", "请您看一下四个脚是否放平，机器后面的运输螺栓有没有拆掉", "拆了，还是响，什么时候能上门" };
	ARENA_SCOPED a = arena_new();
	ARENA_SCOPED scratch = arena_new();
	struct quality_message m[TALK_MESSAGES];
	struct quality_check checks[QUALITY_KINDS + 1];
	const char *lines = "";
	for (int i = 0; i < PHRASES; i++)
		lines = arena_format(a, "%s这句话没有人说过%d\n明天*联系%d\n", lines, i, i);
	for (size_t k = 0; k <= QUALITY_KINDS; k++)
		checks[k] = (struct quality_check){ .kind = k < QUALITY_KINDS ? (enum quality_kind)k : QUALITY_FORBIDDEN, .words = quality_words_new(a, lines), .except = quality_words_new(a, lines), .answers = quality_words_new(a, lines), .count = 2, .ms = 300000, .weight = 5 };
	for (size_t i = 0; i < TALK_MESSAGES; i++)
		m[i] = (struct quality_message){ .no = (int64_t)i + 1, .at = (time_ms)i * 60000, .side = i % 2 ? SIDE_CUSTOMER : SIDE_STAFF, .is_public = true, .by = 1, .text = said[i % 4] };
	const struct quality_talk talk = { .messages = m, .n = TALK_MESSAGES, .taken_at = 1, .closed_at = 3600000, .now = 7200000 };
	clock_t from = clock();
	for (int i = 0; i < TALKS; i++) {
		struct quality_spot *found;
		time_ms look;
		quality_inspect(scratch, &talk, checks, QUALITY_KINDS + 1, &found, &look);
		arena_reset(scratch);
	}
	print("quality", TALKS / seconds_since(from), "conversations/s");
}

/* ---- calendars ---- */

enum { CALENDAR_ROUNDS = 2000000, COMPILE_ROUNDS = 2000 };

/* Office hours with a break, twenty days that differ in each of 25 years. */
static void make_source(struct arena *a, const char *zone_name, struct calendar_source *s)
{
	static const struct calendar_hours office[] = { { 9 * HOUR_MS, 12 * HOUR_MS }, { 13 * HOUR_MS, 18 * HOUR_MS } };
	struct calendar_day *days = ARENA_ARRAY(a, struct calendar_day, 500);
	*s = (struct calendar_source){ .days = days, .day_count = 500 };
	if (zone_load(a, zone_name, &s->zone) < 0)
		abort();
	for (int i = 0; i < 5; i++)
		s->week[i] = (struct calendar_plan){ office, 2 };
	for (int i = 0; i < 500; i++)
		days[i] = (struct calendar_day){ .day = day_join(2020 + i / 20, 1 + i % 12, 1 + i % 27), .kind = i % 4 ? DAY_CLOSED : DAY_AS };
}

/* Starts all over 20 years, so that neither branches nor caches learn the answer. */
static time_ms start_of(int i)
{
	return (day_join(2022, 1, 1) + (int64_t)i * 7919 % 7300) * DAY_MS + (int64_t)i * 104729 % DAY_MS;
}

static void print_of(const char *figure, const char *zone_name, double value, const char *unit)
{
	char name[100];
	snprintf(name, sizeof(name), "%s %s", figure, zone_name);
	print(name, value, unit);
}

static void measure_questions(const struct calendar *c, const char *zone_name)
{
	int64_t sum = 0, work = 60 * 8 * HOUR_MS;               /* sixty working days: about three months */
	struct time_span spans[4];
	struct pauses pauses = { spans, 4 };
	clock_t from = clock();
	for (int i = 0; i < CALENDAR_ROUNDS; i++)
		sum += calendar_add(c, start_of(i), work, NULL);
	print_of("calendar_add_3_months", zone_name, seconds_since(from) / CALENDAR_ROUNDS * 1e9, "ns");
	from = clock();
	for (int i = 0; i < CALENDAR_ROUNDS; i++)
		sum += calendar_between(c, start_of(i), start_of(i) + 90 * DAY_MS, NULL);
	print_of("calendar_between_3_months", zone_name, seconds_since(from) / CALENDAR_ROUNDS * 1e9, "ns");
	from = clock();
	for (int i = 0; i < CALENDAR_ROUNDS; i++) {
		for (int k = 0; k < 4; k++)
			spans[k] = (struct time_span){ start_of(i) + (k * 20 + 3) * DAY_MS, start_of(i) + (k * 20 + 5) * DAY_MS };
		sum += calendar_add(c, start_of(i), work, &pauses);
	}
	print_of("calendar_add_4_pauses", zone_name, seconds_since(from) / CALENDAR_ROUNDS * 1e9, "ns");
	from = clock();
	const int fewer = CALENDAR_ROUNDS / 10;
	for (int i = 0; i < fewer; i++)
		sum += calendar_next_close(c, start_of(i));
	print_of("calendar_next_close", zone_name, seconds_since(from) / fewer * 1e9, "ns");
	if (sum == 0)
		abort();
}

static void measure_calendar(const char *zone_name)
{
	ARENA_SCOPED a = arena_new();
	ARENA_SCOPED scratch = arena_new();
	struct calendar_source s;
	struct zone z;
	make_source(a, zone_name, &s);
	clock_t from = clock();
	for (int i = 0; i < COMPILE_ROUNDS; i++) {
		calendar_compile(scratch, &s);
		arena_reset(scratch);
	}
	print_of("calendar_compile_500_days", zone_name, seconds_since(from) / COMPILE_ROUNDS * 1e6, "us");
	from = clock();
	for (int i = 0; i < COMPILE_ROUNDS; i++) {
		if (zone_load(scratch, zone_name, &z) < 0)
			abort();
		arena_reset(scratch);
	}
	print_of("zone_load", zone_name, seconds_since(from) / COMPILE_ROUNDS * 1e6, "us");
	struct calendar_clock k = { start_of(1), 60 * 8 * HOUR_MS, { 0 } };
	struct calendar *c = calendar_compile(a, &s);
	from = clock();
	for (int i = 0; i < COMPILE_ROUNDS; i++) {
		calendar_ledger(scratch, c, &k, k.from);
		arena_reset(scratch);
	}
	print_of("calendar_ledger_3_months", zone_name, seconds_since(from) / COMPILE_ROUNDS * 1e6, "us");
	measure_questions(c, zone_name);
}

/* ---- conditions ---- */

static void measure_conditions(void)
{
	struct expr_bench b;
	expr_bench_run(&b);
	print("condition_mixed", b.mixed_per_second / 1e6, "M/s");
	print("condition_mixed_by_hand", b.mixed_floor / 1e6, "M/s");
	print("condition_whole", b.whole_per_second / 1e6, "M/s");
	print("condition_whole_by_hand", b.whole_floor / 1e6, "M/s");
	print("condition_bind", b.bind_ns, "ns");
	print("condition_read", b.read_us, "us");
}

/* ---- routing ---- */

enum { FLOOR_WAITING = 200, FLOOR_AGENTS = 200, FLOOR_ROUNDS = 200 };

/* A hall of two hundred people with room for half of two hundred who wait, in four queues of two languages. */
static void measure_route(void)
{
	ARENA_SCOPED a = arena_new();
	static struct route_queue queues[4];
	static struct route_waiting waiting[FLOOR_WAITING];
	static struct route_agent agents[FLOOR_AGENTS];
	static int64_t of[FLOOR_AGENTS];
	static struct route_pair pairs[FLOOR_WAITING];
	for (int64_t i = 0; i < 4; i++)
		queues[i] = (struct route_queue){ .id = i + 1, .overflow_id = (i + 1) % 4 + 1, .overflow_ms = 500, .favour_ms = 100 };
	for (int64_t i = 0; i < FLOOR_WAITING; i++)
		waiting[i] = (struct route_waiting){ .id = i + 1, .queue_id = i % 4 + 1, .priority = i % 3, .since = i * 7919 % 1000, .languages = i % 5 ? 0 : 2, .last_agent = i % 7 ? 0 : i, .weight = 10 };
	for (int64_t i = 0; i < FLOOR_AGENTS; i++) {
		of[i] = i % 4 + 1;
		agents[i] = (struct route_agent){ .id = i + 1, .ready = true, .load = i % 2 * 50, .most = 55, .languages = i % 3 ? 1 : 3, .queues = &of[i], .queue_count = 1, .idle_since = i * 104729 % 1000 };
	}
	struct route_floor f = { queues, 4, waiting, FLOOR_WAITING, agents, FLOOR_AGENTS, 1000 };
	size_t sum = 0;
	clock_t from = clock();
	for (int i = 0; i < FLOOR_ROUNDS; i++) {
		ARENA_SCOPED scratch = arena_new();
		sum += route_assign(scratch, &f, pairs);
	}
	print("route_200_waiting_200_agents", seconds_since(from) / FLOOR_ROUNDS * 1e6, "us");
	if (sum == 0)
		abort();
}

int main(int argc, char **argv)
{
	static struct texts texts;
	ARENA_SCOPED a = arena_new();
	measure_calendar("Asia/Shanghai");
	measure_calendar("Europe/Berlin");
	measure_conditions();
	measure_route();
	measure_quality();
	if (argc < 2)
		return 0;
	if (!read_texts(a, argv[1], &texts)) {
		fprintf(stderr, "engine_bench [TEXTS LIST…]\n");
		return 2;
	}
	measure_redact(&texts);
	measure_grade(&texts);
	for (int i = 2; i < argc; i++)
		if (measure_list(argv[i]) < 0) {
			fprintf(stderr, "%s cannot be read\n", argv[i]);
			return 1;
		}
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	print("memory_peak", (double)usage.ru_maxrss / 1e3, "MB");
	return 0;
}
