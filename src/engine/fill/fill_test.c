/* Texts with variables: a table of what is written and what is refused, and any text against a model that reads it the plain way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/test.h"
#include "base/text.h"
#include "engine/fill/fill.h"

static const char *const names[] = { "customer.name", "ticket.no", "company.phone", "x" };
enum { NAMES = 4 };

static void writes_as_the_table_says(void **state)
{
	(void)state;
	static const struct {
		const char *text, *values[NAMES], *out;
		uint64_t missing;
	} cases[] = {
		{ "", { 0 }, "", 0 },
		{ "您好", { 0 }, "您好", 0 },
		{ "{{customer.name}}您好", { "王小明" }, "王小明您好", 0 },
		{ "{{ customer.name }} {{ticket.no}}", { "王", "SR1" }, "王 SR1", 0 },
		{ "{{customer.name|客户}}您好", { NULL }, "客户您好", 0 },
		{ "{{customer.name| 客 户 }}您好", { "" }, "客 户您好", 0 },
		{ "{{customer.name|}}您好", { NULL }, "您好", 0 },
		{ "{{customer.name|a|b}}", { NULL }, "a|b", 0 },
		{ "{{customer.name|客户}}", { "王" }, "王", 0 },
		{ "{{customer.name}}您好，{{ticket.no}}", { NULL, "SR1" }, "您好，SR1", 1 },
		{ "{{customer.name}} {{customer.name}} {{company.phone}}", { NULL }, "  ", 5 },
		{ "{{customer.name}}", { "  " }, "", 1 },
		{ "a { b } c {", { 0 }, "a { b } c {", 0 },
		{ "{{x}}", { [3] = "{{company.phone}}" }, "{{company.phone}}", 0 },
		{ "{{x}}{{x}}", { [3] = "{" }, "{{", 0 },
		{ "{{{x}}", { 0 }, NULL, 0 },
		{ "{{x|{}}", { 0 }, "{", 0 },
		{ "{{x}}}", { [3] = "1" }, "1}", 0 },
		{ "<b>{{x}}</b>", { [3] = "<script>alert(1)</script>" }, "<b><script>alert(1)</script></b>", 0 },
		{ "{{\n x \r\n|\t}}", { 0 }, "", 0 },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fill f;
		struct fill_fault fault;
		uint64_t missing;
		int r = fill_cut(a, cases[i].text, names, NAMES, &f, &fault);
		if (!cases[i].out) {
			assert_int_equal(r, ERR_TEMPLATE_VARIABLE);
			continue;
		}
		assert_int_equal(r, 0);
		assert_string_equal(fill_write(a, &f, cases[i].values, &missing), cases[i].out);
		assert_int_equal(missing, cases[i].missing);
	}
}

static void names_the_place_of_what_is_wrong(void **state)
{
	(void)state;
	static const struct { const char *text; int code; size_t at, n; } cases[] = {
		{ "ab{{customer.nam}}", ERR_TEMPLATE_VARIABLE, 4, 12 },
		{ "{{ no |x}}", ERR_TEMPLATE_VARIABLE, 3, 2 },
		{ "{{}}", ERR_TEMPLATE_VARIABLE, 2, 0 },
		{ "{{Customer.Name}}", ERR_TEMPLATE_VARIABLE, 2, 13 },
		{ "ab{{x", ERR_TEMPLATE_BRACES, 2, 2 },
		{ "ab{{x}", ERR_TEMPLATE_BRACES, 2, 2 },
		{ "{{x {{x}}", ERR_TEMPLATE_BRACES, 0, 2 },
		{ "{{x|{{x}}}}", ERR_TEMPLATE_BRACES, 0, 2 },
		{ "{{x}} }} ", ERR_TEMPLATE_BRACES, 6, 2 },
		{ "}}", ERR_TEMPLATE_BRACES, 0, 2 },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fill f;
		struct fill_fault fault;
		assert_int_equal(fill_cut(a, cases[i].text, names, NAMES, &f, &fault), cases[i].code);
		assert_int_equal(fault.code, cases[i].code);
		assert_int_equal(fault.at, cases[i].at);
		assert_int_equal(fault.n, cases[i].n);
	}
}

static void a_text_of_too_many_pieces_is_refused(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	struct text t = text_in(a);
	struct fill f;
	struct fill_fault fault;
	for (int i = 0; i < FILL_PIECES_MOST; i++)
		text_append(&t, "{{x}}");
	assert_int_equal(fill_cut(a, text_end(&t), names, NAMES, &f, &fault), 0);
	text_append(&t, ".");
	assert_int_equal(fill_cut(a, text_end(&t), names, NAMES, &f, &fault), ERR_TEMPLATE_LIMIT);
}

/* Any text ------------------------------------------------------------------------------------------------------------------ */

static uint64_t seed = 7;
static size_t draw(size_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(seed >> 33) % n;
}

/* Pieces that make trouble when they meet. */
static const char *any_text(struct arena *a, size_t most)
{
	static const char *const bits[] = { "{{", "}}", "{", "}", "|", " ", "customer.name", "ticket.no", "company.phone", "x", "王", "<b>", "\n", "{{x}}", "{{company.phone}}", "{{x|客}}", "a" };
	struct text t = text_in(a);
	for (size_t i = draw(most + 1); i > 0; i--)
		text_append(&t, bits[draw(sizeof(bits) / sizeof(*bits))]);
	return text_end(&t);
}

/* The plain way: find the braces, put the value there, go on behind them. NULL: refused. */
static const char *model(struct arena *a, const char *text, const char *const *values, bool *complete)
{
	struct text t = text_in(a);
	*complete = true;
	for (const char *p = text; *p;) {
		if (!strncmp(p, "}}", 2))
			return NULL;
		if (strncmp(p, "{{", 2)) {
			text_char(&t, *p++);
			continue;
		}
		const char *q = p + 2;
		while (*q && strncmp(q, "}}", 2) && strncmp(q, "{{", 2))
			q++;
		if (strncmp(q, "}}", 2))
			return NULL;
		char *inner = arena_string_n(a, p + 2, (size_t)(q - p - 2)), *bar = strchr(inner, '|'), *name = inner;
		if (bar)
			*bar++ = 0;
		name += strspn(name, " \n");
		name = arena_string_n(a, name, strcspn(name, " \n"));
		size_t i = 0;
		const char *rest = inner + strspn(inner, " \n") + strlen(name);
		while (i < NAMES && strcmp(names[i], name))
			i++;
		if (i == NAMES || rest[strspn(rest, " \n")])
			return NULL;
		if (!text_empty(values[i])) {
			text_append(&t, values[i]);
		} else if (bar) {
			bar += strspn(bar, " \n");
			size_t n = strlen(bar);
			while (n && strchr(" \n", bar[n - 1]))
				n--;
			text_append_n(&t, bar, n);
		} else {
			*complete = false;
		}
		p = q + 2;
	}
	return text_end(&t);
}

static void any_text_is_filled_once_as_the_model_says(void **state)
{
	(void)state;
	size_t filled = 0, refused = 0, n = by_level(20000, 100000, 1000000);
	for (size_t i = 0; i < n; i++) {
		ARENA_SCOPED a = arena_new();
		const char *text = any_text(a, 8), *values[NAMES];
		struct fill f;
		struct fill_fault fault;
		uint64_t missing;
		bool complete;
		for (size_t k = 0; k < NAMES; k++)
			values[k] = draw(3) ? any_text(a, 4) : NULL;
		const char *said = model(a, text, values, &complete);
		int r = fill_cut(a, text, names, NAMES, &f, &fault);
		assert_int_equal(r == 0, said != NULL);
		refused += r != 0;
		if (r != 0) {
			assert_true(fault.at + fault.n <= strlen(text));
			continue;
		}
		filled++;
		assert_string_equal(fill_write(a, &f, values, &missing), said);
		assert_int_equal(missing == 0, complete);
		assert_int_equal(missing & ~f.used, 0);
	}
	assert_true(filled > n / 20 && refused > n / 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_as_the_table_says),
		cmocka_unit_test(names_the_place_of_what_is_wrong),
		cmocka_unit_test(a_text_of_too_many_pieces_is_refused),
		cmocka_unit_test(any_text_is_filled_once_as_the_model_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
