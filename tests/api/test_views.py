"""Saved views: their condition is kept as canonical text, judged by whoever opens it, and never taken for one that holds of everything."""
import uuid

import pytest
from test_scope import new_user

VIEWS = ["view.read", "view.create", "view.change", "ticket.read"]


def view(client, status=None, **values):
    return client.post("/view", {"record": "ticket", "name": f"视图 {uuid.uuid4().hex[:6]}"} | values, status=status)


def test_a_condition_is_kept_in_its_canonical_form(admin):
    typed = "grade  in (urgent,critical)   and not(owner_id is not none)"
    admin.post("/ticket", {"scene": "repair", "customer_id": admin.get("/customer", limit=1)["items"][0]["id"], "text": "漏水", "grade": "urgent"})
    made = view(admin, condition=typed)
    assert (made["condition"], made["condition_version"]) == ("grade in (urgent, critical) and not (owner_id is not none)", 1)
    assert admin.get("/ticket/count", condition=made["condition"])["total"] == admin.get("/ticket/count", condition=typed)["total"] > 0
    changed = admin.patch(f"/view/{made['id']}", {"version": made["version"], "condition": "true"})
    assert changed["condition"] == "", "what holds of everything is no condition"


@pytest.mark.parametrize("condition, code", [("grade = red", "field_choice"), ("colour = 1", "expr_field"), ("grade = ", "expr_cut")])
def test_what_does_not_hold_to_the_language_is_not_saved(admin, condition, code):
    fields = view(admin, status=422, condition=condition)["error"]["fields"]
    assert [(f["code"], f["field"].partition("[")[0]) for f in fields] == [(code, "condition")]


def test_a_view_is_of_a_record_that_there_is_and_that_its_owner_may_read(server, admin):
    view(admin, status=422, record="nothing")
    user = new_user(server, admin, VIEWS)
    assert view(user, status=422, record="customer")["error"]["fields"][0]["field"] == "record"
    user.close()


def test_a_shared_view_is_judged_by_its_reader(server, admin):
    """Somebody who may not read customers sees a view that names them, and is told so instead of being shown all tickets."""
    made = view(admin, condition="customer.level = vip", audience="company")
    user = new_user(server, admin, VIEWS)
    seen = user.get(f"/view/{made['id']}")
    assert seen["condition"] == "customer.level = vip"
    for path in ("/ticket", "/ticket/count"):
        fields = user.get(path, condition=seen["condition"], status=422)["error"]["fields"]
        assert [(f["field"], f["code"]) for f in fields] == [("condition[0]", "expr_field")]
    user.close()


def test_sharing_needs_the_right(server, admin):
    user = new_user(server, admin, VIEWS)
    view(user, status=422, audience="company")
    view(user, audience="mine")
    shared = view(admin, audience="company", position=5)
    user.patch(f"/view/{shared['id']}", {"version": shared["version"], "name": "别的"}, status=(403, 422))
    user.post("/view/order", {"view_ids": [shared["id"]]}, status=(403, 422))
    seen = user.get(f"/view/{shared['id']}")
    assert (seen["name"], seen["position"]) == (shared["name"], shared["position"])
    user.close()


def test_views_are_put_in_order(admin):
    made = [view(admin)["id"] for _ in range(4)]
    wanted = [made[2], made[0], made[3], made[1]]
    admin.post("/view/order", {"view_ids": wanted})
    assert [admin.get(f"/view/{i}")["position"] for i in wanted] == [1, 2, 3, 4]
    before = [admin.get(f"/view/{i}")["version"] for i in wanted]
    admin.post("/view/order", {"view_ids": wanted})
    assert [admin.get(f"/view/{i}")["version"] for i in wanted] == before, "what is in its place is not written again"


def test_the_views_of_a_new_company_hold_to_the_language(admin):
    found = [v for v in admin.get("/view", filter='[["record","=","ticket"]]', limit=100)["items"] if v["audience"] == "company" and v["name_en"]]
    assert len(found) == 12
    for one in found:
        assert admin.post("/ticket/condition/check", {"text": one["condition"]})["faults"] == []
        assert admin.get("/ticket/count", condition=one["condition"])["total"] == admin.get("/ticket", condition=one["condition"], limit=1, total=1)["total"], one["name"]
