/* A log line is one line of valid JSON whatever it is given. */
#include "base/test.h"

#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"

struct sink {
	struct clock clock;
	struct log log;
	int ends[2];
	char line[8192];
};

static void open_sink(struct sink *s, enum log_level least)
{
	assert_int_equal(pipe(s->ends), 0);
	clock_manual(&s->clock, INT64_C(1795329120007));
	log_init(&s->log, s->ends[1], least, &s->clock);
}

static const char *close_sink(struct sink *s)
{
	close(s->ends[1]);
	ssize_t n = read(s->ends[0], s->line, sizeof(s->line) - 1);
	close(s->ends[0]);
	s->line[n < 0 ? 0 : n] = 0;
	return s->line;
}

static void a_line_names_time_level_and_pairs(void **state)
{
	struct sink s;
	open_sink(&s, LOG_INFO);
	log_write(&s.log, LOG_WARN, "request refused", "request", "7f", "field", NULL, NULL);
	assert_string_equal(close_sink(&s), "{\"at\":\"2026-11-22T06:32:00.007Z\",\"level\":\"warn\",\"what\":\"request refused\","
	                                    "\"request\":\"7f\",\"field\":null}\n");
}

static void nothing_from_outside_starts_a_line_of_its_own(void **state)
{
	static const char *const hostile[] = {
		"a\nb", "\"},{\"level\":\"error", "\\", "\x1B[2J", "\xFF\xC0\x80", "\xE6\xBC", "\xED\xA0\x80", "\xF0\x9F\x98\x80 漏水", "\x7F",
	};
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		struct sink s;
		open_sink(&s, LOG_DEBUG);
		log_write(&s.log, LOG_INFO, "x", "value", hostile[i], NULL);
		const char *line = close_sink(&s);
		size_t n = strlen(line);
		assert_ptr_equal(strchr(line, '\n'), line + n - 1);
		if (!json_is_valid(line, n, 2) || !utf8_is_text(line, n))
			fail_msg("case %zu: %s", i, line);
	}
}

static void a_long_value_is_cut_and_the_line_stays_valid(void **state)
{
	static char value[20000];
	for (size_t n = 3900; n < 4200; n++) {
		struct sink s;
		memset(value, n % 3 ? 'a' : '"', n);
		value[n] = 0;
		open_sink(&s, LOG_DEBUG);
		log_write(&s.log, LOG_INFO, "x", "value", value, "after", "b", "again", value, NULL);
		const char *line = close_sink(&s);
		if (!json_is_valid(line, strlen(line), 2))
			fail_msg("length %zu", n);
	}
}

static void levels_below_the_least_are_counted_but_not_written(void **state)
{
	struct sink s;
	open_sink(&s, LOG_WARN);
	log_write(&s.log, LOG_DEBUG, "x", NULL);
	log_write(&s.log, LOG_INFO, "x", NULL);
	assert_string_equal(close_sink(&s), "");
	assert_int_equal(s.log.written[LOG_INFO], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_names_time_level_and_pairs),
		cmocka_unit_test(nothing_from_outside_starts_a_line_of_its_own),
		cmocka_unit_test(a_long_value_is_cut_and_the_line_stays_valid),
		cmocka_unit_test(levels_below_the_least_are_counted_but_not_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
