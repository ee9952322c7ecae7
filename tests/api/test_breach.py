"""After a leak: whose data were in what leaked, each once, with what is needed to tell them; and the audit knows who asked."""
import csv
import io
import time

import people
import pytest

from client import Client

pytestmark = pytest.mark.quick


def listed(client, **query):
    sheet = client.get("/breach/export", format="csv", incident="INC-7", **query)
    lines = list(csv.reader(io.StringIO(sheet.text.lstrip("\ufeff"))))
    return {line[0]: line for line in lines[1:]}


@pytest.fixture(scope="module")
def leak(admin):
    """Two customers of one origin, one of them with two contacts; and one of another."""
    origin = f"leak{time.time_ns() % 10**9}"
    made = [admin.post("/customer", {"name": name, "phone": people.new_phone(), "source": source}) for name, source in (("甲一", origin), ("乙二", origin), ("丙三", "web"))]
    for phone in ("13500000001", "13500000002"):
        admin.post("/contact", {"customer_id": made[0]["id"], "name": origin, "phone": phone, "relation": "front_desk"})
    return origin, [one["id"] for one in made]


def test_whom_a_condition_is_about(admin, leak):
    origin, (first, second, third) = leak
    found = listed(admin, record="customer", condition=f'source = "{origin}"')
    assert set(found) == {first, second}
    assert found[first][1] == "甲一" and len(found[first][2]) >= 11 and "Phone" in found[first][4] and found[first][5] == "1"
    contacts = listed(admin, record="contact", condition="relation = front_desk")
    assert contacts[first][5] == "2" and third not in contacts


def test_whom_an_account_has_read(admin, leak, server):
    _, (first, second, third) = leak
    me = admin.get("/session")["user"]["id"]
    before = int(time.time() * 1000) - 1000
    admin.post(f"/customer/{third}/reveal", {"field": "phone", "purpose": "误操作"})
    contact = admin.get("/contact", filter=f'[["customer_id","=","{first}"]]')["items"][0]
    admin.post(f"/contact/{contact['id']}/reveal", {"field": "phone", "purpose": "误操作"})
    found = listed(admin, actor_id=me, **{"from": before})
    assert {first, third} <= set(found) and second not in found
    assert listed(admin, actor_id=me, to=before - 10**9) == {}


def test_it_needs_its_right_and_something_to_ask_for(admin, server):
    agent = Client(server.url).sign_in(*next(a for a in server.company.accounts if a[0] == "linxiao"))
    agent.get("/breach/export", format="csv", incident="INC-7", record="customer", status=403)
    admin.get("/breach/export", format="csv", record="customer", status=422)
    admin.get("/breach/export", format="csv", incident="INC-7", status=422)
    admin.get("/breach/export", format="csv", incident="INC-7", record="product", status=422)
    agent.close()


def test_the_audit_knows_who_asked_and_for_which_incident(admin, auditor, leak):
    listed(admin, record="customer", condition=f'source = "{leak[0]}"')
    told = auditor.get("/audit", area="privacy")["items"]
    assert next(e for e in told if e["kind"] == "breach.listed")["data"] == {"people": 2, "incident": "INC-7", "record": "customer"}
