#include "channel/model/model_marks.h"

#include <string.h>

enum { DIGITS_MOST = 9 };

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

static const char *number(const char *p, int64_t *out)
{
	size_t n = strspn(p, "0123456789");
	*out = 0;
	for (size_t i = 0; i < n && n <= DIGITS_MOST; i++)
		*out = *out * 10 + (p[i] - '0');
	return n && n <= DIGITS_MOST ? p + n : NULL;
}

static const char *mark(const char *p, struct model_mark *out)
{
	p = number(p, &out->criterion);
	if (!p || *p != ':')
		return NULL;
	p = number(p + 1, &out->message);
	return p && (!*p || strchr(" \t\r\n", *p)) ? p : NULL;
}

static bool is_there(const struct model_mark *marks, size_t n, const struct model_mark *m)
{
	for (size_t i = 0; i < n; i++)
		if (marks[i].criterion == m->criterion && marks[i].message == m->message)
			return true;
	return false;
}

bool model_marks_read(const char *answer, size_t criteria, struct model_mark marks[static MODEL_MARKS_MOST], size_t *n)
{
	const char *p = skip_blanks(answer);
	size_t none = strlen(MODEL_NO_MARK);
	*n = 0;
	if (!strncmp(p, MODEL_NO_MARK, none))
		return !*skip_blanks(p + none);
	for (; *p; p = skip_blanks(p)) {
		struct model_mark m;
		p = mark(p, &m);
		if (!p || *n == MODEL_MARKS_MOST || m.criterion < 1 || m.criterion > (int64_t)criteria || m.message < 1)
			return false;
		if (!is_there(marks, *n, &m))
			marks[(*n)++] = m;
	}
	return *n > 0;
}
