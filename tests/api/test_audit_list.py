"""The audit as auditors read it: who, what, when, why; theirs alone, not the administrator's."""
import csv
import io

import pytest

from client import Client

pytestmark = pytest.mark.quick


@pytest.fixture(scope="module")
def told(admin, server):
    """What happens before anybody looks: (administrator, customer, role)"""
    person = admin.post("/customer", {"name": "被查的人", "phone": "13612340001"})
    admin.post(f"/customer/{person['id']}/reveal", {"field": "phone", "purpose": "核对回访号码"})
    role = admin.post("/role", {"code": "audited", "name": "受审", "permissions": ["ticket.read"], "scope": "own"})
    admin.patch(f"/role/{role['id']}", {"permissions": ["ticket.read", "ticket.work"], "version": 1, "reason": "升任值班"})
    admin.get("/customer/export", format="csv")
    admin.patch("/setting/report.free", {"value": 7, "version": admin.get("/setting/report.free")["version"], "reason": "旺季"})
    Client(server.url).post("/session", {"account": "no such person", "password": "something long"}, status=401)
    return admin.get("/session")["user"], person, role


def entries(auditor, **query):
    return auditor.get("/audit", **query)["items"]


def test_the_administrator_is_not_the_auditor(admin, auditor, told):
    assert "*" in admin.get("/session")["permissions"]
    for path in ("/audit", "/audit/chain", "/audit/export?format=csv"):
        admin.get(path, status=403)
    admin.post("/role", {"code": "grabs", "name": "抢", "permissions": ["audit.read"], "scope": "all"}, status=422)
    auditors = next(r for r in admin.get("/role", limit=200)["items"] if r["code"] == "auditor")
    me = admin.get("/session")["user"]["id"]
    admin.post("/user", {"account": "sneaky", "name": "溜", "role_id": auditors["id"]}, status=422)
    admin.patch(f"/user/{me}", {"role_id": auditors["id"], "version": admin.get(f"/user/{me}")["version"]}, status=403)
    for path in ("/customer", "/ticket", "/user/export?format=csv"):
        auditor.get(path, status=403)


def test_who_what_when_why(auditor, told):
    me, person, role = told
    found = {(e["kind"], e["why"]): e for e in entries(auditor, limit=200)}
    reading = found["customer.revealed", "核对回访号码"]
    assert (reading["actor"], reading["field"], reading["object_id"], reading["area"]) == ({"kind": "user", "id": me["id"], "name": me["name"]}, "phone", person["id"], "reading")
    assert reading["title"] is None, "an auditor may not know customers"
    changed = found["role.changed", "升任值班"]
    assert changed["fields"] == {"permissions": [["ticket.read"], ["ticket.read", "ticket.work"]]} and changed["title"] == "受审"
    assert found["setting.changed", "旺季"]["data"] == {"name": "report.free"}
    signed_in = next(e for e in entries(auditor, area="sign_in", limit=200) if e["kind"] == "user.signed_in" and e["object_id"] == me["id"])
    assert signed_in["actor"]["id"] == me["id"], "who signed in did it, not the system"
    assert found["user.sign_in_refused", ""]["data"] == {"why": "unknown"}
    assert any(kind == "customer.exported" for kind, _ in found) and not any(kind.startswith("ticket.created") for kind, _ in found)


def test_conditions_find_what_they_say(auditor, told):
    me, person, _ = told
    everything = entries(auditor, limit=200)
    for area in {e["area"] for e in everything}:
        assert {e["area"] for e in entries(auditor, area=area)} == {area}
    auditor.get("/audit", area="nonsense", status=422)
    assert [e["kind"] for e in entries(auditor, object="customer", object_id=person["id"])] == ["customer.revealed", "customer.created"]
    mine = entries(auditor, actor_id=me["id"], limit=200)
    assert {e["actor"]["id"] for e in mine} == {me["id"]} and "customer.created" in {e["kind"] for e in mine}
    assert [e["why"] for e in entries(auditor, q="回访号码")] == ["核对回访号码"]
    assert [e["kind"] for e in entries(auditor, q="REPORT.FREE")] == ["setting.changed"]
    assert {e["kind"] for e in entries(auditor, kind="user.sign_in_refused,user.locked", limit=200)} == {"user.sign_in_refused"}
    assert entries(auditor, kind="user.sign_in") == [], "a kind is a whole word"
    assert [e["why"] for e in entries(auditor, area="reading", field="contact_phone,phone")] == ["核对回访号码"]
    assert entries(auditor, area="reading", field="contact_phone") == entries(auditor, field="phon") == []
    middle = everything[len(everything) // 2]["at"]
    assert [e["no"] for e in entries(auditor, to=middle, limit=200)] == [e["no"] for e in everything if e["at"] < middle][:200]
    assert [e["no"] for e in entries(auditor, **{"from": middle}, limit=200)] == [e["no"] for e in everything if e["at"] >= middle]


def test_pages_neither_repeat_nor_lose(auditor, told):
    whole, paged, before = entries(auditor, limit=200), [], None
    while len(paged) < len(whole):
        page = auditor.get("/audit", limit=3, **({"before": before} if before else {}))
        paged += page["items"]
        before = page["next"]
        if not before:
            break
    assert [e["no"] for e in paged][:len(whole)] == [e["no"] for e in whole]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_holds_the_same_and_is_told_itself(auditor, told, form):
    whole = entries(auditor, area="right", limit=200)
    sheet = auditor.get("/audit/export", format=form, area="right")
    if form == "csv":
        lines = list(csv.reader(io.StringIO(sheet.text.lstrip("\ufeff"))))
        assert lines[0][:4] == ["No.", "Time", "Area", "Event"] and [int(line[0]) for line in lines[1:]] == [e["no"] for e in whole]
        assert ["升任值班"] == [line[9] for line in lines if line[3] == "role.changed" and line[8] == "受审"]
    assert entries(auditor, area="export")[0]["kind"] == "audit.exported"


def test_how_far_the_chain_is(auditor, told):
    chain = auditor.get("/audit/chain")
    assert 0 < chain["chained"] <= chain["events"] and chain["key"] and chain["elsewhere"] is False


def test_csv_formula_injection_in_reasons_of_the_audit(admin, auditor, told):
    """What somebody gives as a reason must not run in the auditor's spreadsheet."""
    made = admin.post("/role", {"code": "formula", "name": "公式", "permissions": [], "scope": "own"})
    admin.patch(f"/role/{made['id']}", {"name": "公式二", "version": 1, "reason": "=HYPERLINK(\"http://evil.example\")"})
    sheet = auditor.get("/audit/export", format="csv", area="right", q="HYPERLINK").text
    line = next(csv.reader(io.StringIO(sheet.splitlines()[1])))
    assert line[9] == "'=HYPERLINK(\"http://evil.example\")"
