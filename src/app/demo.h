/* The demo company: words and people from which `anxin demo` draws a believable year. Everything it shows is invented. */
#pragma once

#include <stddef.h>

struct demo_model {
	const char *product, *code, *name;
};

struct demo_problem {
	const char *product, *symptoms, *text, *steps, *result, *grade;
};

extern const struct demo_product { const char *code, *name, *name_en; int months; } demo_products[];
extern const struct demo_model demo_models[];
extern const struct demo_problem demo_problems[];
extern const struct demo_staff { const char *account, *name, *team, *phone; int role; } demo_staff[];
extern const char *const demo_surnames[], *const demo_given[], *const demo_streets[], *const demo_notes[], *const demo_replies[], *const demo_facts[];
extern const struct demo_place { const char *province, *city, *district; } demo_places[];
extern const size_t demo_product_count, demo_model_count, demo_problem_count, demo_staff_count, demo_surname_count, demo_given_count,
	demo_street_count, demo_note_count, demo_reply_count, demo_fact_count, demo_place_count;

#define DEMO_PASSWORD "anxin-demo"
