"""Some hundred tickets through the API, each with a history of its own: what happens in working time, beside it, over pauses and other promises. The due
time that is stored of each clock must be the one that its stored events give to somebody who knows nothing of the server: the calendars' hours, a
start, pauses and the promise in force.

What shrinks is in prop/test_service_clock.py, on the engine alone; here the row, the events and the routes are whole.
"""
import random
from datetime import datetime, timedelta

import pytest
from desk import CHINA, DAY, HOUR, MINUTE, STEPS, at, opened

TICKETS, ROUNDS = 150, 8
OFFICE = [{"days": ["mon", "tue", "wed", "thu", "fri"], "hours": ["09:00-12:00", "13:00-18:00"]}]
LONG = [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "hours": ["08:00-20:00"]}]
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
PROMISES = {"normal": (OFFICE, 240), "urgent": (LONG, 90), "critical": (None, 45)}     # None: natural time
JUMPS = [0, 1, MINUTE, 29 * MINUTE, HOUR, 3 * HOUR, 9 * HOUR, DAY]


@pytest.fixture
def desk(company, tmp_path):
    with opened(company, tmp_path, at("2027-03-04", "10:00")) as desk:          # a Thursday: the weekend is near
        yield desk


def promise(admin):
    """One promise of solution for each grade, in place of the demo's; policy → hours."""
    for policy in admin.get("/clock_policy", limit=100)["items"]:
        admin.post(f"/clock_policy/{policy['id']}/archive", {"version": policy["version"]})
    hours = {}
    for n, (grade, (week, minutes)) in enumerate(PROMISES.items()):
        calendar = {}
        if week:
            form = {"name": {"zh": "试", "en": "Test"}, "zone": "Asia/Shanghai", "week": week}
            calendar = {"calendar_id": admin.post("/calendar", {"code": f"h{n}", "name": "试", "form": form})["id"]}
        made = admin.post("/clock_policy", {"object": "ticket", "measure": "solution", "name": grade, "condition": f"grade = {grade}",
                                            "target_minutes": minutes, "place": n + 1} | calendar)
        hours[made["id"]] = week
    return hours


def live(desk, choose):
    """Tickets that are filed, wait, go on, are promised other things and are solved, in an order and at instants drawn by seed."""
    filed = {}
    for _ in range(ROUNDS):
        for _ in range(TICKETS // ROUNDS + 1):
            if len(filed) < TICKETS:
                ticket = desk.ticket(grade=choose.choice(list(PROMISES)))
                desk.act(ticket, "accept")
                filed[ticket] = "runs"
        for ticket, what in filed.items():
            step = choose.choice(["none", "wait" if what == "runs" else "resume", "grade", "resolve"] + ["none"] * (what == "runs"))
            if what == "solved" or step == "none" or (step == "resolve" and (what == "waits" or choose.random() < 0.7)):
                continue
            more = {"wait": {"reason": "请拍一张铭牌"}, "grade": {"grade": choose.choice(list(PROMISES)), "reason": "客户来电"}, "resolve": STEPS}.get(step, {})
            if step == "grade":
                if more["grade"] == desk.admin.get(f"/ticket/{ticket}")["grade"]:
                    continue
            desk.act(ticket, step, **more)
            filed[ticket] = {"wait": "waits", "resume": "runs", "resolve": "solved"}.get(step, what)
        desk.clock.move(choose.choice(JUMPS) / 1000)
        desk.sign_in()
    return filed


def open_spans(week, start):
    """The working hours of Shanghai from the day of `start` on."""
    day = datetime.fromtimestamp(start / 1000, CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    while True:
        for row in week:
            if DAYS[day.weekday()] in row["days"]:
                for hours in row["hours"]:
                    yield tuple(int((day + timedelta(hours=int(t[:2]), minutes=int(t[3:]))).timestamp() * 1000) for t in hours.split("-"))
        day += timedelta(days=1)


def due_of(week, start, work, pauses):
    """When so much working time has passed since `start`, pauses left out."""
    for opens, closes in open_spans(week, start) if week else [(start, start + 10_000 * DAY)]:
        if closes <= start:
            continue
        at = max(opens, start)
        for begins, ends in [*pauses, (closes, closes)]:
            until = min(max(begins, at), closes)
            if until - at >= work and at < closes:
                return at + work
            work -= until - at
            at = min(max(at, ends), closes)
    raise AssertionError("never open")


def replay(events, hours):
    assert events[0]["kind"] == "started"
    start, target, policy, pauses, waits = events[0]["at"], events[0]["target_ms"], events[0]["policy_id"], [], None
    for event in events[1:]:
        if event["kind"] == "paused":
            waits = event["at"]
        elif event["kind"] == "resumed":
            pauses.append((waits, event["at"]))
            waits = None
        elif event["kind"] == "policy":
            target, policy = event["target_ms"], event["policy_id"]
    assert len([e for e in events if e["kind"] == "breached"]) <= 1
    due = due_of(hours[policy], start, target, pauses)
    return due, waits is not None, due if waits is None or due <= waits else None


@pytest.mark.parametrize("seed", [5])
def test_what_is_stored_is_what_the_events_say(desk, seed):
    hours = promise(desk.admin)
    filed = live(desk, random.Random(seed))
    seen = {"running": 0, "paused": 0, "met": 0, "policy": 0, "pauses": 0}
    for ticket in filed:
        kept = desk.solution(ticket)
        why = desk.why(ticket)
        due, waits, passed = replay(why["events"], hours)
        assert waits == (kept["state"] == "paused")
        assert kept["due_at"] == why["due_at"] == (None if waits else due), (ticket, why["events"])
        assert why["replayed_due_at"] == passed, "while it waits only what was due before is due"
        if kept["state"] == "running":
            assert desk.admin.get(f"/ticket/{ticket}")["next_due_at"] == min(c["due_at"] for c in desk.clocks(ticket).values() if c["state"] == "running")
        seen[kept["state"]] += 1
        seen["policy"] += any(e["kind"] == "policy" for e in why["events"])
        seen["pauses"] += any(e["kind"] == "resumed" for e in why["events"])
    assert min(seen.values()) >= TICKETS // 15, seen
