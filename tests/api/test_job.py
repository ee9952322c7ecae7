"""The job: a customer reports on the phone page, an agent works the ticket, the customer follows, answers, confirms and rates."""
import people
import pytest

from client import Client

pytestmark = pytest.mark.quick

STEPS = {"steps": "换了门封条", "result": "已更换门封条，测试不再漏水"}


def act(admin, ticket_id, action, **fields):
    version = admin.get(f"/ticket/{ticket_id}")["version"]
    return admin.post(f"/ticket/{ticket_id}/action/{action}", {"version": version, **fields})


def mine(customer, ticket):
    return customer.get(f"/my/ticket/{ticket['id']}")


def do(customer, ticket, what, **fields):
    return customer.post(f"/my/ticket/{ticket['id']}/{what}", {"version": mine(customer, ticket)["version"], **fields})


def resolved(customer, admin):
    ticket = people.report(customer)
    for action, fields in (("accept", {}), ("start", {}), ("resolve", STEPS)):
        act(admin, ticket["id"], action, **fields)
    return ticket


def test_from_report_to_rating(customer, admin):
    ticket = people.report(customer)
    assert ticket["no"].startswith("SR") and ticket["state"] == "new" and ticket["can"]["remind"]
    assert [a["name"] for a in admin.get(f"/ticket/{ticket['id']}")["actions"] if a.get("primary")] == ["accept"]
    act(admin, ticket["id"], "accept")
    act(admin, ticket["id"], "start")
    admin.post(f"/ticket/{ticket['id']}/comment", {"text": "先问过仓库，有件", "visibility": "internal"})
    admin.post(f"/ticket/{ticket['id']}/comment", {"text": "明天上午来电确认", "visibility": "public"})
    assert mine(customer, ticket)["owner"]["name"]
    said = str(mine(customer, ticket)["timeline"])
    assert "明天上午来电确认" in said and "先问过仓库" not in said
    act(admin, ticket["id"], "resolve", **STEPS)
    assert mine(customer, ticket)["result"] == STEPS["result"]
    assert do(customer, ticket, "confirm")["state"] == "closed"
    rated = do(customer, ticket, "rate", result="satisfied", attitude=5, speed=4, solution=5, text="师傅很准时")
    assert rated["rating"]["result"] == "satisfied" and rated["rating"]["speed"] == 4
    assert admin.get(f"/ticket/{ticket['id']}")["rating"] == "satisfied"


@pytest.mark.parametrize("scene", people.SCENES)
def test_every_scene_has_a_form_that_can_be_sent(customer, scene):
    ticket = people.report(customer, scene)
    assert ticket["scene"] == scene and ticket["no"].startswith("SR")


def test_not_solved_opens_the_same_number_again(customer, admin):
    ticket = resolved(customer, admin)
    again = do(customer, ticket, "unsolved", reason="还在漏")
    assert (again["no"], again["state"], again["reopen_count"]) == (ticket["no"], "working", 1)


def test_facts_wake_a_ticket_that_waits_for_them(customer, admin):
    ticket = people.report(customer)
    act(admin, ticket["id"], "accept")
    act(admin, ticket["id"], "wait", reason="请拍一张铭牌")
    assert do(customer, ticket, "fact", text="型号 BCD-500")["state"] == "working"


def test_reminding_counts_and_cools_down(customer, admin):
    ticket = people.report(customer)
    assert do(customer, ticket, "remind")["remind_count"] == 1
    assert not mine(customer, ticket)["can"]["remind"]
    version = mine(customer, ticket)["version"]
    customer.post(f"/my/ticket/{ticket['id']}/remind", {"version": version}, status=409)
    assert admin.get(f"/ticket/{ticket['id']}")["remind_count"] == 1


@pytest.mark.parametrize("danger, symptom_grade", [("smoke", "critical"), ("leak", "critical"), ("shock", "critical"), ("heat", "critical")])
def test_a_danger_is_critical(customer, admin, danger, symptom_grade):
    ticket = people.report(customer, "emergency", danger=danger)
    assert admin.get(f"/ticket/{ticket['id']}")["grade"] == symptom_grade


def test_the_open_ticket_of_a_device_is_shown_instead_of_a_second_one(customer, admin):
    model = admin.get("/model", limit=1)["items"][0]
    device = admin.post("/device", {"serial": "SN" + people.new_phone(), "customer_id": customer.record["id"], "model_id": model["id"]})
    ticket = people.report(customer, device_id=device["id"])
    body = {"scene": "repair", "device_id": device["id"], "description": "又漏了"}
    refused = customer.post("/my/ticket", body, status=409)
    assert refused["error"]["code"] == "open_ticket" and refused["error"]["arg"] == ticket["id"]


def test_of_a_device_that_nobody_owns_nobody_learns_of_another_s_ticket(server, customer, admin):
    model = admin.get("/model", limit=1)["items"][0]
    device = admin.post("/device", {"serial": "SN" + people.new_phone(), "model_id": model["id"]})
    admin.post("/ticket", {"scene": "repair", "text": "异响", "customer_id": customer.record["id"], "device_id": device["id"]})
    other, _ = people.new_customer(server.url, admin)
    people.report(other, device_id=device["id"])
    other.close()


def test_after_three_reports_an_hour_the_phone_has_to_work_for_the_next(customer):
    for _ in range(3):
        people.report(customer, "usage")
    body = {"scene": "usage", "product_id": customer.get("/my/form")["products"][0]["id"], "description": "怎么除霜？"}
    asked = customer.post("/my/ticket", body, status=428)
    assert asked["error"]["code"] == "proof_needed"
    customer.post("/my/ticket", body, status=428, headers={"X-Proof": asked["error"]["arg"].split(":", 1)[1] + ":x"})
    assert customer.post("/my/ticket", body, headers={"X-Proof": people.prove(asked["error"]["arg"])})["no"]


def test_nobody_sees_another_customers_ticket(server, admin, customer):
    ticket = people.report(customer)
    stranger, _ = people.new_customer(server.url, admin, "李强")
    assert stranger.get(f"/my/ticket/{ticket['id']}", status=404)["error"]["code"] == "not_found"
    for what in ("remind", "confirm"):
        stranger.post(f"/my/ticket/{ticket['id']}/{what}", {"version": 1}, status=404)
    assert ticket["id"] not in str(stranger.get("/my/ticket"))
    customer.get("/ticket", status=401)


def test_a_wrong_code_is_refused_and_a_code_works_once(server, admin):
    phone = people.new_phone()
    admin.post("/customer", {"name": "王芳", "phone": phone})
    client = Client(server.url, address=people.new_address())
    client.post("/my/code", {"phone": phone})
    code = people.code_sent_to(admin, phone)
    wrong = "000000" if code != "000000" else "111111"
    assert client.post("/my/session", {"phone": phone, "code": wrong}, status=401)["error"]["code"] == "code_wrong"
    client.post("/my/session", {"phone": phone, "code": code})
    again = Client(server.url, address=people.new_address())
    assert again.post("/my/session", {"phone": phone, "code": code}, status=401)["error"]["code"] == "code_wrong"


def test_an_action_that_its_state_does_not_allow_is_refused(customer, admin):
    ticket = people.report(customer)
    version = admin.get(f"/ticket/{ticket['id']}")["version"]
    error = admin.post(f"/ticket/{ticket['id']}/action/close", {"version": version, "reason": "x"}, status=409)["error"]
    assert error["code"] == "state"
    admin.post(f"/ticket/{ticket['id']}/action/no_such_action", {"version": version}, status=404)
    admin.post(f"/ticket/{ticket['id']}/action/cancel", {"version": version}, status=422)  # the reason is required


def test_two_agents_on_one_ticket_do_not_overwrite_each_other(customer, admin):
    ticket = people.report(customer)
    version = admin.get(f"/ticket/{ticket['id']}")["version"]
    admin.post(f"/ticket/{ticket['id']}/action/accept", {"version": version})
    late = admin.post(f"/ticket/{ticket['id']}/action/grade", {"version": version, "grade": "urgent"}, status=409)
    assert late["error"]["code"] == "version_conflict"
