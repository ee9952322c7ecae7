/* One line, one write: lines of several threads never mix, and nothing is held back when the process dies. */
#include "base/log.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum { LONGEST_LINE = 4096, ROOM_FOR_END = 16 };

struct line {
	size_t n;
	char p[LONGEST_LINE];
};

static void put(struct line *l, char c)
{
	if (l->n < LONGEST_LINE - ROOM_FOR_END)
		l->p[l->n++] = c;
}

static void put_plain(struct line *l, const char *s)
{
	while (*s)
		put(l, *s++);
}

/* One character that is not ASCII. A broken sequence must not break whoever reads the line, so it becomes '?'. */
static const char *put_character(struct line *l, const char *s)
{
	const char *start = s;
	uint32_t c = utf8_next(&s, s + strnlen(s, 4));
	if (c == 0xFFFD && s - start == 1) {
		put(l, '?');
		return s;
	}
	while (start < s)
		put(l, *start++);
	return s;
}

/* A quoted JSON string. */
static void put_quoted(struct line *l, const char *s)
{
	static const char digits[] = "0123456789abcdef";
	put(l, '"');
	while (*s) {
		unsigned char c = (unsigned char)*s;
		if (l->n + 8 >= LONGEST_LINE - ROOM_FOR_END)
			break;
		if (c == '"' || c == '\\') {
			put(l, '\\');
			put(l, *s++);
		} else if (c < 0x20 || c == 0x7F) {
			put_plain(l, "\\u00");
			put(l, digits[c >> 4]);
			put(l, digits[c & 15]);
			s++;
		} else if (c < 0x80) {
			put(l, *s++);
		} else {
			s = put_character(l, s);
		}
	}
	l->p[l->n++] = '"';     /* fits also in a full line: ROOM_FOR_END */
}

void log_init(struct log *l, int fd, enum log_level least, const struct clock *clock)
{
	memset(l, 0, sizeof(*l));
	l->fd = fd;
	l->least = least;
	l->clock = clock;
}

static void write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);
		if (done <= 0)
			return;         /* nobody is left to tell */
		p += done;
		n -= (size_t)done;
	}
}

void log_write(struct log *l, enum log_level level, const char *what, ...)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };
	l->written[level]++;
	if (level < l->least)
		return;
	struct line line;
	char at[32];
	line.n = 0;
	time_format(clock_now(l->clock), at);
	put_plain(&line, "{\"at\":");
	put_quoted(&line, at);
	put_plain(&line, ",\"level\":");
	put_quoted(&line, names[level]);
	put_plain(&line, ",\"what\":");
	put_quoted(&line, what);
	va_list pairs;
	va_start(pairs, what);
	for (const char *name; (name = va_arg(pairs, const char *));) {
		const char *value = va_arg(pairs, const char *);
		if (line.n + strlen(name) + 24 > LONGEST_LINE - ROOM_FOR_END)
			break;
		put(&line, ',');
		put_quoted(&line, name);
		put(&line, ':');
		if (value)
			put_quoted(&line, value);
		else
			put_plain(&line, "null");
	}
	va_end(pairs);
	memcpy(line.p + line.n, "}\n", 2);      /* put() left room */
	line.n += 2;
	write_all(l->fd, line.p, line.n);
}
