"""Service clocks: what was promised, when it is due and why, told once, through pauses, other policies, restarts and clocks that jump."""
import people
import pytest
from definitions import is_refused_at
from desk import HOUR, MINUTE, STEPS, at, desk  # noqa: F401 (desk is a fixture)

from client import Client
from patience import wait_for


def test_a_ticket_begins_with_what_its_grade_is_promised(desk):
    normal, urgent, critical = desk.ticket(), desk.ticket(grade="urgent"), desk.ticket(grade="critical")
    now = desk.clock.ms
    assert {m: (c["target_ms"], c["due_at"]) for (m, _), c in desk.clocks(normal).items()} == {
        "acceptance": (2 * HOUR, now + 2 * HOUR), "solution": (4 * HOUR, now + 4 * HOUR)}
    due = {m: c["due_at"] for (m, _), c in desk.clocks(urgent).items()}
    assert due == {"acceptance": now + 2 * HOUR, "first_response": now + 2 * HOUR, "solution": at("2027-03-03", "10:00")}
    assert desk.clocks(critical)["first_response", 1]["due_at"] == now + 15 * MINUTE
    assert desk.admin.get(f"/ticket/{critical}")["next_due_at"] == now + 15 * MINUTE
    first = desk.admin.get("/ticket", sort="next_due_at", limit=1, condition="created_at >= 2027-03-01")["items"][0]
    assert first["id"] == critical


def test_working_time_stands_over_the_night_and_why_says_so(desk):
    desk.clock.set(at("2027-03-01", "18:00"))
    ticket = desk.ticket()
    assert desk.solution(ticket)["due_at"] == at("2027-03-02", "10:00")
    why = desk.why(ticket)
    counted = [(r["from"], r["to"], r["counted_ms"], r["sum_ms"]) for r in why["rows"] if r["kind"] == "counted"]
    assert counted == [(at("2027-03-01", "18:00"), at("2027-03-01", "20:00"), 2 * HOUR, 2 * HOUR),
                       (at("2027-03-02", "08:00"), at("2027-03-02", "10:00"), 2 * HOUR, 4 * HOUR)]
    assert why["replayed_due_at"] == why["due_at"] and why["calendar"]["name"]["zh"] == "服务热线 7×12"
    assert [e["kind"] for e in why["events"]] == ["started"] and why["policy"]["en"] == "Normal · solution 4 h"
    assert [at("2027-03-01", "08:00"), at("2027-03-01", "20:00")] in why["open"], "the whole of a day's working time, this clock's or not"


def test_waiting_for_the_customer_stands_and_goes_on(desk):
    ticket = desk.ticket()
    desk.act(ticket, "accept")
    desk.act(ticket, "contact")
    desk.clock.move(3600)
    desk.act(ticket, "wait", reason="请拍一张铭牌")
    assert (desk.solution(ticket)["state"], desk.solution(ticket)["due_at"]) == ("paused", None)
    assert desk.admin.get(f"/ticket/{ticket}")["next_due_at"] is None
    desk.clock.move(5400)
    desk.act(ticket, "resume")
    clock = desk.solution(ticket)
    assert (clock["state"], clock["spent_ms"], clock["due_at"]) == ("running", HOUR, at("2027-03-01", "15:30"))
    assert [r["kind"] for r in desk.why(ticket)["rows"]] == ["counted", "paused", "counted"]
    assert desk.why(ticket)["replayed_due_at"] == clock["due_at"]
    assert desk.admin.get(f"/ticket/{ticket}")["next_due_at"] == clock["due_at"]


def test_each_step_is_told_once_in_order_over_restarts_and_a_clock_that_jumps(desk):
    desk.clock.move(-0.001)
    a_moment_before = desk.ticket()
    desk.clock.move(0.001)
    ticket = desk.ticket()
    desk.clock.move(3 * 3600)
    wait_for(lambda: desk.told(a_moment_before) == [("soon", 75)])
    assert desk.told(ticket) == [], "the share of 75 % has not passed yet, it is just reached"
    desk.clock.move(1)
    wait_for(lambda: desk.told(ticket) == [("soon", 75)])
    desk.clock.move(-7200)
    desk.restart(kill=True)
    desk.clock.set(at("2027-03-01", "14:00"))
    assert desk.solution(ticket)["breached"] is False, "what is done at the due instant is in time"
    desk.clock.move(1)
    wait_for(lambda: desk.told(ticket) == [("soon", 75), ("breached", 100)])
    desk.restart()
    desk.clock.move(2 * 3600)
    wait_for(lambda: len(desk.told(ticket)) == 3)
    assert desk.told(ticket) == [("soon", 75), ("breached", 100), ("escalated", 150)]
    clock = desk.solution(ticket)
    assert clock["breached"] and clock["breached_at"] == at("2027-03-01", "14:00") and clock["remaining_ms"] < 0


def test_a_night_in_which_the_server_was_down_is_made_up_for(desk):
    ticket = desk.ticket()
    desk.server.stop()
    desk.clock.set(at("2027-03-02", "09:00"))
    desk.server.start()
    desk.sign_in()
    wait_for(lambda: len(desk.told(ticket)) == 3)
    assert desk.told(ticket) == [("soon", 75), ("breached", 100), ("escalated", 150)]


def test_done_late_is_a_breach_even_when_nobody_looked(desk):
    ticket = desk.ticket()
    desk.act(ticket, "accept")
    desk.clock.move(4 * 3600 + 1)
    desk.act(ticket, "resolve", **STEPS)
    clock = desk.solution(ticket)
    assert (clock["state"], clock["breached"]) == ("met", True) and ("breached", 100) in desk.told(ticket)


def test_only_a_person_responds(desk):
    ticket = desk.ticket(grade="urgent")
    desk.admin.post(f"/ticket/{ticket}/comment", {"text": "内部：先问仓库", "visibility": "internal"})
    assert desk.clocks(ticket)["first_response", 1]["state"] == "running"
    desk.clock.move(600)
    desk.admin.post(f"/ticket/{ticket}/comment", {"text": "您好，正在为您安排", "visibility": "public"})
    response = desk.clocks(ticket)["first_response", 1]
    assert (response["state"], response["spent_ms"], response["breached"]) == ("met", 10 * MINUTE, False)


def test_every_question_of_the_customer_has_a_clock_of_its_own_beside_the_first_response(desk):
    customer, _ = people.new_customer(desk.server.url, desk.admin)
    ticket = people.report(customer)["id"]
    for n in (1, 2):
        customer.post(f"/my/ticket/{ticket}/fact", {"version": customer.get(f"/my/ticket/{ticket}")["version"], "text": "还有一个问题"})
        customer.post(f"/my/ticket/{ticket}/fact", {"version": customer.get(f"/my/ticket/{ticket}")["version"], "text": "在吗"})
        assert desk.clocks(ticket)["next_response", n]["state"] == "running"
        desk.clock.move(60)
        desk.admin.post(f"/ticket/{ticket}/comment", {"text": "请看说明书第 3 页", "visibility": "public"})
        assert desk.clocks(ticket)["next_response", n]["state"] == "met"
    assert ("next_response", 3) not in desk.clocks(ticket)
    customer.close()


def test_reopening_begins_the_next_round_and_leaves_the_first_as_it_was(desk):
    ticket = desk.ticket()
    desk.act(ticket, "accept")
    desk.act(ticket, "resolve", **STEPS)
    desk.clock.move(3600)
    desk.act(ticket, "reopen", reason="还在响")
    clocks = desk.clocks(ticket)
    assert clocks["solution", 1]["state"] == "met" and clocks["solution", 2]["due_at"] == desk.clock.ms + 4 * HOUR
    desk.act(ticket, "cancel", reason="客户不要了")
    assert desk.clocks(ticket)["solution", 2]["state"] == "cancelled"
    assert desk.admin.get(f"/ticket/{ticket}")["next_due_at"] is None


def test_another_grade_is_another_promise_counted_from_the_beginning(desk):
    ticket = desk.ticket(grade="urgent")
    desk.clock.move(3600)
    desk.act(ticket, "grade", grade="critical")
    clock = desk.solution(ticket)
    assert (clock["target_ms"], clock["due_at"]) == (24 * HOUR, at("2027-03-02", "10:00"))
    assert [e["kind"] for e in desk.why(ticket)["events"]] == ["started", "policy"]


def test_a_promise_that_comes_later_counts_from_when_it_should_have_begun(desk):
    """A normal ticket has no promise of a first response; raised to urgent it is owed one since the customer wrote."""
    ticket = desk.ticket()
    assert ("first_response", 1) not in desk.clocks(ticket)
    desk.clock.move(3600)
    desk.act(ticket, "grade", grade="urgent")
    response = desk.clocks(ticket)["first_response", 1]
    assert (response["from_at"], response["spent_ms"], response["due_at"]) == (at("2027-03-01", "10:00"), HOUR, at("2027-03-01", "12:00"))
    assert desk.why(ticket, "first_response")["replayed_due_at"] == response["due_at"]


def put_away(desk, way, ticket):
    """Puts a ticket away and says how it comes back."""
    if way == "merge":
        desk.admin.post(f"/ticket/{desk.ticket(scene='usage')}/merge", {"ticket_id": ticket})
        return lambda: desk.admin.post(f"/ticket/{ticket}/part", {})
    desk.admin.post(f"/ticket/{ticket}/archive", {"version": desk.admin.get(f"/ticket/{ticket}")["version"]})
    return lambda: desk.admin.post(f"/ticket/{ticket}/restore", {"version": desk.admin.get(f"/ticket/{ticket}")["version"]})


def bell(desk):
    return [n for n in desk.admin.get("/notification")["items"] if n["kind"].startswith("clock_")]


@pytest.mark.parametrize("way", ["archive", "merge"])
def test_nobody_is_told_of_a_ticket_that_was_put_away_and_its_promise_stands_when_it_comes_back(desk, way):
    ticket = desk.ticket()
    before, rung = desk.clocks(ticket), len(bell(desk))
    bring_back = put_away(desk, way, ticket)
    assert {c["state"] for c in desk.clocks(ticket).values()} == {"held"}
    assert desk.admin.get(f"/ticket/{ticket}")["next_due_at"] is None
    other = desk.ticket()
    desk.clock.move(4 * 3600 + 1)
    wait_for(lambda: ("breached", 100) in desk.told(other))
    assert desk.told(ticket) == [] and not desk.solution(ticket)["breached"]
    assert not [n for n in bell(desk)[rung:] if n["object_id"] == ticket]
    desk.clock.move(-4 * 3600 - 1)
    bring_back()
    assert desk.clocks(ticket) == before, "as if it had never been away"
    assert desk.admin.get(f"/ticket/{ticket}")["next_due_at"] == min(c["due_at"] for c in before.values())
    for measure, _ in before:
        why = desk.why(ticket, measure)
        assert why["replayed_due_at"] == why["due_at"] == before[measure, 1]["due_at"]
        assert [e["kind"] for e in why["events"]] == ["started", "held", "let_go"]


@pytest.mark.parametrize("way", ["archive", "merge"])
def test_what_passed_while_a_ticket_was_away_is_told_when_it_comes_back(desk, way):
    ticket = desk.ticket()
    bring_back = put_away(desk, way, ticket)
    desk.clock.move(4 * 3600 + 60)
    bring_back()
    clock = desk.solution(ticket)
    assert (clock["state"], clock["breached_at"]) == ("running", at("2027-03-01", "14:00")), "she waited all along"
    assert ("breached", 100) in desk.told(ticket) and desk.why(ticket)["replayed_due_at"] == clock["due_at"]


def test_a_clock_that_stood_stands_when_its_ticket_comes_back(desk):
    ticket = desk.ticket()
    desk.act(ticket, "accept")
    desk.clock.move(3600)
    desk.act(ticket, "wait", reason="请拍一张铭牌")
    before = desk.solution(ticket)
    bring_back = put_away(desk, "archive", ticket)
    desk.clock.move(3600)
    bring_back()
    assert desk.solution(ticket) == before
    desk.act(ticket, "resume")
    clock = desk.solution(ticket)
    assert (clock["due_at"], desk.why(ticket)["replayed_due_at"]) == (at("2027-03-01", "15:00"),) * 2


def test_a_ticket_that_was_joined_again_or_cancelled_has_no_clock_left_to_break(desk):
    ticket = desk.ticket(grade="urgent")
    other = desk.admin.post(f"/ticket/{ticket}/split", {"scene": "repair", "text": "门关不上", "grade": "urgent"})["id"]
    assert ("first_response", 1) in desk.clocks(other)
    desk.admin.post(f"/ticket/{other}/unsplit", {})
    desk.act(ticket, "cancel", reason="客户不要了")
    for gone in (ticket, other):
        assert {c["state"] for c in desk.clocks(gone).values()} == {"cancelled"}
    desk.clock.move(5 * 3600)
    assert desk.told(other, "first_response") == []


def test_a_policy_that_changes_while_a_ticket_is_away_holds_when_it_comes_back(desk):
    ticket = desk.ticket()
    bring_back = put_away(desk, "archive", ticket)
    row = policy(desk, "Normal · solution 4 h")
    desk.admin.patch(f"/clock_policy/{row['id']}", {"version": row["version"], "target_minutes": 60})
    running = desk.ticket()
    wait_for(lambda: desk.solution(running)["due_at"] == at("2027-03-01", "11:00"))
    assert desk.solution(ticket)["state"] == "held"
    bring_back()
    clock = desk.solution(ticket)
    assert (clock["state"], clock["due_at"], desk.why(ticket)["replayed_due_at"]) == ("running", at("2027-03-01", "11:00"), at("2027-03-01", "11:00"))


def policy(desk, name):
    return next(p for p in desk.admin.get("/clock_policy", limit=50)["items"] if p["name_en"] == name)


def test_a_changed_policy_moves_what_runs_and_nothing_that_was_judged(desk):
    done, running = desk.ticket(), desk.ticket()
    desk.act(done, "accept")
    desk.act(done, "resolve", **STEPS)
    row = policy(desk, "Normal · solution 4 h")
    desk.admin.patch(f"/clock_policy/{row['id']}", {"version": row["version"], "target_minutes": 60, "reason": "旺季"})
    wait_for(lambda: desk.solution(running)["due_at"] == at("2027-03-01", "11:00"))
    assert desk.admin.get(f"/ticket/{running}")["next_due_at"] == at("2027-03-01", "11:00")
    assert [(e["kind"], e["target_ms"]) for e in desk.why(running)["events"]] == [("started", 4 * HOUR), ("policy", HOUR)]
    assert desk.solution(done)["target_ms"] == 4 * HOUR
    desk.clock.move(3601)
    wait_for(lambda: ("breached", 100) in desk.told(running))
    row = policy(desk, "Normal · solution 4 h")
    desk.admin.patch(f"/clock_policy/{row['id']}", {"version": row["version"], "target_minutes": 600})
    wait_for(lambda: desk.solution(running)["due_at"] == at("2027-03-01", "20:00"))
    assert desk.solution(running)["breached_at"] == at("2027-03-01", "11:00"), "what was breached stays breached"


def test_a_changed_calendar_moves_what_runs(desk):
    desk.clock.set(at("2027-03-01", "18:00"))
    ticket = desk.ticket()
    row = next(k for k in desk.admin.get("/calendar")["items"] if k["code"] == "hotline")
    form = desk.admin.get(f"/calendar/{row['id']}")["form"] | {"days": [{"day": "2027-03-02", "kind": "closed", "name": {"zh": "盘点", "en": "Stock-taking"}}]}
    desk.admin.patch(f"/calendar/{row['id']}", {"version": row["version"], "form": form})
    wait_for(lambda: desk.solution(ticket)["due_at"] == at("2027-03-03", "10:00"))
    assert "盘点" in [r["why"]["zh"] for r in desk.why(ticket)["rows"] if r["why"]]


def test_a_measure_of_the_company_own_has_clocks_like_the_others(desk):
    desk.admin.post("/clock_measure", {"object": "ticket", "code": "assigned", "name": "指派", "name_en": "Assignment", "run_when": "owner_id is none"})
    desk.admin.post("/clock_policy", {"object": "ticket", "measure": "assigned", "name": "10 分钟内指派", "target_minutes": 10, "condition": "scene = repair"})
    ticket = desk.ticket()
    assert desk.clocks(ticket)["assigned", 1]["due_at"] == desk.clock.ms + 10 * MINUTE
    desk.act(ticket, "accept")
    assert desk.clocks(ticket)["assigned", 1]["state"] == "met"


def test_the_first_policy_in_order_that_fits_is_applied(desk):
    desk.admin.post("/clock_policy", {"object": "ticket", "measure": "solution", "name": "大客户", "target_minutes": 30, "place": 1,
                                      "condition": "customer.kind = company and grade != critical"})
    company = desk.admin.post("/customer", {"name": "杭州酒店", "kind": "company", "phone": people.new_phone()})["id"]
    assert desk.solution(desk.ticket(customer_id=company))["target_ms"] == 30 * MINUTE
    assert desk.solution(desk.ticket())["target_ms"] == 4 * HOUR


@pytest.mark.parametrize("body, field", [
    ({"condition": "no_such_field = 1"}, "condition[0]"), ({"condition": "grade = "}, "condition"), ({"measure": "no such"}, "measure"),
    ({"ladder": [{"percent": 0, "to": "owner"}]}, "ladder"), ({"target_minutes": 0}, "target_minutes"), ({"object": "customer"}, "object"),
    ({"soon_percent": 100}, "soon_percent"),
])
def test_a_policy_that_cannot_hold_is_refused_by_its_field(server, admin, body, field):
    said = admin.post("/clock_policy", {"object": "ticket", "measure": "solution", "name": "x", "target_minutes": 5} | body, status=422)
    assert is_refused_at(said, field), said


def test_a_calendar_that_cannot_be_read_is_refused_by_its_field(server, admin):
    form = {"name": {"zh": "x", "en": "x"}, "zone": "Asia/Nowhere", "week": [{"days": ["mon"], "hours": ["25:00-26:00"]}]}
    said = admin.post("/calendar", {"code": "bad", "name": "x", "form": form}, status=422)
    assert {f["field"] for f in said["error"]["fields"]} >= {"form.zone"}


@pytest.mark.quick
def test_clocks_are_shown_to_who_may_see_their_ticket(server, admin):
    import test_scope
    customer = admin.get("/customer", limit=1)["items"][0]["id"]
    ticket = admin.post("/ticket", {"scene": "repair", "customer_id": customer, "text": "冰箱有异响，请来看看"})["id"]
    admin.post(f"/ticket/{ticket}/action/assign", {"version": admin.get(f"/ticket/{ticket}")["version"],
                                                   "team_id": admin.post("/team", {"name": f"组{people.new_phone()}"})["id"]})
    clock = admin.get("/clock", object="ticket", ids=ticket)["items"][0]
    stranger = test_scope.new_user(server, admin, ["ticket.read"], "own")
    nobody = test_scope.new_user(server, admin, ["customer.read"], "all")
    assert stranger.get("/clock", object="ticket", object_id=ticket)["items"] == []
    stranger.get(f"/clock/{clock['id']}/why", status=404)
    assert nobody.get("/clock", object="ticket", object_id=ticket)["items"] == []
    stranger.close()
    nobody.close()


@pytest.mark.quick
def test_a_calendar_is_shown_day_by_day_before_it_is_kept(admin):
    form = {"name": {"zh": "x", "en": "x"}, "zone": "Asia/Shanghai", "holidays": ["china"], "make_up_as": "mon",
            "week": [{"days": ["mon", "tue", "wed", "thu", "fri"], "hours": ["09:00-12:00", "13:00-18:00"]}],
            "days": [{"day": "2026-01-08", "kind": "hours", "hours": ["09:00-11:00"], "name": {"zh": "年会", "en": "Party"}}]}
    days = {d["day"]: d for d in admin.post("/calendar/preview", {"form": form, "first": "2025-12-29"}, status=200)["days"]}
    assert len(days) == 42
    assert (days["2026-01-01"]["kind"], days["2026-01-01"]["hours"], days["2026-01-01"]["zh"]) == ("closed", [], "元旦")
    assert (days["2026-01-04"]["kind"], days["2026-01-04"]["hours"]) == ("work", ["09:00-12:00", "13:00-18:00"]), "a Sunday that makes up for it"
    assert (days["2026-01-08"]["hours"], days["2026-01-08"]["en"]) == (["09:00-11:00"], "Party")
    assert (days["2026-01-09"]["kind"], days["2026-01-10"]["hours"]) == ("plain", [])
    spring = {d["day"]: d for d in admin.post("/calendar/preview", {"form": form, "first": "2027-02-01"}, status=200)["days"]}
    assert any(d["provisional"] for d in spring.values()), "nobody has announced 2027"
    said = admin.post("/calendar/preview", {"form": form | {"zone": "Asia/Nowhere"}, "first": "2027-02-01"}, status=422)
    assert "zone" in {f["field"] for f in said["error"]["fields"]}


@pytest.mark.quick
def test_days_off_out_of_an_icalendar_file_with_its_faults_by_line(admin):
    head, tail = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "END:VCALENDAR\r\n"
    event = "BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:厂休\r\nDTSTART;VALUE=DATE:20270816\r\nDTEND;VALUE=DATE:20270818\r\nEND:VEVENT\r\n"
    bad = "BEGIN:VEVENT\r\nUID:b\r\nDTSTART;VALUE=DATE:2027\r\nEND:VEVENT\r\n"
    ask = {"zone": "Asia/Shanghai", "first": "2027-01-01", "last": "2027-12-31"}
    read = admin.post("/calendar/ical", ask | {"text": head + event + bad + tail}, status=200)
    assert [(d["day"], d["kind"], d["name"]["zh"]) for d in read["days"]] == [("2027-08-16", "closed", "厂休"), ("2027-08-17", "closed", "厂休")]
    assert read["usable"] and [f["line"] > 8 and bool(f["message"]) for f in read["faults"]] == [True]
    nothing = admin.post("/calendar/ical", ask | {"text": "hello"}, status=200)
    assert not nothing["usable"] and nothing["days"] == [] and nothing["faults"]
    admin.post("/calendar/ical", ask | {"text": head + tail, "last": "2026-01-01"}, status=422)


def test_the_measures_that_may_be_promised_are_named(admin):
    labels = {m["code"]: m["label"] for m in admin.get("/clock/measures", object="ticket")["items"]}
    assert labels["solution"]["zh"] == "解决" and "first_response" in labels
    admin.get("/clock/measures", object="customer", status=404)


def notices(client, ticket, measure="solution"):
    return [n["kind"] for n in client.get("/notification")["items"] if n["object_id"] == ticket and n["data"].get("measure") == measure]


def test_the_ladder_tells_the_owner_then_the_supervisors_and_each_once(desk):
    """A normal ticket: its owner at 75 %, the supervisors at 150 %; a critical one without an owner: the supervisors, at once."""
    boss = Client(desk.server.url).sign_in(*next(a for a in desk.company.accounts if a[0] == "chenli"))
    ticket, critical = desk.ticket(), desk.ticket(grade="critical")
    desk.act(ticket, "assign", owner_id=boss.get("/session")["user"]["id"])
    desk.clock.move(15 * 60 + 1)
    wait_for(lambda: "clock_breached" in notices(boss, critical, "first_response"))
    desk.clock.move(3 * 3600)
    boss.sign_in(*next(a for a in desk.company.accounts if a[0] == "chenli"))
    wait_for(lambda: "clock_soon" in notices(boss, ticket))
    desk.clock.move(3 * 3600)
    boss.sign_in(*next(a for a in desk.company.accounts if a[0] == "chenli"))
    wait_for(lambda: "clock_escalated" in notices(boss, ticket))
    assert notices(boss, ticket) == ["clock_escalated", "clock_soon"]
    boss.close()
