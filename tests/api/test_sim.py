"""`anxin sim`: days played from a seed through the public API, alike each time and on both engines; what it says of them is what the events say."""
import datetime
import json
import re
import sqlite3
import subprocess
import time
from contextlib import closing

import psycopg
import pytest
from patience import wait_for
from recount import Recount, day

from client import Client
from server import Clock, Company, Database, Server, binary

MINUTE = 60_000
USER = 1
MONDAY = 1_772_380_800_000        # 2 March 2026 in China, the first day of a simulation that names none
OCTOBER = 1_790_784_000_000       # 1 October 2026 in China, with a week of holidays
DAY = 24 * 60 * MINUTE
TALKS = ("--talks", "16")
TAIL_DAYS = 4                     # in which nothing new arrives
SPEED = 100_000                   # virtual seconds a second: 4.32 s for five days, most of which the calls take anyway
LASTED = ("seconds", "held")


def play(folder, *words, db=None, check=True):
    done = subprocess.run([binary(release=True), "sim", "--data", str(folder), *(["--db", db] if db else []), "run", *words, "--json"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert not check or done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()] if check else done


def recount(rows):
    """The same figures from nothing but the events: (kind, who, ticket, when), in order."""
    tickets = {}
    for kind, who, ticket, when in rows:
        if kind == "ticket.created":
            tickets[ticket] = {"created": when, "answered": None, "closed": None, "cancelled": False}
        t = tickets[ticket]
        if t["answered"] is None and (kind in ("ticket.contact", "ticket.resolve") or (kind == "ticket.commented" and who == USER)):
            t["answered"] = when
        if kind in ("ticket.confirm", "ticket.close"):
            t["closed"] = when
        elif kind in ("ticket.unsolved", "ticket.reopen"):
            t["closed"] = None
        t["cancelled"] |= kind == "ticket.cancel"
    waits = [t["answered"] - t["created"] for t in tickets.values() if t["answered"] is not None]
    return {"tickets": len(tickets), "closed_loop": 100 * sum(t["closed"] is not None for t in tickets.values()) / sum(not t["cancelled"] for t in tickets.values()),
            "first_response_mean": sum(waits) / len(waits) / MINUTE, "first_response_in_time": 100 * sum(w <= 15 * MINUTE for w in waits) / len(waits)}


EVENTS = "SELECT kind, actor_kind, object_id, at FROM {}event WHERE object = 'ticket' ORDER BY no"


def promised(stored):
    """What three promises of the appliance pack come to for all of it, as (cases, held, milliseconds): from nothing but the events,
    and the scene that each ticket was filed under."""
    scenes, tickets = dict(stored.execute("SELECT id, scene FROM ticket").fetchall()), {}
    for kind, who, ticket, when, data in stored.execute("SELECT kind, actor_kind, object_id, at, data FROM event WHERE object = 'ticket' ORDER BY no"):
        t = tickets.setdefault(ticket, {"created": when, "answered": None, "closed": None, "back": False, "late": None, "cancelled": False})
        if t["answered"] is None and (kind in ("ticket.contact", "ticket.resolve") or (kind == "ticket.commented" and who == USER)):
            t["answered"] = when
        if kind in ("ticket.confirm", "ticket.close"):
            t["closed"] = when
        elif kind in ("ticket.unsolved", "ticket.reopen"):
            t["closed"], t["back"] = None, True
        elif kind == "ticket.clock_breached" and json.loads(data)["measure"] == "solution":
            t["late"] = t["late"] or when
        t["cancelled"] |= kind == "ticket.cancel"
    known = [t for t in tickets.values() if not t["cancelled"] and (t["closed"] or t["back"] or t["late"])]
    answers = [t["answered"] - t["created"] for t in tickets.values() if t["answered"] is not None]
    loops = [t["closed"] - t["created"] for ticket, t in tickets.items() if scenes[ticket] == "complaint" and t["closed"]]
    return {"closed_loop": (len(known), sum(bool(t["closed"]) for t in known), 0),
            "first_response": (len(answers), sum(w <= 15 * MINUTE for w in answers), sum(answers)),
            "complaint_loop": (len(loops), sum(w <= 3 * 24 * 60 * MINUTE for w in loops), sum(loops))}


def whose(stored, truth):
    """(conversations, in her own file, in somebody else's): where each lies as the events of files say, beside what the simulator knows and never told the server."""
    into = {}
    for kind, file, data in stored.execute("SELECT kind, object_id, data FROM event WHERE object = 'customer' AND kind IN ('customer.merged', 'customer.parted') ORDER BY no"):
        into[file] = int(json.loads(data)["into"]) if kind == "customer.merged" else None

    def now(file):
        while into.get(file):
            file = into[file]
        return file
    lies = {talk: now(file) for talk, file in stored.execute("SELECT id, customer_id FROM conversation").fetchall()}
    known = [(int(talk), now(int(home))) for talk, _, home in (line.split("\t") for line in truth.read_text().splitlines())]
    assert {talk for talk, _ in known} == set(lies), "each conversation is somebody's"
    homes = {home for _, home in known} | {now(int(home)) for home, in stored.execute("SELECT id FROM customer WHERE source = 'console'")}
    return len(known), sum(lies[talk] == home for talk, home in known), sum(lies[talk] != home and lies[talk] in homes for talk, home in known)


def hold_to_the_truth(said, folder, truth):
    with closing(sqlite3.connect(folder / "data.db")) as stored:
        contacts, joined, wrong = whose(stored, truth)
    assert (said["contacts"], said["contacts_wrong"]) == (contacts, wrong)
    assert said["contacts_joined"] == pytest.approx(100 * joined / contacts, abs=0.001)
    assert wrong == 0
    return 100 * joined / contacts


def shown(folder, end, on, tmp_path):
    """The page of promises at the end of the days that were played, and a recount of all of it from what the public API tells."""
    clock = Clock(tmp_path / "clock")
    clock.set(end)
    with Server(Company("sqlite", folder), release=True, clock=clock, options=["--set", "backup.keep=0", "--set", "rate.calls=10000000", "--set", "rate.burst=1000000", "--set", "rate.company=10000000", "--set", "rate.company_burst=1000000"]) as server:
        admin = Client(server.url).sign_in("admin", "anxin-demo")
        page = {p["code"]: p for p in admin.get("/promise/figures", period="month", day=on.isoformat())["items"]}
        return page, Recount(admin).figures("month", on)


def hold_to_the_page(folder, days, tmp_path, first=MONDAY):
    page, counted = shown(folder, first + (days + TAIL_DAYS) * DAY, day(first), tmp_path)
    sums = {code: (p["cases"], p["held"], p["total"]) for code, p in page.items()}
    assert sums == counted
    with closing(sqlite3.connect(folder / "data.db")) as connection:
        raw = promised(connection)
    assert {code: sums[code] for code in raw} == raw
    return page


def test_a_seed_means_the_same_on_both_engines_and_each_time(tmp_path):
    words = ("--days", "1", "--tickets", "15", *TALKS, "--seed", "7")
    database = Database()
    try:
        with_sqlite, = play(tmp_path / "one", *words, "--truth", str(tmp_path / "truth"))
        with_postgresql, = play(tmp_path / "two", *words, db=database.uri)
        again, = play(tmp_path / "three", *words, "--speed", str(SPEED))
        other, = play(tmp_path / "four", *words[:-1], "8")
        assert with_sqlite["hash"] == with_postgresql["hash"] == again["hash"] != other["hash"]
        assert {k: v for k, v in with_sqlite.items() if k not in LASTED} == {k: v for k, v in again.items() if k not in LASTED}, "a speed changes nothing that happens"
        span = (1 + TAIL_DAYS) * DAY / 1000 / SPEED
        assert with_sqlite["held"] == 0 <= again["held"] <= span <= again["seconds"], "it stood still for what the calls left of the days at that speed"
        with psycopg.connect(database.uri) as connection:
            compare(with_postgresql, connection.execute(EVENTS.format("anxin.")).fetchall())
    finally:
        database.drop()
    with closing(sqlite3.connect(tmp_path / "one" / "data.db")) as connection:
        compare(with_sqlite, connection.execute(EVENTS.format("")).fetchall())
    hold_to_the_page(tmp_path / "one", 1, tmp_path)
    hold_to_the_truth(with_sqlite, tmp_path / "one", tmp_path / "truth")
    again = play(tmp_path / "one", *words, check=False)
    assert again.returncode == 1 and "new folder" in again.stderr, "what is there is never played over"


def compare(said, rows):
    counted = recount(rows)
    assert counted["tickets"] > 5
    assert {name: said[name] for name in counted} == pytest.approx(counted, abs=0.001)


HOLIDAYS = {datetime.date(2026, 10, n) for n in range(1, 8)}
MADE_UP = {datetime.date(2026, 10, 10)}


def kind_of(on):
    return "holiday" if on in HOLIDAYS else "work" if on in MADE_UP or on.weekday() < 5 else "weekend"


def compare_days(said, stored):
    """The columns by kind of day, from nothing but the events and a calendar written down here."""
    counted = {kind: [] for kind in said["by_day"]}
    answered = {}
    for kind, who, ticket, when in stored.execute(EVENTS.format("")).fetchall():
        if kind == "ticket.created":
            counted[kind_of(day(when))].append((ticket, when))
        elif ticket not in answered and (kind in ("ticket.contact", "ticket.resolve") or (kind == "ticket.commented" and who == USER)):
            answered[ticket] = when
    for kind, column in said["by_day"].items():
        waits = [answered[ticket] - when for ticket, when in counted[kind] if ticket in answered]
        assert column["tickets_a_day"] * column["days"] == pytest.approx(len(counted[kind]), abs=0.1), kind
        assert column["first_response_mean"] == pytest.approx(sum(waits) / len(waits) / MINUTE if waits else 0, abs=0.001), kind


def test_a_change_is_compared_with_what_was_before(tmp_path):
    change = tmp_path / "change.json"
    change.write_text(json.dumps({"agents": 1, "settings": {"ticket.remind_pause": 60}, "clock_policy": {"受理 2 小时": {"target_minutes": 60}}}))
    before = tmp_path / "before.json"
    before.write_text("{}")
    words = ("--days", "1", "--tickets", "30", "--talks", "10", "--policy", str(before), "--compare", str(change))
    told = subprocess.run([binary(release=True), "sim", "run", *words], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr[-2000:]
    assert re.findall(r"(\d+) 名客服 / agents", told.stdout) == ["6", "1"]
    assert "改变前 before" in told.stdout
    assert re.search(r"\+[0-9.]+ h +解决时长（90%） / Solution, 90 %  差 worse", told.stdout), told.stdout
    (tmp_path / "wrong.json").write_text('{"rule": {"没有这条规则": {"state": "off"}}}')
    wrong = play(tmp_path / "w", "--days", "1", "--policy", str(tmp_path / "wrong.json"), check=False)
    assert wrong.returncode == 1 and "没有这条规则" in wrong.stderr


REOPENING = 1_791_421_200_000     # 8 October 2026, 9:00 in China: the office opens again


def test_on_holidays_colleagues_cover_and_the_office_s_clocks_stand(tmp_path):
    folder, office = tmp_path / "october", tmp_path / "office.json"
    office.write_text(json.dumps({"clock_policy": {"一般 · 解决 4 小时": {"calendar": "办公时间 5×8"}}}))
    said, = play(folder, "--days", "3", "--tickets", "16", "--from", "2026-09-30", "--policy", str(office))
    kinds = said["by_day"]
    assert (kinds["work"]["days"], kinds["weekend"]["days"], kinds["holiday"]["days"]) == (1, 0, 2)
    with closing(sqlite3.connect(folder / "data.db")) as stored:
        compare_days(said, stored)
        away = stored.execute("SELECT user_id, cover_id, from_at, to_at FROM absence").fetchall()
        assert away and all((begin, end) == (OCTOBER, OCTOBER + 7 * DAY) for _, _, begin, end in away), "from the first day of the holiday to its last"
        assert not {user for user, *_ in away} & {cover for _, cover, *_ in away}
        acts = stored.execute("SELECT actor_id, at FROM event WHERE object = 'ticket' AND actor_kind = 1").fetchall()
        assert {user for user, *_ in away} & {who for who, at in acts if at < OCTOBER}, "they work before it"
        assert not {user for user, *_ in away} & {who for who, at in acts if at > OCTOBER + 2 * 60 * MINUTE}, "and then it is their holiday"
        spent = stored.execute("SELECT k.from_at, k.ended_at, k.spent_ms FROM service_clock k JOIN clock_policy p ON p.id = k.policy_id "
                               "WHERE p.name = '一般 · 解决 4 小时' AND k.state = 'met' AND k.round = 1").fetchall()
    during = [(ended, ms) for begin, ended, ms in spent if begin >= OCTOBER]
    assert during and all(ms == 0 for ended, ms in during if ended <= REOPENING), "no working time passes"
    assert any(ms > 0 for begin, _, ms in spent if begin < OCTOBER)


def test_days_that_end_now_are_a_demo_that_can_be_taken_away(tmp_path):
    folder = tmp_path / "demo"
    play(folder, "--days", "1", "--tickets", "10", "--to-now")
    with closing(sqlite3.connect(folder / "data.db")) as stored:
        found = {record: stored.execute(f"SELECT count(*), count(d.object_id) FROM {record} r LEFT JOIN demo_mark d ON d.tenant = r.tenant AND d.object_id = r.id").fetchone()
                    for record in ("ticket", "customer", "device", "task", "shift")}
        newest = stored.execute("SELECT max(created_at) FROM ticket").fetchone()[0]
    assert all(count == demo and count > 0 for count, demo in found.values()), found
    assert time.time() * 1000 - DAY < newest < time.time() * 1000
    with Server(Company("sqlite", folder), release=True, options=["--set", "backup.keep=0"]) as server:
        admin = Client(server.url).sign_in("admin", "anxin-demo")
        day = time.strftime("%Y-%m-%d", time.gmtime(newest / 1000 + 8 * 3600))       # in the first hours of a month what was played lies in the last
        shown, page = admin.get("/demo"), {p["code"]: p for p in admin.get("/promise/figures", period="month", day=day)["items"]}
        assert shown["state"] == "present" and shown["last"]["kind"] == "demo.loaded"
        assert page["first_response"]["cases"] > 0
        admin.post("/demo/remove", {"rows": shown["rows"]})
        wait_for(lambda: admin.get("/demo")["state"] == "none", seconds=60)
        assert [admin.get(f"/{record}")["items"] for record in ("ticket", "customer", "device", "task", "product", "conversation", "bot_turn", "identity", "sms_gateway")] == [[]] * 9
        assert [queue["name"] for queue in admin.get("/chat_queue")["items"]] == ["默认队列"], "what the company has of its pack"
        assert "linxiao" in {user["account"] for user in admin.get("/user")["items"]}, "who can sign in stays"
    nowhere = subprocess.run([binary(release=True), "sim", "run", "--to-now"], capture_output=True, text=True)
    assert nowhere.returncode == 2 and "--data" in nowhere.stderr, "a demo that nobody could find is not made"


@pytest.mark.long
@pytest.mark.parametrize(("seed", "tickets"), [(1, 100), (2, 60), (3, 60)])
def test_a_month_with_a_week_of_holidays_keeps_what_the_company_promises(tmp_path, seed, tickets):
    said, = play(tmp_path / "month", "--days", "31", "--tickets", str(tickets), "--seed", str(seed), "--from", "2026-10-01", "--truth", str(tmp_path / "truth"))
    print(said)
    assert hold_to_the_truth(said, tmp_path / "month", tmp_path / "truth") >= 95
    with closing(sqlite3.connect(tmp_path / "month" / "data.db")) as connection:
        compare(said, connection.execute(EVENTS.format("")).fetchall())
        compare_days(said, connection)
    page = hold_to_the_page(tmp_path / "month", 31, tmp_path, OCTOBER)
    print({code: (p["cases"], p["held"], p["actual"]) for code, p in page.items()})
    assert said["tickets"] > 25 * tickets
    assert said["by_day"]["holiday"]["days"] == 7 and said["by_day"]["holiday"]["tickets_a_day"] < said["by_day"]["weekend"]["tickets_a_day"]
    assert page["closed_loop"]["actual"] >= 95 and page["closed_loop"]["cases"] > 25 * tickets
    assert page["first_response"]["actual"] <= 15 * MINUTE
    assert page["complaint_loop"]["actual"] <= 3 * DAY and page["complaint_loop"]["cases"] > tickets / 2
    assert said["complaint_calls"] >= 95
