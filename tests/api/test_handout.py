"""A copy of everything that is held on somebody: complete, opened, for her alone or with a purpose, and told to the audit."""
import people
import pytest
from test_audit import rows
from test_file import upload

from client import Client
from patience import wait_for

pytestmark = pytest.mark.quick


@pytest.fixture(scope="module")
def hers(server, admin):
    """(her id, her client, every value that she or the company wrote about her)"""
    phone = people.new_phone()
    said = {"name": "林予安", "phone": phone, "email": f"{phone}@example.com", "note": "门铃坏了，请打电话"}
    person = admin.post("/customer", said)
    admin.post("/contact", {"customer_id": person["id"], "name": "林父", "phone": "13511112222"})
    gone = admin.post("/address", {"customer_id": person["id"], "city": "青岛市", "street": "旧址路 9 号"})
    admin.post(f"/address/{gone['id']}/archive", {"version": 1})
    admin.post("/consent", {"customer_id": person["id"], "purpose": "survey"})
    customer = people.sign_in(server.url, admin, phone)
    photo = upload(customer, "门封.txt", b"x", prefix="/my")
    ticket = people.report(customer, description="冷藏室门封老化漏冷", file_ids=[photo])
    admin.post(f"/ticket/{ticket['id']}/comment", {"text": "客户态度很好", "visibility": "internal", "file_ids": []})
    admin.post(f"/customer/{person['id']}/reveal", {"field": "phone", "purpose": "约上门"})
    yield person["id"], customer, [*said.values(), "林父", "13511112222", "旧址路 9 号", "survey", "冷藏室门封老化漏冷", "客户态度很好", "约上门", photo]
    customer.close()


def test_everything_is_in_it(hers, admin):
    id, customer, said = hers
    for copy in (customer.get("/my/handout", format="json"), admin.get(f"/customer/{id}/handout", format="json", purpose="本人申请")):
        text = str(copy)
        assert [word for word in said if word not in text] == []
        assert copy["person"]["id"] == id and set(copy["records"]) >= {"ticket", "device", "contact", "address", "consent"}
        assert copy["words"]["ticket"]["fields"]["title"] and len(copy["records"]["ticket"]) == 1


def test_it_is_hers_alone(hers, server, admin):
    id, customer, _ = hers
    other, record = people.new_customer(server.url, admin, "别人")
    assert other.get("/my/handout", format="json")["person"]["id"] == record["id"]
    other.get(f"/customer/{id}/handout", format="json", purpose="好奇", status=401)
    agent = Client(server.url).sign_in(*next(a for a in server.company.accounts if a[0] == "linxiao"))
    agent.get(f"/customer/{id}/handout", format="json", purpose="好奇", status=403)
    admin.get(f"/customer/{id}/handout", format="json", status=422)
    agent.close()
    other.close()


def test_a_link_to_one_ticket_does_not_open_the_rest(hers, server, admin):
    id, customer, _ = hers
    ticket = customer.get("/my/ticket")["items"][0]["id"]
    linked = Client(server.url, address=people.new_address())
    linked.post("/my/session", {"token": people.link_to(admin, ticket)})
    linked.get("/my/handout", format="json", status=403)
    linked.close()


def test_the_audit_tells_who_took_it_and_why(hers, server, admin, auditor):
    id, _, _ = hers
    admin.get(f"/customer/{id}/handout", format="json", purpose="法院调取")
    told = auditor.get("/audit", object="customer", object_id=id)["items"]
    assert {"customer.handed_out", "customer.revealed"} <= {e["kind"] for e in told}
    assert any(e["field"] == "*" and e["why"] == "法院调取" for e in told)
    assert {e["actor"]["kind"] for e in told if e["kind"] == "customer.handed_out"} >= {"user"}
