"""Shifts, breaks and absences: who is on duty, what somebody says of herself, and whom work and notices go to."""
import threading
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from definitions import faults
from desk import CHINA, DAY, HOUR, MINUTE, at, desk  # noqa: F401 (desk is a fixture)
from test_rules import off, rule
from test_scope import new_user

from client import Client
from patience import wait_for

RIGHTS = ["ticket.read", "ticket.work", "ticket.assign", "ticket.create", "customer.read", "device.read", "shift.read", "user.read", "team.read"]
MONDAY = "2027-03-01"


def team_of(admin, **more):
    return admin.post("/team", {"name": f"组 {uuid.uuid4().hex[:6]}"} | more)["id"]


def people(server, admin, team, n):
    return [new_user(server, admin, RIGHTS, "team", team_id=team) for _ in range(n)]


def shift(admin, person, day, hours="08:30-17:30", **options):
    who = person if isinstance(person, str) else person.user["id"]
    return admin.post("/shift", {"user_id": who, "day": day, "hours": hours}, **options)


def absent(admin, person, low, high, cover=None, **options):
    return admin.post("/absence", {"user_id": person.user["id"], "from_at": low, "to_at": high, "reason": "annual", "cover_id": cover and cover.user["id"]}, **options)


def on_duty(client, team, **query):
    answer = client.get("/duty", team_id=team, **query)
    return {i["user_id"]: i for i in answer["items"] if i["state"] == "on"}


# -- the plan ---------------------------------------------------------------------------------------------------------------------

def test_who_is_on_duty_follows_the_plan_over_midnight(server, admin):
    team = team_of(admin)
    early, night = people(server, admin, team, 2)
    shift(admin, early, MONDAY)
    shift(admin, night, MONDAY, "22:00-08:00")
    for day, clock_time, who in ((MONDAY, "08:29", []), (MONDAY, "08:30", [early]), (MONDAY, "17:29", [early]), (MONDAY, "17:30", []), (MONDAY, "22:00", [night]),
                                 ("2027-03-02", "07:59", [night]), ("2027-03-02", "08:00", [])):
        assert set(on_duty(admin, team, at=at(day, clock_time))) == {p.user["id"] for p in who}, (day, clock_time)
    held = on_duty(admin, team, at=at("2027-03-02", "01:00"))[night.user["id"]]
    assert (held["since"], held["until"], held["for_id"]) == (at(MONDAY, "22:00"), at("2027-03-02", "08:00"), None)
    for person in (early, night):
        person.close()


@pytest.mark.quick
def test_a_team_without_shifts_is_always_on_duty_but_for_who_is_absent(server, admin):
    team = team_of(admin)
    first, second = people(server, admin, team, 2)
    noon = at(MONDAY, "12:00")
    assert set(on_duty(admin, team, at=noon)) == {first.user["id"], second.user["id"]}
    absent(admin, first, noon - HOUR, noon + HOUR)
    assert set(on_duty(admin, team, at=noon)) == {second.user["id"]}
    assert set(on_duty(admin, team, at=noon + HOUR)) == {first.user["id"], second.user["id"]}
    for person in (first, second):
        person.close()


@pytest.mark.quick
def test_shifts_of_one_person_touch_but_do_not_overlap(server, admin):
    team = team_of(admin)
    person, = people(server, admin, team, 1)
    first = shift(admin, person, MONDAY, "22:00-08:00")
    assert first["hours"] == "22:00-08:00" and first["team_id"] == team
    refused = shift(admin, person, "2027-03-02", "07:00-12:00", status=422)
    assert faults(refused) == [("hours", "time_overlap")] and MONDAY in refused["error"]["fields"][0]["message"]
    shift(admin, person, "2027-03-02", "08:00-12:00")
    assert faults(shift(admin, person, MONDAY, "8-17", status=422)) == [("hours", "calendar_hours")]
    admin.patch(f"/shift/{first['id']}", {"version": 1, "hours": "22:00-08:30"}, status=422)
    assert faults(admin.post("/shift", {"user_id": person.user["id"], "day": "2027-03-05"}, status=422)) == [("hours", "field_required")]
    gone = admin.post(f"/shift/{first['id']}/archive", {"version": 1})
    shift(admin, person, MONDAY, "20:00-23:00")
    assert faults(admin.post(f"/shift/{first['id']}/restore", {"version": gone["version"]}, status=422)) == [("hours", "time_overlap")]
    person.close()


def test_a_pattern_gives_its_hours_and_changes_no_plan_afterwards(server, admin):
    team = team_of(admin)
    person, = people(server, admin, team, 1)
    kind = admin.post("/shift_kind", {"code": f"k{uuid.uuid4().hex[:6]}", "name": "中班", "hours": "12:00-20:00"})
    planned = admin.post("/shift", {"user_id": person.user["id"], "day": MONDAY, "kind_id": kind["id"]})
    assert planned["hours"] == "12:00-20:00"
    admin.patch(f"/shift_kind/{kind['id']}", {"version": 1, "hours": "13:00-21:00"})
    assert admin.get(f"/shift/{planned['id']}")["hours"] == "12:00-20:00"
    person.close()


def test_of_two_supervisors_who_fill_the_same_square_one_is_told(server, admin):
    team = team_of(admin)
    person, = people(server, admin, team, 1)
    clients = [Client(server.url).sign_in(*server.company.accounts[0]) for _ in range(2)]
    answers, ready = [], threading.Barrier(2)

    def fill(client):
        ready.wait()
        answers.append(client.http.post("/shift", json={"user_id": person.user["id"], "day": MONDAY, "hours": "08:30-17:30"}, headers={"Idempotency-Key": uuid.uuid4().hex}).status_code)

    threads = [threading.Thread(target=fill, args=(c,)) for c in clients]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(answers) == [201, 422]
    for client in (*clients, person):
        client.close()


def test_a_shift_stands_on_the_wall_of_its_teams_calendar(server, admin):
    """The night before Berlin's summer time has nine hours."""
    calendar = admin.post("/calendar", {"code": f"b{uuid.uuid4().hex[:6]}", "name": "柏林", "form": {
        "name": {"zh": "柏林", "en": "Berlin"}, "zone": "Europe/Berlin", "week": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "hours": ["00:00-24:00"]}]}})["id"]
    team = team_of(admin, calendar_id=calendar)
    person, = people(server, admin, team, 1)
    assert shift(admin, person, "2027-03-27", "22:00-08:00")["zone"] == "Europe/Berlin"
    berlin = ZoneInfo("Europe/Berlin")
    low, high = (int(datetime(2027, 3, d, h, tzinfo=berlin).timestamp() * 1000) for d, h in ((27, 22), (28, 8)))
    assert high - low == 9 * HOUR
    held = on_duty(admin, team, at=low)[person.user["id"]]
    assert (held["since"], held["until"]) == (low, high) and not on_duty(admin, team, at=high)
    week = admin.get("/duty/week", team_id=team, first="2027-03-22")
    assert week["to_at"] - week["from_at"] == 7 * DAY - HOUR and week["zone"] == "Europe/Berlin"
    assert {(g["from_at"], g["to_at"]) for g in week["gaps"]} == {(week["from_at"], low), (high, week["to_at"])}, "all day is service time"
    person.close()


def test_a_week_shows_holidays_absences_and_stretches_with_nobody(server, admin):
    calendar = admin.post("/calendar", {"code": f"h{uuid.uuid4().hex[:6]}", "name": "热线", "form": {
        "name": {"zh": "热线", "en": "Hotline"}, "zone": "Asia/Shanghai", "week": [{"days": ["mon", "tue", "wed", "fri"], "hours": ["08:00-20:00"]}],
        "days": [{"day": "2026-10-01", "kind": "hours", "hours": ["08:00-20:00"], "name": {"zh": "国庆节", "en": "National Day"}}]}})
    team = team_of(admin, calendar_id=calendar["id"])
    first, second = people(server, admin, team, 2)
    shift(admin, first, "2026-10-01", "08:00-14:00")
    shift(admin, second, "2026-10-01", "13:00-20:00")
    absent(admin, first, at("2026-10-01", "10:00"), at("2026-10-01", "12:00"))
    absent(admin, second, at("2026-10-01", "18:00"), at("2026-10-02", "00:00"), cover=first)
    week = admin.get("/duty/week", team_id=team, first="2026-09-28")
    assert [d["zh"] for d in week["days"] if d["day"] == "2026-10-01"] == ["国庆节"]
    assert {p["id"] for p in week["people"]} == {first.user["id"], second.user["id"]} and len(week["shifts"]) == 2
    thursday = [(g["from_at"], g["to_at"]) for g in week["gaps"] if at("2026-10-01", "00:00") <= g["from_at"] < at("2026-10-02", "00:00")]
    assert thursday == [(at("2026-10-01", "10:00"), at("2026-10-01", "12:00"))], "from 18:00 the first covers"
    assert {a["user_id"]: a["cover_id"] for a in week["absences"]} == {first.user["id"]: None, second.user["id"]: first.user["id"]}
    assert first.get("/duty/week", team_id=team, first="2026-09-28")["absences"][0]["reason"] is None, "why is for those who may read it"
    for person in (first, second):
        person.close()


def test_a_week_is_copied_once_however_often_it_is_asked(server, admin):
    team = team_of(admin)
    first, second = people(server, admin, team, 2)
    for n in range(5):
        shift(admin, first, f"2027-04-{5 + n:02d}")
        shift(admin, second, f"2027-04-{5 + n:02d}", "22:00-08:00")
    taken = shift(admin, first, "2027-04-12", "06:00-09:00")
    body = {"team_id": team, "from": "2027-04-05", "to": "2027-04-12", "weeks": 2}
    assert admin.post("/duty/copy", body) == {"copied": 19, "skipped": 1, "left": 0}, "where something is planned, it stays"
    assert admin.post("/duty/copy", body) == {"copied": 0, "skipped": 20, "left": 0}
    assert admin.get(f"/shift/{taken['id']}")["version"] == 1
    assert len(admin.get("/duty/week", team_id=team, first="2027-04-19")["shifts"]) == 10
    assert faults(admin.post("/duty/copy", body | {"to": "2027-04-13"}, status=422)) == [("to", "time_order")]
    first.post("/duty/copy", body, status=403)
    for person in (first, second):
        person.close()


def test_absences_have_an_order_and_do_not_overlap(server, admin):
    team = team_of(admin)
    first, second = people(server, admin, team, 2)
    noon = at(MONDAY, "12:00")
    assert faults(absent(admin, first, noon, noon, status=422)) == [("to_at", "time_order")]
    assert faults(absent(admin, first, noon, noon + HOUR, first, status=422)) == [("cover_id", "cover_self")]
    absent(admin, first, noon, noon + HOUR, second)
    assert faults(absent(admin, first, noon + HOUR - 1, noon + 2 * HOUR, status=422)) == [("from_at", "time_overlap")]
    absent(admin, first, noon + HOUR, noon + 2 * HOUR)
    for person in (first, second):
        person.close()


# -- what somebody says of herself ------------------------------------------------------------------------------------------------

def reason(admin, name="meal"):
    return next(r["id"] for r in admin.get("/break_reason", limit=50)["items"] if r["code"] == name)


def sign_in(desk, person):
    return Client(desk.server.url).sign_in(person.account, "a long enough word")


def test_a_break_lasts_until_she_is_back_or_her_shift_ends(desk):
    admin, team = desk.admin, team_of(desk.admin)
    person, = people(desk.server, admin, team, 1)
    shift(admin, person, MONDAY)
    me = person.get("/duty/me")
    assert (me["state"], me["said"], me["since"], me["until"]) == ("on", False, at(MONDAY, "08:30"), at(MONDAY, "17:30"))
    assert faults(person.post("/duty/me", {"state": "break"}, status=422)) == [("reason_id", "field_required")]
    meal = reason(admin)
    said = person.post("/duty/me", {"state": "break", "reason_id": meal})
    assert (said["state"], said["since"], said["until"], said["reason_id"]) == ("break", desk.clock.ms, at(MONDAY, "17:30"), meal)
    assert next(r for r in said["reasons"] if r["id"] == meal)["limit_minutes"] == 45
    since = desk.clock.ms
    desk.clock.move(600)
    assert person.post("/duty/me", {"state": "break", "reason_id": meal})["since"] == since, "the same again changes nothing"
    wall = admin.get("/duty", team_id=team)["items"]
    assert [(i["user_id"], i["state"], i["since"], i["reason_id"]) for i in wall] == [(person.user["id"], "break", since, meal)]
    desk.restart(kill=True)
    assert [i["state"] for i in desk.admin.get("/duty", team_id=team)["items"]] == ["break"]
    desk.clock.set(at(MONDAY, "17:30"))
    assert desk.admin.get("/duty", team_id=team)["items"] == [], "it lapses with the shift, and nobody had to end it"
    row = desk.admin.get("/attendance", limit=10)["items"][0]
    assert (row["from_at"], row["to_at"], row["state"]) == (since, at(MONDAY, "17:30"), "break")
    person.close()


def test_a_clock_that_is_put_back_leaves_one_state(desk):
    admin, team = desk.admin, team_of(desk.admin)
    person, = people(desk.server, admin, team, 1)
    shift(admin, person, MONDAY)
    person.post("/duty/me", {"state": "break", "reason_id": reason(admin)})
    desk.clock.move(-1800)
    assert person.get("/duty/me")["state"] == "on", "by this clock she has not left yet"
    person.post("/duty/me", {"state": "off"})
    desk.clock.move(3600)
    assert person.get("/duty/me")["state"] == "off", "what she said last holds"
    spans = [(r["from_at"], r["to_at"]) for r in admin.get("/attendance", limit=50)["items"] if r["user_id"] == person.user["id"]]
    real = sorted(s for s in spans if s[0] < s[1])
    assert real and all(a[1] <= b[0] for a, b in zip(real, real[1:]))
    person.close()


def test_signing_out_on_a_break_ends_it_and_signing_in_brings_her_back(desk):
    admin, team = desk.admin, team_of(desk.admin)
    person, = people(desk.server, admin, team, 1)
    shift(admin, person, MONDAY)
    person.post("/duty/me", {"state": "break", "reason_id": reason(admin)})
    second = sign_in(desk, person)
    desk.clock.move(60)
    second.delete("/session")
    assert person.get("/duty/me")["state"] == "break", "she is still signed in elsewhere"
    person.delete("/session")
    assert [i["state"] for i in admin.get("/duty", team_id=team)["items"]] == ["off"]
    desk.clock.move(60)
    back = sign_in(desk, person)
    me = back.get("/duty/me")
    assert (me["state"], me["said"]) == ("on", False)
    rows = [(r["state"], r["cause"], r["to_at"] - r["from_at"]) for r in admin.get("/attendance", limit=50)["items"] if r["user_id"] == person.user["id"]]
    assert sorted(rows) == [("break", "said", MINUTE), ("off", "signed_out", MINUTE)]
    for client in (person, second, back):
        client.close()


# -- whom work goes to ------------------------------------------------------------------------------------------------------------

def filed(desk, mark, **more):
    ticket = desk.ticket(f"{mark} 有异响，请来看看", **more)
    wait_for(lambda: any(r["object_id"] == ticket for r in desk.admin.get("/rule_run", limit=50)["items"]))
    row = desk.admin.get(f"/ticket/{ticket}")
    return row["owner_id"], row["team_id"]


def test_tickets_go_to_whoever_is_on_duty_or_covers(desk):
    admin, team, other = desk.admin, team_of(desk.admin), team_of(desk.admin)
    first, second = people(desk.server, admin, team, 2)
    cover, = people(desk.server, admin, other, 1)
    shift(admin, first, MONDAY)
    shift(admin, second, MONDAY, "22:00-08:00")
    mark = uuid.uuid4().hex[:8]
    row = rule(admin, condition=f'title contains "{mark}"', actions=[{"do": "assign", "by": "load", "team_id": team}])
    assert filed(desk, mark) == (first.user["id"], team)
    first.post("/duty/me", {"state": "break", "reason_id": reason(admin)})
    assert filed(desk, mark) == (None, team), "with nobody there it stays with its team"
    first.post("/duty/me", {"state": "on"})
    assert filed(desk, mark) == (first.user["id"], team)
    absent(admin, first, at(MONDAY, "00:00"), at("2027-03-02", "00:00"), cover)
    first.post("/duty/me", {"state": "off"})
    assert filed(desk, mark) == (cover.user["id"], team), "who covers takes it for the team that she covers in"
    choose = admin.get("/setting/shift.choose")
    admin.patch("/setting/shift.choose", {"version": choose["version"], "value": "everybody"})
    assert filed(desk, mark)[0] == second.user["id"]
    off(admin, row)
    for person in (first, second, cover):
        person.close()


def test_who_has_left_the_company_covers_for_nobody(server, admin):
    team = team_of(admin)
    first, cover = people(server, admin, team, 2)
    shift(admin, first, MONDAY)
    noon = at(MONDAY, "12:00")
    absent(admin, first, noon - HOUR, noon + HOUR, cover)
    assert set(on_duty(admin, team, at=noon)) == {cover.user["id"]}
    admin.post(f"/user/{cover.user['id']}/archive", {"version": admin.get(f"/user/{cover.user['id']}")["version"]})
    assert not on_duty(admin, team, at=noon)
    for person in (first, cover):
        person.close()


def test_a_region_is_all_of_its_teams(desk):
    admin = desk.admin
    region = admin.post("/region", {"code": f"r{uuid.uuid4().hex[:6]}", "name": "华东"})["id"]
    teams = [team_of(admin, region_id=region) for _ in range(3)]
    first, last = people(desk.server, admin, teams[0], 1) + people(desk.server, admin, teams[2], 1)
    customer = admin.post("/customer", {"name": "钱一", "phone": f"137{uuid.uuid4().int % 10**8:08d}", "region_id": region})["id"]
    mark = uuid.uuid4().hex[:8]
    row = rule(admin, condition=f'title contains "{mark}"', actions=[{"do": "assign", "by": "load"}])
    places = [filed(desk, mark, customer_id=customer) for _ in range(2)]
    assert sorted(places) == sorted([(first.user["id"], teams[0]), (last.user["id"], teams[2])]), "the second team has least to do with nobody in it"
    shift(admin, first, MONDAY, "22:00-08:00")
    assert filed(desk, mark, customer_id=customer) == (last.user["id"], teams[2]), "of the first nobody is on duty"
    off(admin, row)
    for person in (first, last):
        person.close()


def test_a_clock_tells_whoever_is_there(desk):
    """The owner while she is on duty, her team while she is on a break."""
    admin, team = desk.admin, team_of(desk.admin)
    owner, mate = people(desk.server, admin, team, 2)
    for person in (owner, mate):
        shift(admin, person, MONDAY, "08:00-20:00")
    told = lambda person: [n["object_id"] for n in person.get("/notification")["items"] if n["kind"].startswith("clock_")]  # noqa: E731

    def due(who):
        ticket = desk.ticket()
        desk.act(ticket, "assign", owner_id=owner.user["id"], team_id=team)
        desk.clock.move(3 * 3600 + 60)
        wait_for(lambda: ticket in told(who))
        return ticket

    first = due(owner)
    assert first not in told(mate)
    owner.post("/duty/me", {"state": "break", "reason_id": reason(admin)})
    assert due(mate) not in told(owner)
    for person in (owner, mate):
        person.close()


def test_a_clock_tells_who_covers_for_the_owner(desk):
    admin, team, other = desk.admin, team_of(desk.admin), team_of(desk.admin)
    owner, mate = people(desk.server, admin, team, 2)
    cover = new_user(desk.server, admin, RIGHTS, "all", team_id=other)
    for person in (owner, mate):
        shift(admin, person, MONDAY, "08:00-20:00")
    ticket = desk.ticket()
    desk.act(ticket, "assign", owner_id=owner.user["id"], team_id=team)
    absent(admin, owner, at(MONDAY, "00:00"), at("2027-03-02", "00:00"), cover)
    desk.clock.move(3 * 3600 + 60)
    told = lambda person: [n["object_id"] for n in person.get("/notification")["items"] if n["kind"].startswith("clock_")]  # noqa: E731
    wait_for(lambda: ticket in told(cover))
    assert ticket not in told(owner) and ticket not in told(mate)
    for person in (owner, mate, cover):
        person.close()


def test_a_person_sees_her_own_duty_and_no_other_teams_plan(server, admin):
    team, other = team_of(admin), team_of(admin)
    mine, theirs = people(server, admin, team, 1) + people(server, admin, other, 1)
    shift(admin, mine, MONDAY)
    shift(admin, theirs, MONDAY)
    assert {s["user_id"] for s in mine.get("/shift", limit=200)["items"]} == {mine.user["id"]}
    assert mine.get("/duty", team_id=other)["items"] == [] and mine.get("/duty/week", team_id=other, first=MONDAY)["people"] == []
    mine.post("/shift", {"user_id": mine.user["id"], "day": MONDAY, "hours": "18:00-19:00"}, status=403)
    for person in (mine, theirs):
        person.close()


def test_next_shift_is_told(desk):
    admin, team = desk.admin, team_of(desk.admin)
    person, = people(desk.server, admin, team, 1)
    tomorrow = (datetime.fromisoformat(MONDAY) + timedelta(1)).replace(tzinfo=CHINA)
    shift(admin, person, tomorrow.date().isoformat())
    me = person.get("/duty/me")
    assert (me["state"], me["planned"], me["shift"]) == ("off", True, None)
    assert me["next"] == {"from_at": at(tomorrow.date(), "08:30"), "to_at": at(tomorrow.date(), "17:30")}
    person.close()
