/* How fast a condition of five terms is over rows in memory, beside the same written by hand in C. */
#pragma once

struct expr_bench {
	double mixed_per_second, mixed_floor;   /* rows of every kind: half of them are out after two terms */
	double whole_per_second, whole_floor;   /* rows that pass all five */
	double bind_ns, read_us;                /* a program to another instant; a text to a program */
};

void expr_bench_run(struct expr_bench *b);
