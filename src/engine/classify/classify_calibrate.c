/* Logistic regression on five signs, by Newton's method with a little ridge: some hundred samples, six weights. */
#include <math.h>
#include <string.h>

#include "engine/classify/classify_private.h"

enum { SIGNS = 6, STEPS = 40 };

/* Holds weights of what never changes among the samples at nothing, and those of samples that are parted without fault at something finite. */
#define RIDGE 0.5

static void signs_of(const struct classify_evidence *e, double out[static SIGNS])
{
	const double all[SIGNS] = { 1, e->top, fmin(e->margin, CLASSIFY_MOST_MARGIN), e->outside, e->nearest, e->known };
	memcpy(out, all, sizeof(all));
}

/* a × x = b by Gauss, a being symmetric with a ridge: no pivot is 0. b becomes x. */
static void solve(double a[SIGNS][SIGNS], double b[SIGNS])
{
	for (size_t i = 0; i < SIGNS; i++)
		for (size_t row = i + 1; row < SIGNS; row++) {
			double factor = a[row][i] / a[i][i];
			for (size_t k = i; k < SIGNS; k++)
				a[row][k] -= factor * a[i][k];
			b[row] -= factor * b[i];
		}
	for (size_t i = SIGNS; i-- > 0;) {
		for (size_t k = i + 1; k < SIGNS; k++)
			b[i] -= a[i][k] * b[k];
		b[i] /= a[i][i];
	}
}

/* One step towards the likeliest weights; how far it went. */
static double improve(const struct classify_sample *samples, size_t n, bool (*is)(const struct classify_sample *s), double w[SIGNS])
{
	double curve[SIGNS][SIGNS] = { 0 }, slope[SIGNS], far = 0;
	for (size_t i = 0; i < SIGNS; i++) {
		slope[i] = i ? -RIDGE * w[i] : 0;       /* the start is free */
		curve[i][i] = i ? RIDGE : 1e-6;
	}
	for (size_t s = 0; s < n; s++) {
		double x[SIGNS], sum = 0;
		signs_of(&samples[s].evidence, x);
		for (size_t i = 0; i < SIGNS; i++)
			sum += w[i] * x[i];
		double p = 1 / (1 + exp(-sum)), spread = fmax(p * (1 - p), 1e-6);
		for (size_t i = 0; i < SIGNS; i++) {
			slope[i] += (is(&samples[s]) - p) * x[i];
			for (size_t k = 0; k < SIGNS; k++)
				curve[i][k] += spread * x[i] * x[k];
		}
	}
	solve(curve, slope);
	for (size_t i = 0; i < SIGNS; i++) {
		double step = fmax(-4, fmin(4, slope[i]));
		w[i] += step;
		far = fmax(far, fabs(step));
	}
	return far;
}

static bool is_right(const struct classify_sample *s) { return s->right; }
static bool is_inside(const struct classify_sample *s) { return s->inside; }

static struct classify_judgement fit(const struct classify_sample *samples, size_t n, bool (*is)(const struct classify_sample *s))
{
	double w[SIGNS] = { 0 };
	for (int step = 0; step < STEPS; step++)
		if (improve(samples, n, is, w) < 1e-6)
			break;
	return (struct classify_judgement){ w[0], w[1], w[2], w[3], w[4], w[5] };
}

void classify_calibrate(const struct classify_sample *samples, size_t n, struct classify_verdicts *out)
{
	*out = (struct classify_verdicts){ fit(samples, n, is_right), fit(samples, n, is_inside) };
}
