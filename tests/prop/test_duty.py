"""Duty as the engine tells it equals what a model tells that goes minute by minute and knows only the sentences of duty.h.

A shift lasts as long as the wall's high-water mark lies in it: the model walks the minutes around a change of offset, keeps the latest
time that zoneinfo has shown so far, and looks. Rosters are small and crowded, so that covers meet covers, rings close and borders coincide.
"""
import datetime
import os
import zoneinfo

import pytest
from calendars import Probe, hypothesis_run
from hypothesis import given
from hypothesis import strategies as st
from test_calendar import ZONES, changes

pytestmark = pytest.mark.quick

CASES = {"quick": 200, "full": 2500, "long": 20000}[os.environ.get("ANXIN_TEST_LEVEL", "full")]
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
UTC = datetime.timezone.utc
ON, BREAK, OFF = 1, 2, 3
MOST_HOPS = 8


@pytest.fixture(scope="module")
def probe():
    probe = Probe("duty_probe")
    yield probe
    probe.process.stdin.close()
    assert probe.process.wait(10) == 0


# -- shifts along a zone ----------------------------------------------------------------------------------------------------------

def wall_ms(zone, ms):
    at = datetime.datetime.fromtimestamp(ms // 1000, UTC).astimezone(zone).replace(tzinfo=UTC)
    return int(at.timestamp()) * 1000 + ms % 1000


@st.composite
def walks(draw):
    """A zone, an instant of it often near a change, and shifts of a quarter of an hour's grid around it."""
    name = draw(st.sampled_from(ZONES))
    near = [c for c in changes(name) if c > 31 * 365 * DAY]
    centre = draw(st.sampled_from(near)) if near and draw(st.integers(0, 3)) else draw(st.integers(10**12, 2 * 10**12)) // MINUTE * MINUTE
    day = wall_ms(zoneinfo.ZoneInfo(name), centre) // DAY
    quarter = st.integers(0, 95).map(lambda q: q * 15 * MINUTE)
    shifts = []
    for _ in range(3):
        low, high = draw(quarter), draw(quarter)
        shifts.append((day - draw(st.integers(0, 1)), low, high if high > low else high + DAY))
    return name, centre, shifts


def test_a_shift_lasts_while_the_walls_high_water_mark_lies_in_it(probe):
    @hypothesis_run(CASES)
    @given(walks())
    def check(made):
        name, centre, shifts = made
        zone = zoneinfo.ZoneInfo(name)
        spans = [tuple(map(int, a.split(","))) for a in probe.ask(*(f"span {name} {d} {low} {high}" for d, low, high in shifts))]
        start = (centre - 3 * DAY) // MINUTE * MINUTE
        mark, step = -1, 5 * MINUTE         # every offset since 2001, every quarter and every change lie on this grid
        for at in range(start, start + 6 * DAY, step):
            mark = max(mark, wall_ms(zone, at))
            for (day, low, high), (begin, end) in zip(shifts, spans):
                assert (day * DAY + low <= mark < day * DAY + high) == (begin <= at < end), (name, at, day, low, high)

    check()


# -- who holds what ---------------------------------------------------------------------------------------------------------------

def spans_of(draw, most, longest=12):
    """Spans that do not overlap, on a grid of half hours."""
    at, out = draw(st.integers(0, 6)), []
    for _ in range(draw(st.integers(0, most))):
        end = at + draw(st.integers(1, longest))
        out.append((at * 30 * MINUTE, end * 30 * MINUTE))
        at = end + draw(st.integers(0, 6))
    return out


@st.composite
def rosters(draw):
    people = list(range(1, draw(st.integers(1, 5)) + 1))
    members = [(p, int(draw(st.integers(0, 4)) > 0)) for p in people if draw(st.integers(0, 3))]
    shifts = [(p, *s) for p in people for s in spans_of(draw, 3)]
    absences = [(p, draw(st.sampled_from([0, *people])), *s) for p in people for s in spans_of(draw, 2, 20)]
    said = [(p, draw(st.integers(1, 3)), *s) for p in people for s in spans_of(draw, 2)]
    return members, shifts, absences, said, spans_of(draw, 3, 16)


def find(rows, who, at):
    return next((r for r in rows if r[0] == who and r[-2] <= at < r[-1]), None)


def holder(absences, who, at):
    for _ in range(MOST_HOPS + 1):
        absence = who and find(absences, who, at)
        if not absence:
            return who
        who = absence[1]
    return 0


def places(members, shifts, absences, said, at):
    out = []
    word = lambda who: (find(said, who, at) or (0, 0))[1]  # noqa: E731
    for who, planned in members:
        held = holder(absences, who, at) if not planned or find(shifts, who, at) else 0
        if held:
            out.append((held, who, word(held) or ON))
        if held != who and word(who) == ON:
            out.append((who, who, ON))
    return out


def is_gap(members, shifts, absences, service, at):
    planned = {who for who, plan in members if plan}
    there = any(holder(absences, s[0], at) for s in shifts if s[0] in planned and s[1] <= at < s[2])
    return any(a <= at < b for a, b in service) and not there


def text(rows):
    return "".join(",".join(map(str, r)) + ";" for r in rows) or "-"


def test_minute_by_minute_everybody_is_where_the_model_says(probe):
    cases = 0

    @hypothesis_run(CASES)
    @given(rosters(), st.data())
    def check(made, data):
        nonlocal cases
        members, shifts, absences, said, service = made
        borders = sorted({t for r in shifts + absences + said for t in r[-2:]} | {0})
        asked = [max(0, data.draw(st.sampled_from(borders)) + data.draw(st.sampled_from([-1, 0, 1]))) for _ in range(4)]
        answer = probe.ask("roster " + " ".join(map(text, made)) + " " + " ".join(map(str, asked)))[0]
        gaps, *held = answer.split("|")
        gaps = [tuple(map(int, g.split(","))) for g in gaps.split(";") if g]
        for at, found in zip(asked, held, strict=True):
            assert [tuple(map(int, f.split(","))) for f in found.split(";") if f] == places(members, shifts, absences, said, at)
            cases += 1
        assert all(a < b for a, b in gaps) and all(a[1] < b[0] for a, b in zip(gaps, gaps[1:]))
        for at in range(0, 40 * HOUR, 10 * MINUTE):
            assert any(a <= at < b for a, b in gaps) == is_gap(members, shifts, absences, service, at), at
            cases += 1

    check()
    assert cases >= 10 * CASES
