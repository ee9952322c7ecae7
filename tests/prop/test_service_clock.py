"""A service clock keeps a fold of what happened to it. Replaying every event must give the same due instant, the same working time and the
same steps told.

The replay knows nothing of the fold: it has the start, the list of pauses and the promise in force, and asks the calendar engine, which
test_calendar.py holds to a model of its own. Histories are drawn by seed: pauses over nights and weekends, looks that come late, other
targets, a move to natural time, everything at instants on and beside the borders of a working day.
"""
import json
import os
import random

import pytest
from calendars import probe  # noqa: F401

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


def history(choose):
    """A start, a promise and what happens: instants go forward, and often stand on a border."""
    at = BASE + choose.randrange(14) * DAY + choose.choice([0, 9 * HOUR, 12 * HOUR, 18 * HOUR, choose.randrange(DAY)])
    start, target = at, choose.choice([MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 24 * HOUR, 40 * HOUR, choose.randrange(1, 30 * HOUR)])
    percents, ops = choose.choice([[], [75], [50, 150], [40, 75, 120, 200]]), []
    for _ in range(choose.randrange(9)):
        at += choose.choice([0, 1, MINUTE, HOUR, 3 * HOUR, 9 * HOUR, DAY, 3 * DAY, choose.randrange(2 * DAY)])
        kind = choose.choices("prtan", [4, 5, 5, 1, 1])[0]
        ops.append((kind, at, choose.choice([15 * MINUTE, 2 * HOUR, 8 * HOUR, 50 * HOUR]) if kind in "an" else 0))
    if choose.random() < 0.3:
        ops.append(("m", at + choose.randrange(DAY), 0))
    return start, target, percents, ops


def line(start, target, percents, ops):
    words = " ".join(f"{k}@{at},{target}" if k in "an" else f"{k}@{at}" for k, at, target in ops)
    return f"clock {start} {target} {','.join(map(str, percents)) or '-'} {words}".rstrip()


@pytest.mark.parametrize("calendar", CALENDARS, ids=[c["name"]["en"] for c in CALENDARS])
def test_the_fold_equals_the_replay_of_every_event(probe, calendar):  # noqa: F811
    choose = random.Random(calendar["zone"] + calendar["name"]["en"])
    probe.ask("calendar " + json.dumps(calendar))
    cases = [history(choose) for _ in range(CASES // len(CALENDARS))]
    answers = probe.ask(*(line(*case) for case in cases))
    for case, answer in zip(cases, answers):
        start, target, percents, ops = case
        replay = Replay(lambda q: probe.ask(q)[0], start, target, percents)
        for op in ops:
            replay.happen(*op)
        values = answer.split(" ")
        state, spent, kept_target, due, step, breached, ended, look = map(int, values[:8])
        told = [tuple(map(int, w.split(":"))) for w in values[8:]]
        stop = replay.ended or replay.open or replay.since
        stop = replay.open if replay.open is not None else stop
        assert state == (MET if replay.ended else PAUSED if replay.open is not None else RUNNING), case
        assert (kept_target, due) == (replay.target, replay.due()), (case, answer)
        assert spent == replay.between(stop), (case, answer)
        assert (told, step, breached) == (replay.told, replay.step, replay.breached), (case, answer)
        assert ended == replay.ended, (case, answer)
        if state != RUNNING:
            assert look == NEVER, (case, answer)
        elif any(p > step for p in replay.percents):
            assert look == min(replay.instant(next(p for p in replay.percents if p > step)) + 1, NEVER), (case, answer)
        else:
            assert look == NEVER, (case, answer)


def test_a_pause_over_a_weekend_credits_working_time_only(probe):  # noqa: F811
    """GLPI 10594: the clock was given the weekend too."""
    probe.ask("calendar " + json.dumps(CALENDARS[0]))
    friday, monday = BASE + 8 * DAY + 17 * HOUR, BASE + 11 * DAY + 10 * HOUR      # 9 October 17:00; the 10th is worked
    saturday_off = json.loads(json.dumps(CALENDARS[0]))
    saturday_off["days"] = []
    probe.ask("calendar " + json.dumps(saturday_off))
    values = probe.ask(f"clock {friday} {4 * HOUR} - p@{friday + HOUR // 2} r@{monday}")[0].split(" ")
    assert int(values[1]) == HOUR // 2 and int(values[3]) == monday + 4 * HOUR + HOUR // 2, "2 h till noon, then 1.5 h after lunch"
