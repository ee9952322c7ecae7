"""What staff set for themselves, passwords, the label of a device, and the verdict on a purchase proof."""
import pytest

from client import Client
from people import new_customer, report

pytestmark = pytest.mark.quick


def new_user(server, admin, role_code, account):
    role = next(r for r in admin.get("/role", limit=50)["items"] if r["code"] == role_code)
    user = admin.post("/user", {"account": account, "name": "试用", "role_id": role["id"]})
    admin.post(f"/user/{user['id']}/password", {"password": "first-password"})
    return user, Client(server.url).sign_in(account, "first-password")


def test_language_and_look_are_kept_with_the_person(server, admin):
    _, client = new_user(server, admin, "agent", "self-taste")
    client.request("PATCH", "/session", {"lang": "en", "theme": "dark"})
    me = client.get("/session")["user"]
    assert (me["lang"], me["theme"]) == ("en", "dark")
    assert client.request("PATCH", "/session", {"theme": "pink"}, status=422)["error"]["fields"][0]["field"] == "theme"


def test_a_changed_password_ends_the_other_sessions_and_only_those(server, admin):
    _, here = new_user(server, admin, "agent", "self-password")
    there = Client(server.url).sign_in("self-password", "first-password")
    wrong = here.post("/session/password", {"old_password": "not this one", "password": "second-password"}, status=422)
    assert wrong["error"]["fields"][0]["field"] == "old_password"
    here.post("/session/password", {"old_password": "first-password", "password": "second-password"}, status=200)
    assert here.get("/session")["user"]["account"] == "self-password"
    there.get("/session", status=401)
    Client(server.url).post("/session", {"account": "self-password", "password": "first-password"}, status=401)
    Client(server.url).sign_in("self-password", "second-password")


def test_a_short_password_is_refused(server, admin):
    _, client = new_user(server, admin, "agent", "self-short")
    answer = client.post("/session/password", {"old_password": "first-password", "password": "short"}, status=422)
    assert answer["error"]["fields"][0] | {"message": ""} == {"field": "password", "code": "field_too_short", "message": ""}


def test_nobody_resets_the_password_of_somebody_with_more_rights(server, admin):
    role = admin.post("/role", {"code": "desk-lead", "name": "组长", "scope": "all",
                                "permissions": ["user.read", "user.password", "ticket.read"]})
    lead = admin.post("/user", {"account": "self-lead", "name": "组长", "role_id": role["id"]})
    admin.post(f"/user/{lead['id']}/password", {"password": "first-password"}, status=200)
    client = Client(server.url).sign_in("self-lead", "first-password")
    boss = next(u for u in client.get("/user", limit=50)["items"] if u["account"] == server.company.accounts[0][0])
    client.post(f"/user/{boss['id']}/password", {"password": "taken-over-now"}, status=403)
    Client(server.url).sign_in(*server.company.accounts[0])


def test_an_agent_sets_no_passwords_of_others(server, admin):
    user, client = new_user(server, admin, "agent", "self-agent")
    client.post(f"/user/{user['id']}/password", {"password": "another-password"}, status=403)


def test_a_program_does_not_change_the_password_of_its_person(server, admin):
    _, owner = new_user(server, admin, "administrator", "self-owner")
    token = owner.post("/api_token", {"name": "报表", "scopes": ["ticket.read"]})["token"]
    program = Client(server.url)
    program.http.headers["Authorization"] = f"Bearer {token}"
    program.post("/session/password", {"old_password": "first-password", "password": "taken-over-now"}, status=403)
    owner.get("/session")
    Client(server.url).sign_in("self-owner", "first-password")


def test_the_label_of_a_device_leads_to_the_report_page(admin):
    device = admin.get("/device", limit=1)["items"][0]
    label = admin.get(f"/device/{device['id']}/label")
    assert label["url"].endswith(f"/h5/#/report/repair?c=demo&d={device['qr']}")
    assert label["svg"].startswith("<svg")


@pytest.fixture
def proof(server, admin):
    customer, record = new_customer(server.url, admin)
    model = admin.get("/model", limit=1)["items"][0]
    device = admin.post("/device", {"serial": f"PROOF{record['id'][-10:]}", "model_id": model["id"], "customer_id": record["id"]})
    report(customer, device_id=device["id"], proof={"kind": "invoice", "day": "2026-03-08", "file_id": None})
    found = admin.get("/purchase_proof", filter=f'[["device_id","=","{device["id"]}"]]')["items"]
    customer.close()
    return found[0]


def test_an_accepted_proof_dates_the_purchase_and_the_warranty(admin, proof):
    checked = admin.post(f"/purchase_proof/{proof['id']}/check", {"version": proof["version"], "verdict": "accepted"}, status=200)
    assert checked["verdict"] == "accepted" and checked["checked_by"] and checked["checked_at"]
    device = admin.get(f"/device/{proof['device_id']}")
    assert device["purchased_on"] == "2026-03-08" and device["warranty_until"] > "2026-03-08"


def test_a_verdict_is_given_once_and_by_whoever_saw_the_present_version(admin, proof):
    path = f"/purchase_proof/{proof['id']}/check"
    admin.post(path, {"version": proof["version"] + 5, "verdict": "refused"}, status=409)
    refused = admin.post(path, {"version": proof["version"], "verdict": "refused"}, status=200)
    admin.post(path, {"version": refused["version"], "verdict": "accepted"}, status=409)
    assert admin.get(f"/device/{proof['device_id']}")["purchased_on"] in (None, "")


def test_lists_find_people_by_what_they_say_on_the_phone(server, admin):
    phone = "13912340987"
    made = admin.post("/customer", {"name": "欧阳询问", "phone": phone, "external_no": "ASK-0987"})
    for words in ("欧阳询问", phone, "+86 139 1234 0987", "0987", "ASK-0987"):
        found = [c["id"] for c in admin.get("/customer", q=words, limit=50)["items"]]
        assert made["id"] in found, words
        found = [h["row"]["id"] for h in admin.get("/search", q=words)["items"] if h["object"] == "customer"]
        assert made["id"] in found, words


def test_the_password_of_nobody_cannot_be_set(admin):
    for nobody in ("0", "-1"):
        admin.post(f"/user/{nobody}/password", {"password": "a-long-enough-one"}, status=(404, 422, 429))
    assert admin.get("/session")["user"]
