"""Actions on several rows at once, macros, and taking back: each row for itself, nothing twice, nothing that one could not do by hand."""
import uuid

import pytest
from people import new_phone
from test_scope import new_user

GRADE = [{"do": "move", "action": "grade", "fields": {"grade": "urgent"}}]
NOTE = [{"do": "set", "field": "note", "value": "老客户"}]


@pytest.fixture
def customers(admin):
    return [admin.post("/customer", {"name": "周婷", "phone": new_phone(), "note": f"原来 {n}"}) for n in range(3)]


@pytest.fixture
def tickets(admin, customers):
    return [admin.post("/ticket", {"scene": "usage", "customer_id": c["id"], "text": "怎么调温度"}) for c in customers]


def rows(items):
    return [{"id": i["id"], "version": i["version"]} for i in items]


def codes(answer):
    return [r["code"] for r in answer["rows"]]


def now(client, kind, items):
    return [client.get(f"/{kind}/{i['id']}") for i in items]


def plain(row):
    return {k: v for k, v in row.items() if k not in ("version", "updated_at", "next_due_at", "touched_at", "actions", "titles")}


def test_a_field_is_set_on_all_and_taken_back(admin, customers):
    answer = admin.post("/customer/act", {"rows": rows(customers), "actions": NOTE})
    assert (codes(answer), answer["done"], answer["failed"], answer["undoable"]) == (["ok"] * 3, 3, 0, 3)
    after = now(admin, "customer", customers)
    assert [c["note"] for c in after] == ["老客户"] * 3 and [c["version"] for c in after] == [r["version"] for r in answer["rows"]]
    back = admin.post("/customer/undo", {"run": answer["run"]})
    assert codes(back) == ["ok"] * 3
    assert [plain(c) for c in now(admin, "customer", customers)] == [plain(c) for c in customers]
    assert codes(admin.post("/customer/undo", {"run": answer["run"]})) == [], "nothing is taken back twice"


def test_several_actions_happen_on_a_row_or_none(admin, tickets):
    """The second ticket is accepted already: its accept refuses, and with it the grade before it."""
    admin.post(f"/ticket/{tickets[1]['id']}/action/accept", {"version": tickets[1]["version"]})
    answer = admin.post("/ticket/act", {"rows": [{"id": t["id"]} for t in tickets], "actions": [*GRADE, {"do": "move", "action": "accept"}]})
    assert codes(answer) == ["ok", "state", "ok"] and answer["rows"][1]["message"]
    after = now(admin, "ticket", tickets)
    assert [(t["grade"], t["state"]) for t in after] == [("urgent", "accepted"), ("normal", "accepted"), ("urgent", "accepted")]
    assert codes(admin.post("/ticket/undo", {"run": answer["run"]})) == ["ok", "ok"]
    after = plain(now(admin, "ticket", tickets)[0])
    assert {k: v for k, v in after.items() if v != plain(tickets[0]).get(k)} == {}


def test_a_row_that_has_changed_meanwhile_is_not_touched(admin, customers):
    admin.patch(f"/customer/{customers[0]['id']}", {"version": 1, "note": "刚改"})
    answer = admin.post("/customer/act", {"rows": rows(customers), "actions": NOTE})
    assert codes(answer) == ["version_conflict", "ok", "ok"]
    admin.patch(f"/customer/{customers[1]['id']}", {"version": 2, "level": "vip"})
    assert codes(admin.post("/customer/undo", {"run": answer["run"]})) == ["version_conflict", "ok"]
    assert [c["note"] for c in now(admin, "customer", customers)] == ["刚改", "老客户", "原来 2"]


def test_a_repeated_call_does_nothing_twice(admin, customers):
    body, key = {"rows": rows(customers), "actions": NOTE}, uuid.uuid4().hex
    first = admin.post("/customer/act", body, key=key)
    assert admin.post("/customer/act", body, key=key) == first
    assert [c["version"] for c in now(admin, "customer", customers)] == [2, 2, 2]


def test_what_others_have_heard_of_is_not_taken_back(admin, tickets):
    wait = [{"do": "move", "action": "accept"}, {"do": "move", "action": "wait", "reason": "等客户拍照"}]
    answer = admin.post("/ticket/act", {"rows": rows(tickets[:1]), "actions": wait})
    assert (codes(answer), answer["undoable"]) == (["ok"], 0)
    assert codes(admin.post("/ticket/undo", {"run": answer["run"]})) == ["state"]
    assert admin.get(f"/ticket/{tickets[0]['id']}")["state"] == "waiting_customer"


def test_a_task_is_made_about_the_row_and_goes_with_it(admin, tickets):
    answer = admin.post("/ticket/act", {"rows": rows(tickets), "actions": [{"do": "task", "kind": "call_back", "title": "回访", "due": 3600}]})
    assert codes(answer) == ["ok"] * 3
    made = [t for ticket in tickets for t in admin.get("/task", condition=f"ticket_id = {ticket['id']}")["items"]]
    assert [(t["kind"], t["customer_id"]) for t in made] == [("call_back", t["customer_id"]) for t in tickets] and all(t["due_at"] for t in made)
    admin.post(f"/task/{made[0]['id']}/action/finish", {"version": 1, "outcome": "content"})
    assert codes(admin.post("/ticket/undo", {"run": answer["run"]})) == ["version_conflict", "ok", "ok"], "somebody has done it"
    assert [len(admin.get("/task", condition=f"ticket_id = {t['id']}")["items"]) for t in tickets] == [1, 0, 0]


@pytest.mark.parametrize("kind, actions, field, code", [
    ("ticket", [], "actions", "field_required"), ("ticket", {"do": "set"}, "actions", "field_type"), ("ticket", [{"do": "fly"}], "actions[0].do", "field_choice"),
    ("ticket", [{"x": 1}], "actions[0].do", "field_required"), ("ticket", [*GRADE, {"do": "set", "field": "nothing", "value": 1}], "actions[1].field", "field_unknown"),
    ("ticket", [{"do": "set", "field": "state", "value": "closed"}], "actions[0].field", "field_read_only"), ("customer", [{"do": "set", "field": "level", "value": "gold"}], "actions[0].value", "field_choice"),
    ("customer", [{"do": "set", "field": "name", "value": "王"}], "actions[0].field", "field_read_only"), ("customer", [{"do": "set", "field": "region_id", "value": {}}], "actions[0].value", "field_type"),
    ("ticket", [{"do": "move", "action": "fly"}], "actions[0].action", "field_invalid"), ("ticket", [{"do": "move", "action": "cancel"}], "actions[0].reason", "field_required"),
    ("ticket", [{"do": "move", "action": "grade", "fields": {"grade": "red"}}], "actions[0].fields.grade", "field_choice"), ("ticket", [{"do": "move", "action": "confirm"}], "actions[0].action", "forbidden"),
    ("ticket", [{"do": "task", "title": ""}], "actions[0].title", "field_required"), ("region", [{"do": "task", "title": "x"}], "actions[0].do", "field_choice"),
    ("ticket", GRADE * 21, "actions", "field_too_large"),
])
def test_what_is_wrong_with_actions_is_said_with_its_place(admin, kind, actions, field, code):
    for path, body in ((f"/{kind}/act", {"rows": [], "actions": actions}), ("/macro", {"record": kind, "name": "坏宏", "actions": actions})):
        found = [(f["field"], f["code"]) for f in admin.post(path, body, status=422)["error"]["fields"]]
        assert found == [(field, code)], path


def test_an_action_does_nothing_that_its_actor_could_not(server, admin, customers, tickets):
    user = new_user(server, admin, ["ticket.read", "ticket.change", "customer.read", "customer.change"])
    for actions in (GRADE, [{"do": "task", "title": "x"}]):
        assert user.post("/ticket/act", {"rows": rows(tickets), "actions": actions}, status=422)["error"]["fields"][0]["code"] == "forbidden"
    near = new_user(server, admin, ["ticket.read", "ticket.change", "ticket.work"], "own")
    answer = near.post("/ticket/act", {"rows": [{"id": t["id"]} for t in tickets], "actions": GRADE})
    assert codes(answer) == ["not_found"] * 3
    run = admin.post("/customer/act", {"rows": rows(customers), "actions": NOTE})["run"]
    user.post("/customer/undo", {"run": run}, status=404)
    admin.post("/ticket/undo", {"run": run}, status=404)
    user.close()
    near.close()


def test_a_macro_is_run_with_the_rights_of_whoever_runs_it(server, admin, tickets):
    macro = admin.post("/macro", {"record": "ticket", "name": "升级并回访", "audience": "company", "actions": [*GRADE, {"do": "task", "title": "回访", "due": 86400}]})
    answer = admin.post("/ticket/act", {"rows": rows(tickets), "macro_id": macro["id"]})
    assert codes(answer) == ["ok"] * 3
    assert {t["grade"] for t in now(admin, "ticket", tickets)} == {"urgent"}
    assert codes(admin.post("/ticket/undo", {"run": answer["run"]})) == ["ok"] * 3
    user = new_user(server, admin, ["ticket.read", "ticket.change", "ticket.work", "macro.read"])
    assert user.post("/ticket/act", {"rows": rows(tickets), "macro_id": macro["id"]}, status=422)["error"]["fields"][0]["field"] == "actions[1].do"
    user.post("/macro", {"record": "ticket", "name": "x", "actions": GRADE}, status=403)
    admin.post("/customer/act", {"rows": [], "macro_id": macro["id"]}, status=404)
    own = admin.post("/macro", {"record": "ticket", "name": "我的", "actions": GRADE})
    user.post("/ticket/act", {"rows": [], "macro_id": own["id"]}, status=404)
    user.close()
