"""Repeating events of iCalendar files fall on the days that a model finds by looking at every day, one after another."""
import calendar
import datetime
import os

import pytest
from calendars import hypothesis_run, probe  # noqa: F401
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.quick

FILES = {"quick": 300, "full": 3000, "long": 100000}[os.environ.get("ANXIN_TEST_LEVEL", "full")]
NAMES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
DAY = datetime.timedelta(1)


def is_week_day(rule, start, day):
    begin = lambda d: d - datetime.timedelta((d.weekday() - rule["wkst"]) % 7)  # noqa: E731
    weeks = (begin(day) - begin(start)).days // 7
    return weeks % rule["interval"] == 0 and day.weekday() in (rule["weekdays"] or {start.weekday()})


def is_year_day(rule, start, day):
    if (day.year - start.year) % rule["interval"] or day.month != (rule["month"] or start.month):
        return False
    length = calendar.monthrange(day.year, day.month)[1]
    if rule["nth"]:
        nth = (day.day - 1) // 7 + 1 if rule["nth"] > 0 else -((length - day.day) // 7 + 1)
        return nth == rule["nth"] and day.weekday() in rule["weekdays"]
    return day.day == (length if rule["day"] == -1 else rule["day"] or start.day)


def occurrences(rule, start, last):
    fits = is_week_day if rule["freq"] == "WEEKLY" else is_year_day
    seen = 0
    for i in range((last - start).days + 1):
        day = start + datetime.timedelta(i)
        if (rule["count"] and seen == rule["count"]) or (rule["until"] and day > rule["until"]):
            return
        if fits(rule, start, day):
            seen += 1
            yield day


def text_of(rule):
    parts = ["FREQ=" + rule["freq"], f"INTERVAL={rule['interval']}"]
    parts += [f"COUNT={rule['count']}"] if rule["count"] else []
    parts += [f"UNTIL={rule['until']:%Y%m%d}"] if rule["until"] else []
    parts += [f"BYMONTH={rule['month']}"] if rule["month"] else []
    parts += [f"BYMONTHDAY={rule['day']}"] if rule["day"] else []
    nth = str(rule["nth"]) if rule["nth"] else ""
    parts += ["BYDAY=" + ",".join(nth + NAMES[i] for i in sorted(rule["weekdays"]))] if rule["weekdays"] else []
    return ";".join([*parts, "WKST=" + NAMES[rule["wkst"]]])


@st.composite
def rules(draw, start):
    weekly = draw(st.booleans())
    rule = {"freq": "WEEKLY" if weekly else "YEARLY", "interval": draw(st.integers(1, 4)), "count": 0, "until": None, "weekdays": set(),
            "month": 0, "day": 0, "nth": 0, "wkst": draw(st.sampled_from([0, 0, 6, 3]))}
    ending = draw(st.sampled_from(["never", "count", "until"]))
    if ending == "count":
        rule["count"] = draw(st.integers(1, 400))
    if ending == "until":
        rule["until"] = start + draw(st.integers(-5, 8000)) * DAY
    if weekly:
        rule["weekdays"] = draw(st.sets(st.integers(0, 6)))
        return rule
    kind = draw(st.sampled_from(["start", "date", "nth"]))
    if kind == "date":
        rule |= {"month": draw(st.integers(0, 12)), "day": draw(st.sampled_from([0, 1, 15, 28, 29, 30, 31, -1]))}
    if kind == "nth":
        rule |= {"month": draw(st.integers(1, 12)), "nth": draw(st.sampled_from([1, 2, 3, 4, 5, -1, -2, -5])), "weekdays": {draw(st.integers(0, 6))}}
    return rule


def test_events_repeat_on_the_days_that_the_model_finds(probe):  # noqa: F811

    @hypothesis_run(FILES)
    @given(data=st.data())
    def check(data):
        start = data.draw(st.dates(datetime.date(1990, 1, 1), datetime.date(2034, 12, 31)))
        rule = data.draw(rules(start))
        first = data.draw(st.dates(datetime.date(2015, 1, 1), datetime.date(2030, 1, 1)))
        last = first + data.draw(st.integers(0, 1500)) * DAY
        length = data.draw(st.sampled_from([1, 1, 1, 2, 5, 10]))
        found = list(occurrences(rule, start, last))
        excluded = set(data.draw(st.lists(st.sampled_from(found), max_size=3))) if found else set()
        lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"DURATION:P{length}D", "RRULE:" + text_of(rule)]
        lines += [f"EXDATE;VALUE=DATE:{d:%Y%m%d}" for d in excluded]
        text = "\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])
        want = {d + i * DAY for d in found if d not in excluded for i in range(length)}
        answer = probe.ask(f"ical {first} {last} {text.encode().hex()}")[0].split()
        assert answer == [f"{d}:closed" for d in sorted(want) if first <= d <= last]

    check()
