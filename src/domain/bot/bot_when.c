/* Words of days are tables; dates are read by hand. */
#include "domain/bot/bot_when.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "engine/calendar/calendar.h"

struct reading {
	const char *at;                 /* where reading goes on */
	int64_t today, day;
	enum when_side side;
	bool found, impossible;
};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

static bool take(struct reading *r, const char *word)
{
	size_t n = strlen(word);
	if (strncmp(r->at, word, n) != 0)
		return false;
	r->at += n;
	return true;
}

static void blanks(struct reading *r)
{
	while (*r->at == ' ')
		r->at++;
}

/* 0 … 99 in figures, or in Chinese up to 三十一; -1: none. */
static int number(struct reading *r)
{
	static const char *const figures[] = { "一", "二", "三", "四", "五", "六", "七", "八", "九" };
	int n = 0, tens = -1;
	if (is_digit(*r->at)) {
		for (int i = 0; i < 4 && is_digit(*r->at); i++)
			n = n * 10 + (*r->at++ - '0');
		return n;
	}
	if (take(r, "两"))
		return 2;
	for (int i = 0; i < 9 && !n; i++)
		n = take(r, figures[i]) ? i + 1 : 0;
	if (take(r, "十"))
		tens = n ? n : 1;
	if (tens < 0)
		return n ? n : -1;
	n = 0;
	for (int i = 0; i < 9 && !n; i++)
		n = take(r, figures[i]) ? i + 1 : 0;
	return tens * 10 + n;
}

static void found(struct reading *r, int64_t day)
{
	r->found = true;
	r->day = day;
}

/* Month and day of this year, or of the year in which they lie on the right side of today. */
static bool date(struct reading *r, int year, int month, int day)
{
	int y, m, d;
	day_split(r->today, &y, &m, &d);
	if (month < 1 || month > 12 || day < 1 || day > 31)
		return r->impossible = true;
	int64_t at = day_join(year ? year : y, month, day);
	if (!year && r->side == WHEN_TO_COME && at < r->today)
		at = day_join(y + 1, month, day);
	if (!year && r->side == WHEN_PAST && at > r->today)
		at = day_join(y - 1, month, day);
	day_split(at, &y, &m, &d);
	r->impossible = m != month || d != day;
	if (!r->impossible)
		found(r, at);
	return true;
}

/* 12月3号, 12-3, 12/3, 2026年12月3日, 2026-12-03. */
static bool read_date(struct reading *r)
{
	const char *start = r->at;
	int first = number(r), second, third;
	bool is_year = first >= 2000 && first < 2100 && (take(r, "年") || take(r, "-") || take(r, "/") || take(r, "."));
	int month = is_year ? number(r) : first;
	bool parted = take(r, "月") || take(r, "-") || take(r, "/") || (is_year && take(r, "."));
	if (first >= 0 && month > 0 && parted && (second = number(r)) > 0) {
		third = second;
		if (!take(r, "号"))
			(void)take(r, "日");
		return date(r, is_year ? first : 0, month, third);
	}
	r->at = start;
	first = number(r);
	if (first > 0 && (take(r, "号") || take(r, "日"))) {
		int y, m, d;
		day_split(r->today, &y, &m, &d);
		if (r->side == WHEN_TO_COME && first < d && ++m > 12)
			m = 1, y++;
		if (r->side == WHEN_PAST && first > d && --m < 1)
			m = 12, y--;
		return date(r, y, m, first);
	}
	r->at = start;
	first = number(r);
	if (first > 0 && (take(r, "天后") || take(r, "天以后") || take(r, "天之后"))) {
		found(r, r->today + first);
		return true;
	}
	if (first > 0 && (take(r, "天前") || take(r, "天以前") || take(r, "天之前"))) {
		found(r, r->today - first);
		return true;
	}
	r->at = start;
	return false;
}

static bool read_near(struct reading *r)
{
	static const struct { const char *word; int days; } words[] = {
		{ "大后天", 3 }, { "大前天", -3 }, { "day after tomorrow", 2 }, { "day before yesterday", -2 }, { "后天", 2 }, { "后日", 2 }, { "前天", -2 }, { "明天", 1 }, { "明日", 1 }, { "明儿", 1 }, { "明早", 1 },
		{ "明晚", 1 }, { "今天", 0 }, { "今日", 0 }, { "今儿", 0 }, { "今晚", 0 }, { "昨天", -1 }, { "昨日", -1 }, { "昨晚", -1 }, { "tomorrow", 1 }, { "yesterday", -1 }, { "today", 0 }, { "tonight", 0 },
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (take(r, words[i].word)) {
			found(r, r->today + words[i].days);
			return true;
		}
	return false;
}

/* 周六, 下周一, 星期天, 礼拜三, 周末 is its Saturday. */
static bool read_week_day(struct reading *r)
{
	static const char *const days[] = { "一", "二", "三", "四", "五", "六", "日", "天", "末", "七" };
	static const int places[] = { 0, 1, 2, 3, 4, 5, 6, 6, 5, 6 };
	const char *start = r->at;
	int weeks = 0;
	bool named = false;
	while (take(r, "下个") || take(r, "下"))
		weeks++, named = true;
	if (!named && (take(r, "上个") || take(r, "上")))
		weeks = -1, named = true;
	if (!named)
		named = take(r, "这个") || take(r, "这") || take(r, "本");
	if (take(r, "周") || take(r, "星期") || take(r, "礼拜"))
		for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
			if (take(r, days[i])) {
				int64_t day = r->today - calendar_weekday(r->today) + places[i] + 7 * weeks;
				if (!named && r->side == WHEN_TO_COME && day < r->today)
					day += 7;
				if (!named && r->side == WHEN_PAST && day > r->today)
					day -= 7;
				found(r, day);
				return true;
			}
	r->at = start;
	return false;
}

static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" };

static int month_name(struct reading *r)
{
	for (int i = 0; i < 12; i++)
		if (take(r, months[i])) {
			while (is_letter(*r->at) || *r->at == '.')
				r->at++;
			return i + 1;
		}
	return 0;
}

static bool read_english(struct reading *r)
{
	static const char *const days[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };
	const char *start = r->at;
	bool next = take(r, "next "), last = !next && take(r, "last ");
	for (int i = 0; i < 7; i++)
		if (take(r, days[i])) {
			int64_t day = r->today + (i - calendar_weekday(r->today) + 7) % 7;
			if (next)
				day = r->today - calendar_weekday(r->today) + 7 + i;
			else if (last || (r->side == WHEN_PAST && day > r->today))
				day -= 7;
			found(r, day);
			return true;
		}
	r->at = start;
	int month = month_name(r), day;
	if (month && (blanks(r), day = number(r)) > 0)
		return date(r, 0, month, day);
	r->at = start;
	day = number(r);
	if (day > 0) {
		if (!take(r, "st") && !take(r, "nd") && !take(r, "rd"))
			(void)take(r, "th");
		blanks(r);
		if ((month = month_name(r)))
			return date(r, 0, month, day);
	}
	r->at = start;
	return false;
}

/* What stands right before it says that it is not meant. */
static bool is_denied(const char *text, const char *at)
{
	static const char *const nots[] = { "不是", "不要", "别", "不能", "not ", "not on ", "改掉" };
	for (size_t i = 0; i < sizeof(nots) / sizeof(nots[0]); i++) {
		size_t n = strlen(nots[i]);
		if ((size_t)(at - text) >= n && !strncmp(at - n, nots[i], n))
			return true;
	}
	return false;
}

static const char *time_in(const char *text)
{
	static const struct { const char *word, *time; } words[] = {
		{ "上午", "morning" }, { "早上", "morning" }, { "早晨", "morning" }, { "明早", "morning" }, { "morning", "morning" }, { "中午", "afternoon" }, { "下午", "afternoon" }, { "午后", "afternoon" },
		{ "afternoon", "afternoon" }, { "noon", "afternoon" }, { "晚上", "evening" }, { "傍晚", "evening" }, { "今晚", "evening" }, { "明晚", "evening" }, { "下班后", "evening" }, { "evening", "evening" }, { "tonight", "evening" },
	};
	const char *last = NULL, *time = NULL;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		for (const char *p = text; (p = strstr(p, words[i].word)); p += strlen(words[i].word))
			if (!is_denied(text, p) && (!last || p > last)) {
				last = p;
				time = words[i].time;
			}
	return time;
}

struct when when_of(struct arena *a, const char *text, int64_t today, enum when_side side)
{
	const char *folded = text_fold(a, text);
	struct when out = { .time = time_in(folded) };
	for (const char *p = folded; *p;) {
		struct reading r = { .at = p, .today = today, .side = side };
		bool whole = p == folded || !(is_digit(p[-1]) || is_letter(p[-1])) || !(is_digit(*p) || is_letter(*p));
		bool any = whole && (read_near(&r) || read_week_day(&r) || read_english(&r) || read_date(&r));
		if (!any) {
			p++;
			continue;
		}
		if (!is_denied(folded, p)) {
			out.impossible = !r.found;
			out.has_day = r.found;
			out.day = r.found ? r.day : out.day;
		}
		p = r.at > p ? r.at : p + 1;
	}
	return out;
}
