"""Legal holds: while one is in force nothing of its customer or ticket is erased, neither on request nor by age; placing and releasing have reasons
and are in the audit; on both engines, with a clock that is moved."""
import pytest
from test_audit import rows
from test_retention import DAY_S, THREE_YEARS_S, Firm, noon
from test_scope import new_user

from patience import wait_for

WHY = "诉讼（2026）沪0105民初1号"


@pytest.fixture
def firm(company, tmp_path):
    firm = Firm(company, noon(tmp_path))
    yield firm
    firm.server.stop()


def place(client, record, id, status=None, **more):
    return client.post(f"/{record}/{id}/hold", {"reason": WHY} | more, status=status)


def holds(client, record, id):
    return client.get(f"/{record}/{id}/hold")["items"]


def release(client, hold, why="案件终结", status=None):
    return client.post(f"/legal_hold/{hold['id']}/release", {"version": hold["version"], "reason": why}, status=status)


def erase(client, customer, status=None):
    return client.post(f"/customer/{customer}/erase", {"reason": "本人要求"}, status=status)


def test_erasure_is_refused_and_names_the_hold(own):
    admin = own.admin
    customer = admin.post("/customer", {"name": "涉诉客户", "phone": "13712340001"})["id"]
    hold = place(admin, "customer", customer)
    refused = erase(admin, customer, status=409)
    assert refused["error"]["code"] == "held" and WHY in refused["error"]["message"]
    assert not admin.get(f"/customer/{customer}/erasure")["items"] and admin.get(f"/customer/{customer}")["name"] is not None
    assert [h["reason"] for h in holds(admin, "customer", customer)] == [WHY]
    release(admin, hold)
    assert holds(admin, "customer", customer) == []
    release(admin, admin.get(f"/legal_hold/{hold['id']}"), status=409)
    erase(admin, customer)
    told = [kind for (kind,) in rows(own.company, f"SELECT kind FROM event WHERE object = 'legal_hold' AND object_id = {hold['id']} ORDER BY no")]
    assert told == ["legal_hold.created", "legal_hold.released"]


def test_a_ticket_keeps_its_customer_and_a_customer_her_tickets(own):
    admin = own.admin
    customer = admin.post("/customer", {"name": "涉诉客户", "phone": "13712340002"})["id"]
    ticket = admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "怎么换滤芯"})["id"]
    hold = place(admin, "ticket", ticket)
    assert [h["ticket_id"] for h in holds(admin, "customer", customer)] == [ticket]
    assert erase(admin, customer, status=409)["error"]["code"] == "held"
    release(admin, hold)
    place(admin, "customer", customer)
    assert [(h["customer_id"], h["ticket_id"]) for h in holds(admin, "ticket", ticket)] == [(customer, None)]
    other = admin.post("/customer", {"name": "别人", "phone": "13712340003"})["id"]
    assert holds(admin, "customer", other) == []
    erase(admin, other)


def test_what_was_merged_into_a_customer_brings_its_hold(own):
    admin = own.admin
    one, two = (admin.post("/customer", {"name": "同一人", "phone": f"1371234001{n}"}) for n in range(2))
    hold = place(admin, "customer", two["id"])
    admin.post(f"/customer/{one['id']}/merge", {"customer_id": two["id"], "reason": "同一个人"})
    assert admin.get(f"/customer/{two['id']}")["merged_into"] == one["id"]
    assert [h["id"] for h in holds(admin, "customer", one["id"])] == [hold["id"]]
    assert erase(admin, one["id"], status=409)["error"]["code"] == "held"


def test_who_may_and_what_is_asked(own):
    admin = own.admin
    customer = admin.post("/customer", {"name": "涉诉客户", "phone": "13712340004"})["id"]
    admin.post(f"/customer/{customer}/hold", {"reason": " "}, status=422)
    admin.post(f"/customer/{customer}/hold", {}, status=422)
    assert place(admin, "customer", customer, status=422, until="2020-01-01")["error"]["code"] == "invalid"
    place(admin, "customer", "123", status=404)
    other = new_user(own, admin, ["customer.read", "customer.erase"])
    place(other, "customer", customer, status=403)
    hold = place(admin, "customer", customer)
    release(other, hold, status=403)
    seen = holds(other, "customer", customer)
    assert [h["id"] for h in seen] == [hold["id"]] and "reason" not in seen[0], "that it is held, not why"
    other.get("/legal_hold", status=403)
    admin.patch(f"/legal_hold/{hold['id']}", {"version": hold["version"], "reason": "改掉"}, status=405)
    listed = admin.get("/legal_hold", q="沪0105民初1")["items"]
    wait_for(lambda: [h["id"] for h in admin.get("/legal_hold", q="诉讼")["items"]] == [hold["id"]], why=lambda: listed)


def test_what_is_past_its_time_stays_until_the_hold_is_over(firm):
    kept, gone, by_ticket = (int(firm.customer()) for _ in range(3))
    closed = {c: int(firm.closed(str(c))) for c in (kept, gone, by_ticket)}
    place(firm.admin, "customer", kept)
    short = place(firm.admin, "ticket", closed[by_ticket], until=day_after(firm, 1096 + 10))
    firm.keep(customer="3_years", ticket="3_years")
    firm.night(THREE_YEARS_S + 2 * DAY_S)
    assert gone in firm.erased("customer") and kept not in firm.erased("customer") and by_ticket not in firm.erased("customer")
    assert not {closed[kept], closed[by_ticket]} & set(firm.erased("ticket"))
    words = firm.admin.get(f"/ticket/{closed[kept]}")["description"]
    assert words == "怎么换滤芯"
    assert next(k for k in firm.admin.get("/retention")["items"] if k["name"] == "customer")["held"] >= 2

    assert holds(firm.admin, "ticket", closed[by_ticket])[0]["id"] == short["id"]
    firm.night(10 * DAY_S)          # its last day is over
    assert holds(firm.admin, "ticket", closed[by_ticket]) == []
    assert by_ticket in firm.erased("customer") and kept not in firm.erased("customer")

    hold = holds(firm.admin, "customer", kept)[0]
    release(firm.admin, hold)
    firm.night()
    assert kept in firm.erased("customer")


def day_after(firm, days):
    from datetime import datetime, timedelta, timezone
    return (datetime.fromtimestamp(firm.clock.ms / 1000, timezone.utc) + timedelta(days=days, hours=8)).strftime("%Y-%m-%d")


def test_an_import_that_is_taken_back_leaves_whom_a_hold_is_on(own, tmp_path):
    from test_import_undo import HEADS, run, stays, undo, write
    admin = own.admin
    done = run(admin, write(tmp_path / "c.csv", [["涉诉", "13712340009"]], HEADS[:2]))
    customer = admin.get("/customer", q="13712340009")["items"][0]["id"]
    place(admin, "customer", customer)
    ended = undo(admin, done)
    assert [(s["code"], s["by"] and s["by"]["record"]) for s in stays(admin, ended)] == [("used", "legal_hold")]
    assert admin.get(f"/customer/{customer}")["id"] == customer
