/* Lines of IMAP. */
#include "net/imap_line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"

int64_t imap_number_after(const char *line, const char *word)
{
	size_t n = strlen(word);
	for (const char *p = line; (p = strcasestr(p, word)) != NULL; p += n) {
		bool begins = p == line || strchr(" ([", p[-1]);
		if (!begins || p[n] != ' ' || p[n + 1] < '0' || p[n + 1] > '9')
			continue;
		errno = 0;
		long long v = strtoll(p + n + 1, NULL, 10);
		return errno || v > INT64_C(0xFFFFFFFFFF) ? -1 : v;
	}
	return -1;
}

/* "17-Jul-1996 02:44:25 -0700" */
static int64_t moment_of(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int day, year, hour, minute, second, zone;
	char month[4] = "";
	if (sscanf(text, "%2d-%3s-%4d %2d:%2d:%2d %5d", &day, month, &year, &hour, &minute, &second, &zone) != 7 || strlen(month) != 3)
		return 0;
	const char *at = strstr(months, month);
	if (!at || (at - months) % 3 || year < 1970 || year > 3000 || day < 1 || day > 31)
		return 0;
	int64_t days = day_join(year, (int)(at - months) / 3 + 1, day);
	int offset = zone / 100 * 60 + zone % 100;
	return ((days * 24 + hour) * 60 + minute - offset) * MINUTE_MS + second * SECOND_MS;
}

bool imap_item_read(const char *line, struct imap_item *out)
{
	const char *date = strcasestr(line, "INTERNALDATE \"");
	*out = (struct imap_item){ .uid = imap_number_after(line, "UID"), .size = imap_number_after(line, "RFC822.SIZE") };
	if (date)
		out->at_ms = moment_of(date + strlen("INTERNALDATE \"") + strspn(date + strlen("INTERNALDATE \""), " "));
	return strncmp(line, "* ", 2) == 0 && strcasestr(line, " FETCH (") && out->uid > 0;
}

int64_t imap_literal_of(const char *line, size_t n)
{
	if (n < 3 || line[n - 1] != '}')
		return -1;
	const char *open = memrchr(line, '{', n);
	if (!open || open[1] < '0' || open[1] > '9')
		return -1;
	char *end;
	errno = 0;
	long long v = strtoll(open + 1, &end, 10);
	end += *end == '+';
	return errno || end != line + n - 1 ? -1 : v;
}

bool imap_quote(const char *text, char *out, size_t room)
{
	size_t n = 0;
	if (room < 3)
		return false;
	out[n++] = '"';
	for (const char *p = text; *p; p++) {
		if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7F || n + 4 > room)
			return false;
		if (*p == '"' || *p == '\\')
			out[n++] = '\\';
		out[n++] = *p;
	}
	out[n++] = '"';
	out[n] = 0;
	return true;
}
