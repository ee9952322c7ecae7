"""A service clock keeps a fold of what happened to it. Replaying every event must give the same due instant, the same working time and the
same steps told.

The replay knows nothing of the fold: it has the start, the list of pauses and the promise in force, and asks the calendar engine, which
test_calendar.py holds to a model of its own. Hypothesis draws the histories, so that one that fails comes as short as it can be: pauses over
nights and weekends, looks that come late, other targets, a move to natural time, everything at instants on and beside the borders of a working day.
"""
import json
import os

import pytest
from calendars import hypothesis_run, probe  # noqa: F401
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.quick

CASES = {"quick": 2000, "full": 12000, "long": 200000}[os.environ.get("ANXIN_TEST_LEVEL", "full")]
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
NEVER = 253402300799999
RUNNING, PAUSED, MET = 0, 1, 2
CALENDARS = [
    {"name": {"zh": "办公", "en": "Office"}, "zone": "Asia/Shanghai",
     "week": [{"days": ["mon", "tue", "wed", "thu", "fri"], "hours": ["09:00-12:00", "13:00-18:00"]}],
     "days": [{"day": "2026-10-01", "kind": "closed"}, {"day": "2026-10-10", "kind": "work"}]},
    {"name": {"zh": "夜班", "en": "Night"}, "zone": "Europe/Berlin", "week": [{"days": ["fri", "sat"], "hours": ["22:00-06:00"]}]},
    {"name": {"zh": "全天", "en": "Always"}, "zone": "Asia/Shanghai",
     "week": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "hours": ["00:00-24:00"]}]},
]
BASE = 1790784000000    # 2026-09-30 16:00 UTC: midnight in Shanghai, before a holiday


class Replay:
    """What the events of a clock say, without the fold."""

    def __init__(self, ask, start, target, percents):
        self.ask, self.start, self.target, self.percents = ask, start, target, sorted(set(percents) | {100})
        self.natural, self.pauses, self.open, self.since, self.step, self.breached, self.ended, self.told = False, [], None, start, 0, 0, 0, []

    def add(self, work):
        if self.natural:
            at, left = self.start, work
            for a, b in self.pauses:
                if a - at >= left:
                    break
                left, at = left - (a - at), b
            return at + left if work > 0 else self.start
        return int(self.ask(f"add {self.start} {work} {','.join(f'{a}:{b}' for a, b in self.pauses) or '-'}"))

    def between(self, to):
        if self.natural:
            return to - self.start - sum(b - a for a, b in self.pauses)
        return int(self.ask(f"between {self.start} {to} {','.join(f'{a}:{b}' for a, b in self.pauses) or '-'}"))

    def share(self, percent):
        return self.target // 100 * percent + self.target % 100 * percent // 100

    def instant(self, percent):
        return self.due() if percent == 100 else max(self.add(self.share(percent)), self.since)

    def due(self):
        return self.add(self.target)

    def tell(self, at):
        if self.open is not None or self.ended:
            return
        passed = []
        for p in self.percents:         # in order: a later one waits for an earlier
            if p <= self.step:
                continue
            if self.instant(p) >= at:
                break
            passed.append(p)
        groups = [[p for p in passed if p < 100][-1:], [p for p in passed if p == 100], [p for p in passed if p > 100][-1:]]
        for p in sum(groups, []):
            self.told.append((at, p))
            if p == 100 and not self.breached:
                self.breached = self.due()
        self.step = max(passed, default=self.step)

    def happen(self, kind, at, target):
        if self.ended:
            return
        if kind != "r":
            self.tell(at)
        if kind == "p" and self.open is None:
            self.open = self.since = at
        elif kind == "r" and self.open is not None:
            self.pauses.append((self.open, at))
            self.open, self.since = None, at
        elif kind == "m":
            self.ended = at
        elif kind in "an":
            self.natural, self.target = kind == "n", target


STEPS = st.one_of(st.sampled_from([0, 1, MINUTE, HOUR, 3 * HOUR, 9 * HOUR, DAY, 3 * DAY]), st.integers(0, 2 * DAY))
STARTS = st.builds(lambda day, at: BASE + day * DAY + at, st.integers(0, 13), st.one_of(st.sampled_from([0, 9 * HOUR, 12 * HOUR, 18 * HOUR]), st.integers(0, DAY - 1)))
TARGETS = st.one_of(st.sampled_from([MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 24 * HOUR, 40 * HOUR]), st.integers(1, 30 * HOUR))
PERCENTS = st.sampled_from([[], [75], [50, 150], [40, 75, 120, 200]])
KINDS = st.sampled_from("ttttt" "pppp" "rrrrr" "a" "n")


@st.composite
def histories(draw):
    """A start, a promise and what happens: instants go forward, and often stand on a border."""
    start, target, percents = draw(STARTS), draw(TARGETS), draw(PERCENTS)
    at, ops = start, []
    for kind, step in draw(st.lists(st.tuples(KINDS, STEPS), max_size=8)):
        at += step
        ops.append((kind, at, draw(st.sampled_from([15 * MINUTE, 2 * HOUR, 8 * HOUR, 50 * HOUR])) if kind in "an" else 0))
    if draw(st.sampled_from([False, False, True])):
        ops.append(("m", at + draw(STEPS), 0))
    return start, target, percents, ops


def line(start, target, percents, ops):
    words = " ".join(f"{k}@{at},{target}" if k in "an" else f"{k}@{at}" for k, at, target in ops)
    return f"clock {start} {target} {','.join(map(str, percents)) or '-'} {words}".rstrip()


def holds(case, answer, replay):
    """What the fold says is what the replay says."""
    for op in case[3]:
        replay.happen(*op)
    values = answer.split(" ")
    state, spent, kept_target, due, step, breached, ended, look = map(int, values[:8])
    told = [tuple(map(int, w.split(":"))) for w in values[8:]]
    stop = replay.ended or replay.open or replay.since
    stop = replay.open if replay.open is not None else stop
    assert state == (MET if replay.ended else PAUSED if replay.open is not None else RUNNING)
    assert (kept_target, due) == (replay.target, replay.due()), answer
    assert spent == replay.between(stop), answer
    assert (told, step, breached) == (replay.told, replay.step, replay.breached), answer
    assert ended == replay.ended, answer
    if state != RUNNING:
        assert look == NEVER, answer
    elif any(p > step for p in replay.percents):
        assert look == min(replay.instant(next(p for p in replay.percents if p > step)) + 1, NEVER), answer
    else:
        assert look == NEVER, answer


@pytest.mark.parametrize("calendar", CALENDARS, ids=[c["name"]["en"] for c in CALENDARS])
def test_the_fold_equals_the_replay_of_every_event(probe, calendar):  # noqa: F811
    probe.ask("calendar " + json.dumps(calendar))
    seen = {"cases": 0, "paused": 0, "breached": 0, "told": 0}

    @hypothesis_run(CASES // len(CALENDARS))
    @given(case=histories())
    def check(case):
        start, target, percents, _ = case
        replay = Replay(lambda q: probe.ask(q)[0], start, target, percents)
        holds(case, probe.ask(line(*case))[0], replay)
        seen["cases"] += 1
        seen["paused"] += bool(replay.pauses)
        seen["breached"] += bool(replay.breached)
        seen["told"] += bool(replay.told)

    check()
    assert seen["cases"] >= CASES // len(CALENDARS) and min(seen.values()) > seen["cases"] // 10, seen


def test_a_pause_over_a_weekend_credits_working_time_only(probe):  # noqa: F811
    """GLPI 10594: the clock was given the weekend too."""
    probe.ask("calendar " + json.dumps(CALENDARS[0]))
    friday, monday = BASE + 8 * DAY + 17 * HOUR, BASE + 11 * DAY + 10 * HOUR      # 9 October 17:00; the 10th is worked
    saturday_off = json.loads(json.dumps(CALENDARS[0]))
    saturday_off["days"] = []
    probe.ask("calendar " + json.dumps(saturday_off))
    values = probe.ask(f"clock {friday} {4 * HOUR} - p@{friday + HOUR // 2} r@{monday}")[0].split(" ")
    assert int(values[1]) == HOUR // 2 and int(values[3]) == monday + 4 * HOUR + HOUR // 2, "2 h till noon, then 1.5 h after lunch"
