"""A customer's whole file: household, how she likes to be reached, risk, and what twelve months came to."""
import json
import uuid

import people
import pytest
from desk import STEPS, desk  # noqa: F401 (desk is a fixture)

pytestmark = pytest.mark.quick


def test_a_household_is_the_files_that_name_its_head(admin, server):
    _, head = people.new_customer(server.url, admin)
    _, other = people.new_customer(server.url, admin)
    other = admin.patch(f"/customer/{other['id']}", {"version": admin.get(f"/customer/{other['id']}")["version"], "household_id": head["id"], "reach_by": "wechat",
                                                     "reach_at": "evening", "risk": "watch"})
    assert [r["id"] for r in admin.get("/customer", filter=json.dumps([["household_id", "=", head["id"]]]))["items"]] == [other["id"]]
    assert other["id"] in [r["id"] for r in admin.get("/customer", condition="risk = watch and reach_by = wechat", limit=200)["items"]]
    refused = admin.patch(f"/customer/{other['id']}", {"version": other["version"], "risk": "enormous"}, status=422)
    assert refused["error"]["fields"][0]["field"] == "risk"


def test_where_a_file_or_a_consent_came_from_has_words_and_may_be_something_else(admin):
    records = {r["name"]: {f["name"]: f for f in r["fields"]} for r in admin.get("/meta")["records"]}
    for name in ("customer", "consent"):
        words = {o["value"]: (o["label"]["zh"], o["label"]["en"]) for o in records[name]["source"]["offers"]}
        assert (words["web"], words["console"], words["h5"], words["sms"]) == (("网页", "Web"), ("员工录入", "Entered by staff"), ("手机页面", "Phone pages"), ("短信", "SMS"))
        assert {c["value"] for c in records["ticket"]["channel"]["choices"]} <= set(words), "a channel is called alike everywhere"
    assert admin.post("/customer", {"name": "王小明", "phone": people.new_phone(), "source": "old-crm"})["source"] == "old-crm"


def test_what_twelve_months_came_to(desk):
    admin, clock = desk.admin, desk.clock
    customer = admin.post("/customer", {"name": "王小明", "phone": people.new_phone()})["id"]
    model = admin.get("/model", limit=1)["items"][0]["id"]
    day = "2020-01-01"
    for bought in (day, None):
        admin.post("/device", {"serial": f"VF{uuid.uuid4().hex[:10]}", "model_id": model, "customer_id": customer} | ({"purchased_on": bought} if bought else {}))
    def file(scene="repair"):
        return desk.admin.post("/ticket", {"scene": scene, "customer_id": customer, "text": "不制冷，声音很大"})["id"]
    old = file()
    desk.act(old, "accept")
    desk.act(old, "resolve", **STEPS)
    desk.act(old, "close", reason="客户确认")
    clock.move(366 * 86400)
    desk.sign_in()
    admin = desk.admin
    first = file()
    file("complaint")
    desk.act(first, "accept")
    desk.act(first, "resolve", **STEPS)
    desk.act(first, "reopen", reason="又坏了")
    value = admin.get(f"/customer/{customer}/value")
    assert (value["devices"], value["tickets"], value["open"], value["complaints"], value["reopened"]) == (2, 2, 2, 1, 1)
    assert (value["under_warranty"], value["rated"], value["satisfied"], value["compensation_fen"]) == (0, 0, 0, 0)
    admin.get("/customer/999999999999999999/value", status=404)
