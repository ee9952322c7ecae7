"""What is held on a customer, put right by herself (PIPL art 46; "correction reaches search and caches")."""
import uuid

import people
import pytest
from test_consent import hers  # noqa: F401 (a fixture)

from client import Client
from patience import wait_for

pytestmark = pytest.mark.quick


def found(admin, words):
    return [r["id"] for r in admin.get("/customer", q=words)["items"]]


def test_a_name_put_right_is_found_and_the_wrong_one_is_not(hers, admin):
    customer, id = hers
    wrong, right, mail = f"王{uuid.uuid4().hex[:6]}", f"汪{uuid.uuid4().hex[:6]}", f"{uuid.uuid4().hex[:8]}@example.cn"
    customer.patch("/my/self", {"version": customer.get("/my/self")["version"], "name": wrong, "email": f"old-{mail}"})
    wait_for(lambda: found(admin, wrong) == [id])
    before = customer.get("/my/self")
    after = customer.patch("/my/self", {"version": before["version"], "name": right, "email": mail})
    assert (after["name"], after["email"], after["phone"]) == (right, mail, before["phone"])
    wait_for(lambda: found(admin, right) == [id])
    for word in (wrong, f"old-{mail}"):
        wait_for(lambda word=word: not found(admin, word))
    assert found(admin, mail) == [id]
    said = admin.get(f"/customer/{id}/history")["items"][0]
    assert said["actor"]["kind"] == "customer" and set(said["fields"]) == {"name", "email"}
    assert wrong not in str(said) and right not in str(said)


def test_an_address_is_put_right_by_whose_it_is(hers, server, admin):
    customer, id = hers
    made = admin.post("/address", {"customer_id": id, "province": "浙江", "city": "杭州", "district": "西湖", "street": "文一路 1 号"})
    one = customer.get("/my/self")["addresses"][0]
    assert (one["id"], one["street"]) == (made["id"], "文一路 1 号")
    now = customer.patch(f"/my/address/{one['id']}", {"version": one["version"], "street": "文二路 2 号"})["addresses"][0]
    assert (now["street"], now["city"]) == ("文二路 2 号", "杭州")
    other, _ = people.new_customer(server.url, admin)
    other.patch(f"/my/address/{one['id']}", {"version": now["version"], "street": "别处"}, status=404)
    assert customer.get("/my/self")["addresses"][0]["street"] == "文二路 2 号"
    other.close()


def test_what_cannot_be_so_is_refused_and_changes_nothing(hers):
    customer, _ = hers
    before = customer.get("/my/self")
    assert customer.patch("/my/self", {"version": before["version"], "name": ""}, status=422)["error"]["fields"][0]["field"] == "name"
    assert customer.patch("/my/self", {"version": before["version"], "email": "nobody"}, status=422)["error"]["fields"][0]["field"] == "email"
    customer.patch("/my/self", {"version": before["version"] + 1, "name": "王明"}, status=409)
    customer.patch("/my/self", {"version": before["version"], "phone": "13900000000"}, status=422)
    assert customer.get("/my/self") == before


def test_staff_and_nobody_are_kept_out(server, admin):
    admin.get("/my/self", status=401)
    nobody = Client(server.url)
    nobody.get("/my/self", status=401)
    nobody.close()


DAY_MS = 86_400_000


def notices(server, account):
    staff = Client(server.url).sign_in(*account)
    found = staff.get("/notification", status=(200, 403)).get("items", [])
    staff.close()
    return found


def test_who_asks_to_be_erased_has_a_task_with_its_day(hers, server, admin):
    customer, id = hers
    assert customer.get("/my/request")["items"] == []
    asked = customer.post("/my/request", {"kind": "erase", "text": "我搬走了，不再用了，13912345678"})["items"]
    assert [(r["kind"], r["state"]) for r in asked] == [("erase", "open")]
    assert round((asked[0]["due_at"] - asked[0]["at"]) / DAY_MS) == 15
    assert customer.post("/my/request", {"kind": "erase"})["items"] == asked, "one is under way"
    task = admin.get(f"/task/{asked[0]['id']}")
    assert (task["kind"], task["customer_id"], task["title"]) == ("privacy_erase", id, "客户请求删除个人信息")
    assert "13912345678" not in task["note"]
    assert asked[0]["id"] in [t["id"] for t in admin.get("/task", condition="kind in (privacy_erase, privacy_ask) and state = open", limit=200)["items"]]
    told = [n for account in server.company.accounts for n in notices(server, account) if n["object_id"] == task["id"]]
    assert told, "somebody who answers for it is told"
    customer.post("/my/request", {"kind": "ask", "text": ""}, status=422)
    customer.post("/my/request", {"kind": "ask", "text": "请停止把我的电话给安装公司"})
    admin.post(f"/task/{task['id']}/action/finish", {"version": task["version"], "result": "已说明，客户撤回请求"})
    assert {(r["kind"], r["state"]) for r in customer.get("/my/request")["items"]} == {("erase", "done"), ("ask", "open")}


def test_a_request_can_be_made_again_when_the_first_was_answered(hers, admin):
    customer, _ = hers
    first = customer.post("/my/request", {"kind": "erase"})["items"][0]
    admin.post(f"/task/{first['id']}/action/cancel", {"version": admin.get(f"/task/{first['id']}")["version"], "reason": "客户撤回"})
    assert [r["state"] for r in customer.post("/my/request", {"kind": "erase"})["items"]].count("open") == 1
