"""How the system is: the doctor's looks, the jobs of one's own company; what was given up is tried again, or dropped, and the audit says by whom."""
from contextlib import closing

import pytest
from actors import connect

from client import Client
from patience import wait_for
from server import Clock, Server

DEAD = "INSERT INTO job (tenant, id, kind, run_at, state, attempts, last_error, unique_key) SELECT max(tenant), {0}, '{1}', {0}, 'dead', 10, 'outbound', '{0}' FROM tenant"


@pytest.fixture
def desk(company, tmp_path):
    company.execute(DEAD.format(7001, "sweep"))
    company.execute(DEAD.format(7002, "unheard.of"))
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock, options=["--set", "doctor.backup_age=24"]) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        admin.clock, admin.company_of = clock, company
        yield admin
        admin.close()


def fresh(admin):
    """Her session has ended meanwhile."""
    again = Client(admin.url).sign_in(*admin.company_of.accounts[0])
    again.clock, again.company_of = admin.clock, admin.company_of
    return again


def checks(admin):
    return {c["code"]: c for c in admin.get("/system")["checks"]}


def test_the_looks_of_the_doctor_while_it_serves(desk):
    said = desk.get("/system")
    assert said["engine"] == desk.company_of.engine and said["started_at"] <= said["now"]
    found = checks(desk)
    assert {"backup", "disk", "audit", "followers", "messages"} <= set(found) and "certificate" not in found
    assert ("reserve" in found) == (desk.company_of.engine == "sqlite")
    assert found["backup"]["state"] == "warn"
    assert checks(desk)["backup"]["text"] != desk.request("GET", "/system", headers={"Accept-Language": "zh"})["checks"][0]["text"]


def test_a_message_without_a_channel_is_told(desk):
    before = checks(desk)["messages"]["text"]
    person = desk.post("/customer", {"name": "系统甲", "phone": "13900001234"})
    desk.post("/ticket", {"scene": "usage", "customer_id": person["id"], "text": "怎么清洁滤网"})
    wait_for(lambda: checks(desk)["messages"]["text"] != before and checks(desk)["messages"]["state"] == "warn", clock=desk.clock)
    desk.clock.move(25 * 3600)
    again = Client(desk.url).sign_in(*desk.company_of.accounts[0])
    assert checks(again)["messages"]["state"] == "well", "of a day"


def test_what_was_given_up_is_tried_again_or_dropped(desk):
    dead = desk.get("/job", state="dead")["items"]
    assert [(j["id"], j["kind"], j["attempts"], j["last_error"]) for j in dead] == [("7001", "sweep", 10, "outbound"), ("7002", "unheard.of", 10, "outbound")]
    assert [a["amount"] for a in desk.get("/system")["jobs"] if (a["kind"], a["state"]) == ("sweep", "dead")] == [1]
    desk.post("/job/7001/retry", {})
    wait_for(lambda: desk.get("/job/7001", status=(200, 404)).get("state") != "dead")
    wait_for(lambda: "7001" not in [j["id"] for j in desk.get("/job", state="waiting")["items"]], clock=desk.clock)
    desk.post("/job/7002/drop", {})
    assert desk.get("/job", state="dead")["items"] == []
    assert desk.get("/job/7002")["state"] == "dropped"
    waiting = desk.get("/job", state="waiting")["items"]
    assert waiting, "nightly work is planned"
    for what in ("drop", "retry", "restore"):
        assert desk.post(f"/job/{waiting[0]['id']}/{what}", {}, status=409)["error"]["code"] == "state"
    for what in ("drop", "retry"):
        desk.post(f"/job/7002/{what}", {}, status=409)
    desk.post("/job/7003/drop", {}, status=404)
    with closing(connect(desk.company_of)) as stored:
        told = stored.execute("SELECT kind, area FROM event WHERE object = 'job' ORDER BY no").fetchall()
    assert [tuple(t) for t in told] == [("job.retried", "setting"), ("job.dropped", "setting")]


def test_what_was_dropped_is_put_back_and_who_did_it_is_told(desk):
    desk.post("/job/7002/drop", {})
    assert [j["id"] for j in desk.get("/job", state="dropped")["items"]] == ["7002"]
    desk.post("/job/7002/restore", {})
    assert "7002" in [j["id"] for j in desk.get("/job", state="dead")["items"]] and desk.get("/job", state="dropped")["items"] == []
    desk.post("/job/7002/restore", {}, status=409)
    told = desk.get("/job/act")["items"]
    assert [(a["what"], a["job_id"], a["job"]["kind"], a["actor"]["name"]) for a in told] == [(what, "7002", "unheard.of", desk.get("/session")["user"]["name"]) for what in ("job.restored", "job.dropped")]
    assert desk.get("/job/act", before=told[0]["no"])["items"] == told[1:]


def test_what_was_dropped_goes_when_nobody_put_it_back(desk):
    desk.post("/job/7002/drop", {})
    desk.clock.move(10 * 60)
    assert desk.get("/job/7002")["state"] == "dropped"
    desk.clock.move(200 * 24 * 3600)
    again = fresh(desk)
    wait_for(lambda: again.get("/job/7002", status=(200, 404)).get("state") != "dropped", clock=desk.clock)
    assert again.get("/job/act")["items"], "who dropped it stays known"


def test_jobs_are_narrowed_to_a_kind(desk):
    assert [j["id"] for j in desk.get("/job", state="dead", kind="sweep")["items"]] == ["7001"]
    assert {j["kind"] for j in desk.get("/job", state="waiting", kind="upkeep.company")["items"]} == {"upkeep.company"}
    assert desk.get("/job", state="dead", kind="upkeep.company")["items"] == []


@pytest.mark.parametrize("more", [{}, {"kind": "unheard.of"}], ids=["all", "of a kind"])
def test_pages_of_jobs_miss_nothing_and_bad_places_are_refused(desk, more):
    with closing(connect(desk.company_of, writes=True)) as stored:
        for n in range(8000, 8120):
            stored.execute(DEAD.format(n, "unheard.of"))
    seen, after = [], None
    while True:
        page = desk.get("/job", state="dead", **more, **({"after": after} if after else {}))
        seen += [j["id"] for j in page["items"]]
        if not (after := page["next"]):
            break
    assert len(seen) == len(set(seen)) == (121 if more else 122)
    desk.get("/job", state="dead", after="nowhere", status=422)
    desk.get("/job", state="asleep", status=422)


def test_each_day_is_kept_for_two_weeks(desk):
    wait_for(lambda: len(desk.get("/system")["days"]) == 1)
    first = desk.get("/system")["days"][0]
    assert first["backup_hours"] is None and first["free_mb"] > 0 and first["behind"] >= 0
    assert first["warned"] + first["failed"] == len([c for c in checks(desk).values() if c["state"] != "well"])
    days, day, zone = [first["at"]], 24 * 3600, 8 * 3600
    to_noon = 12 * 3600 - (desk.clock.ms // 1000 + zone) % day       # after the morning's look
    for n in range(16):
        desk.clock.move(day + (0 if n else to_noon))
        desk = fresh(desk)
        wait_for(lambda: desk.get("/system")["days"][-1]["at"] > days[-1], clock=desk.clock)
        days.append(desk.get("/system")["days"][-1]["at"])
    kept = [d["at"] for d in desk.get("/system")["days"]]
    assert kept == days[-14:] and {b - a for a, b in zip(kept, kept[1:])} == {24 * 3600 * 1000}
    assert [j["kind"] for j in desk.get("/job", state="waiting", kind="health.day")["items"]] == ["health.day"], "one is to come"


def test_it_is_not_for_everybody(desk):
    agent = Client(desk.url).sign_in(*desk.company_of.accounts[2])
    agent.get("/system", status=403)
    agent.get("/job", state="dead", status=403)
    agent.get("/job/act", status=403)
    for what in ("retry", "drop", "restore"):
        agent.post(f"/job/7001/{what}", {}, status=403)
