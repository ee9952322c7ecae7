"""Working time as the calendar engine counts it equals what a model counts that knows nothing but "is this instant open?".

The model asks zoneinfo what the wall shows and looks whether that lies in an interval. It does so at every instant where the answer can
change (the borders of intervals on both readings of the wall, midnights, changes of offset), and a smaller test does it minute by minute.
Hypothesis makes calendars around changes of summer time; each is asked 12 questions.
"""
import datetime
import functools
import json
import os
import zoneinfo

import pytest
from calendars import hypothesis_run, probe  # noqa: F401
from hypothesis import assume, given
from hypothesis import strategies as st

pytestmark = pytest.mark.quick

CALENDARS = {"quick": 150, "full": 1000, "long": 20000}[os.environ.get("ANXIN_TEST_LEVEL", "full")]
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
LAST, NEVER = 4102444800000, 253402300799999
UTC = datetime.timezone.utc
EPOCH = datetime.date(1970, 1, 1)
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
# Offsets of whole, half and quarter hours; changes of an hour and of half of one, at midnight, southern, and of a whole day (Apia, 2011).
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo", "Pacific/Apia",
         "America/St_Johns", "Africa/Casablanca", "Asia/Gaza", "Europe/Dublin", "Pacific/Chatham", "America/Mexico_City", "UTC"]


# -- the model ----------------------------------------------------------------------------------------------------------------

def wall_of(zone, ms):
    """(date, milliseconds since midnight) on the wall."""
    at = datetime.datetime.fromtimestamp(ms // 1000, UTC).astimezone(zone)
    return at.date(), ((at.hour * 60 + at.minute) * 60 + at.second) * 1000 + ms % 1000


@functools.lru_cache(None)
def changes(name):
    """Every instant (ms) from 1970 to 2040 at which the zone's offset changes."""
    zone, step, found = zoneinfo.ZoneInfo(name), 86400, []
    offset = lambda s: datetime.datetime.fromtimestamp(s, UTC).astimezone(zone).utcoffset()  # noqa: E731
    for start in range(0, 70 * 365 * 86400, step):
        low, high = start, start + step
        if offset(low) == offset(high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
        found.append(high * 1000)
    return found


class Model:
    """week: seven lists of (from, to) in ms; days: {date: [(kind, as, hours, name) …]} in their order."""

    def __init__(self, zone, week, days):
        self.name, self.zone, self.week, self.days = zone, zoneinfo.ZoneInfo(zone), week, days

    def own(self, date):
        hours = self.week[date.weekday()]
        for kind, weekday, given_hours, _ in self.days.get(date, ()):
            hours = {"closed": [], "hours": given_hours, "work": self.week[weekday], "without": hours}[kind]
        return hours

    def shut(self, date):
        out = []
        for kind, _, hours, _ in self.days.get(date, ()):
            out = out + hours if kind == "without" else []
        return out

    def is_open(self, ms):
        date, time = wall_of(self.zone, ms)
        inside = lambda hours, at: any(low <= at < high for low, high in hours)  # noqa: E731
        eve = date - datetime.timedelta(1)
        return (inside(self.own(date), time) or inside(self.own(eve), time + DAY)) and not inside(self.shut(date), time)

    def borders(self, date):
        hours = [*self.own(date), *self.shut(date), (0, DAY)]
        midnight = datetime.datetime.combine(date, datetime.time())
        for ms in {t for pair in hours for t in pair}:
            at = midnight + datetime.timedelta(seconds=ms // 1000)
            for fold in (0, 1):
                yield int(at.replace(tzinfo=self.zone, fold=fold).timestamp()) * 1000 + ms % 1000

    def spans(self, low, high):
        """The open spans of [low, high), joined where they touch."""
        first, last = wall_of(self.zone, low)[0], wall_of(self.zone, high)[0]
        points = {low, *(c for c in changes(self.name) if low < c < high)}
        for i in range(-2, (last - first).days + 3):
            points.update(p for p in self.borders(first + datetime.timedelta(i)) if low < p < high)
        points, out = [*sorted(points), high], []
        for start, end in zip(points, points[1:]):
            if not self.is_open(start):
                continue
            if out and out[-1][1] == start:
                out[-1] = (out[-1][0], end)
            else:
                out.append((start, end))
        return out


def without(spans, pauses):
    for low, high in pauses:
        if low < high:
            spans = [s for a, b in spans for s in ((a, min(b, low)), (max(a, high), b)) if s[0] < s[1]]
    return spans


def between(spans, low, high):
    return sum(max(0, min(b, high) - max(a, low)) for a, b in spans)


def add(spans, start, work):
    """The earliest instant by which so much is done, or None when these spans do not hold it."""
    if work <= 0:
        return start
    for low, high in spans:
        low = max(low, start)
        if low < high and work <= high - low:
            return low + work
        work -= max(0, high - low)
    return None


def text_of(hours):
    def one(ms):
        return f"{ms // HOUR:02}:{ms // MINUTE % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
    return [f"{one(low)}-{one(high - DAY if high > DAY else high)}" for low, high in hours]


def json_of(model):
    week = [{"days": [WEEKDAYS[i]], "hours": text_of(hours)} for i, hours in enumerate(model.week) if hours]
    days = []
    for date, rows in model.days.items():
        for kind, weekday, hours, name in rows:
            days.append({"day": str(date), "kind": kind, "name": {"zh": name, "en": name}}
                        | ({"as": WEEKDAYS[weekday]} if kind == "work" else {})
                        | ({"hours": text_of(hours)} if kind in ("hours", "without") else {}))
    return json.dumps({"name": {"zh": "一", "en": "one"}, "zone": model.name, "week": week, "days": days})


def pauses_text(pauses):
    return ",".join(f"{low}:{high}" for low, high in pauses) or "-"


# -- calendars ----------------------------------------------------------------------------------------------------------------

# Times that people write, those around a change of summer time, and any millisecond.
TIMES = st.one_of(st.sampled_from([0, 2 * HOUR, 2 * HOUR + 30 * MINUTE, 3 * HOUR, 9 * HOUR, 12 * HOUR, 13 * HOUR, 18 * HOUR, 22 * HOUR]),
                  st.integers(0, 47).map(lambda half: half * 30 * MINUTE), st.integers(0, DAY - 1))


@st.composite
def hours_lists(draw, most=3):
    """Intervals of one day that do not overlap; the last may run over midnight."""
    times = sorted(draw(st.sets(TIMES, max_size=2 * most)))
    out = list(zip(times[::2], times[1::2]))
    if len(times) % 2:
        end = draw(TIMES)
        last = times[-1]
        out.append((last, end + DAY if 0 < end < last else DAY))
    return out


@st.composite
def calendars(draw):
    """A model, and a window of some weeks, mostly around a change of offset."""
    name = draw(st.sampled_from(ZONES))
    near = changes(name)
    centre = draw(st.sampled_from(near)) if near and draw(st.integers(0, 3)) else draw(st.integers(10**11, 2 * 10**12))
    low = centre - draw(st.integers(0, 12 * DAY))
    high = low + draw(st.integers(1, 24 * DAY))
    plans = draw(st.lists(hours_lists(), min_size=1, max_size=3))
    week = [plans[draw(st.integers(0, len(plans) - 1))] if draw(st.integers(0, 4)) else [] for _ in range(7)]
    first, days = wall_of(zoneinfo.ZoneInfo(name), low)[0], {}
    for i in range(draw(st.integers(0, 6))):
        date = first + datetime.timedelta(draw(st.integers(-2, 26)))
        kind = draw(st.sampled_from(["closed", "hours", "work", "without"]))
        hours = draw(hours_lists(2))
        if kind == "without":
            hours = [(a, min(b, DAY)) for a, b in hours]
        if kind in ("hours", "without") and not hours:
            kind = "closed"
        days.setdefault(date, []).append((kind, draw(st.integers(0, 6)), hours, f"day{i}"))
    return Model(name, week, days), low, high


@st.composite
def questions(draw, low, high, spans):
    """(from, to, work, pauses) inside of the window, more often than not at a border."""
    instants = st.integers(low, high)
    if spans:
        near = st.sampled_from([p for s in spans for p in s])
        instants = st.one_of(instants, near, st.builds(lambda p, d: min(max(p + d, low), high), near, st.sampled_from([-1, 1])))
    pauses = sorted((draw(instants), draw(instants)) for _ in range(draw(st.integers(0, 3))))
    start, end = sorted((draw(instants), draw(instants)))
    share = draw(st.integers(0, 1050))
    work = between(without(spans, pauses), start, high) * share // 1000 + draw(st.integers(0, 1))
    return start, end, work, pauses


# -- what must hold -----------------------------------------------------------------------------------------------------------

def check_open(spans, high, at, answer):
    is_open, opens, closes = map(int, answer.split())
    holding = next((s for s in spans if s[0] <= at < s[1]), None)
    assert is_open == bool(holding)
    opening = next((max(a, at) for a, b in spans if b > at), None)
    assert opens == opening if opening is not None else opens >= high
    closing = holding[1] if holding else at
    assert closes == closing if closing < high else closes >= high


def check_add(spans, high, start, work, pauses, due):
    want = add(without(spans, pauses), start, work)
    assert due == want if want is not None else due >= high


def check_ledger(model, spans, question, now, answer):
    """Rows in order, each what it says it is; together they are all that is open up to the due instant."""
    start, _, work, pauses = question
    head, rows = answer.split(" ")[:2], [r.split(",") for r in answer.split(" ")[2:]]
    due, total, at = int(head[0]), 0, start
    counted = without(spans, pauses)
    for kind, day, last_day, low, high, counted_ms, sum_ms, name in ([int(x) for x in r[:7]] + r[7:] for r in rows):
        dates = [EPOCH + datetime.timedelta(d) for d in range(day, last_day + 1)]
        total += counted_ms
        assert sum_ms == total
        if kind == 2:
            assert counted_ms == 0
            for date in dates:
                assert all(not (model.is_open(p) and wall_of(model.zone, p)[0] == date) for p in model.borders(date))
                named = [r for r in model.days.get(date, ()) if r[0] != "without"] or model.days.get(date, ())
                assert name == (named[-1][3] if named else "-")
            continue
        assert len(dates) == 1 and wall_of(model.zone, low)[0] == dates[0] == wall_of(model.zone, high - 1)[0]
        assert at <= low < high <= due and between(spans, at, low) == 0 and between(spans, low, high) == high - low
        assert between(counted, low, high) == (high - low if kind == 0 else 0) == counted_ms
        assert not low < now < high
        at = high
    end = due if due != NEVER else now
    assert between(spans, at, max(end, at)) == 0
    if due != NEVER:
        assert total == max(work, 0)


def test_the_engine_counts_as_the_model_does(probe):  # noqa: F811
    cases = 0

    @hypothesis_run(CALENDARS)
    @given(made=calendars(), data=st.data())
    def check(made, data):
        nonlocal cases
        model, low, high = made
        first = probe.ask("calendar " + json_of(model))[0]
        spans = model.spans(low, high)
        if first == "refused week calendar_never":
            assert not spans
            return
        assert first == "ok"
        asked, lines = [data.draw(questions(low, high, spans)) for _ in range(4)], []
        for start, end, work, pauses in asked:
            text = pauses_text(pauses)
            lines += [f"between {start} {end} {text}", f"add {start} {work} {text}", f"open {min(end, high - 1)}",
                      f"ledger {start} {work} {end} {text}"]
        answers = probe.ask(*lines)
        cases += len(answers)
        for question, (spent, due, opening, ledger) in zip(asked, zip(*[iter(answers)] * 4)):
            start, end, work, pauses = question
            assert int(spent) == between(without(spans, pauses), start, end)
            check_add(spans, high, start, work, pauses, int(due))
            check_open(spans, high, min(end, high - 1), opening)
            if int(due) <= high:
                check_ledger(model, spans, question, end, ledger)

    check()
    assert cases >= 10 * CALENDARS


def test_minute_by_minute_nothing_else_is_open(probe):  # noqa: F811
    """Of three days every minute, so that the borders the model looks at are not the only ones looked at."""

    @hypothesis_run(CALENDARS // 10)
    @given(made=calendars())
    def check(made):
        model, low, _ = made
        assume(probe.ask("calendar " + json_of(model))[0] == "ok")
        low -= low % MINUTE
        minutes = [low + i * MINUTE for i in range(3 * 24 * 60)]
        answers = probe.ask(*(f"open {m}" for m in minutes))
        assert [a[0] == "1" for a in answers] == [model.is_open(m) for m in minutes]

    check()


@pytest.mark.parametrize("name", ZONES + ["America/Santiago", "Africa/Cairo", "Asia/Tehran", "America/Nuuk", "Antarctica/Troll"])
def test_a_zone_is_what_the_system_says_it_is(probe, name):  # noqa: F811
    zone = zoneinfo.ZoneInfo(name)
    shifts = [tuple(map(int, s.split(","))) for s in probe.ask(f"zone {name}")[0].split()]
    offset = lambda ms: int(datetime.datetime.fromtimestamp(ms // 1000, UTC).astimezone(zone).utcoffset().total_seconds() * 1000)  # noqa: E731
    assert [at for at, _ in shifts[1:] if at < changes(name)[-1]] == changes(name)[:-1] if changes(name) else len(shifts) == 1
    for (at, value), (end, _) in zip(shifts, [*shifts[1:], (LAST, 0)]):
        assert offset(at) == value == offset(end - 1000)
    for day in range(0, LAST, 5 * DAY):
        assert offset(day) == [value for at, value in shifts if at <= day][-1]
