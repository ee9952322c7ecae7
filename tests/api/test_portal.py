"""What customers type reaches them, and the staff, as the words that they are."""
import json

import people
import pytest

from client import Client
from server import Server

pytestmark = pytest.mark.quick

BREAKS_OUT = '","result":"'
NO_TIMES = ["midnight", BREAKS_OUT, '"', "\\"]


def fields_of(answer):
    return [(f["field"], f["code"]) for f in answer["error"]["fields"]]


def test_the_link_in_a_message_opens_its_ticket_and_no_other(server, admin, customer):
    ticket, other = (people.report(customer, product_id=p["id"])["id"] for p in customer.get("/my/form")["products"][:2])
    token = people.link_to(admin, ticket)
    reader = Client(server.url, address=people.new_address())
    session = reader.post("/my/session", {"token": token})
    assert (session["ticket_id"], session["tenant"]["code"]) == (ticket, "demo")
    assert reader.get("/my/session")["tenant"] == session["tenant"]
    assert [one["id"] for one in reader.get("/my/ticket")["items"]] == [ticket]
    reader.get(f"/my/ticket/{other}", status=404)
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), token[:10], "x" * 71):
        assert Client(server.url).post("/my/session", {"token": wrong}, status=401)["error"]["code"] == "link_expired"
    reader.close()


def test_the_scanned_label_of_a_device_finds_it(admin, customer):
    mine = customer.get("/my/session")["customer"]["id"]
    model = admin.get("/model", limit=1)["items"][0]["id"]
    device = admin.post("/device", {"serial": f"LABEL{mine[-10:]}", "model_id": model, "customer_id": mine})
    label = admin.get(f"/device/{device['id']}/label")["url"]
    for scanned in (label, label.rpartition("=")[2]):
        assert customer.post("/my/device/find", {"qr": scanned})["id"] == device["id"]


@pytest.mark.parametrize("time", NO_TIMES)
def test_a_customer_prefers_a_time_of_the_list(customer, time):
    form = customer.get("/my/form")
    body = {"scene": "repair", "product_id": form["products"][0]["id"], "description": "冰箱漏水", "answers": {}, "preferred_time": time}
    assert fields_of(customer.post("/my/ticket", body, status=422)) == [("preferred_time", "field_choice")]
    assert len(form["times"]) > 1
    for one in form["times"]:
        assert people.report(customer, preferred_time=one["value"])["preferred_time"] == one["value"]


@pytest.mark.parametrize("time", NO_TIMES)
def test_staff_prefers_a_time_of_the_list_for_her(admin, time):
    buyer = admin.post("/customer", {"name": "王小明", "phone": people.new_phone()})
    body = {"scene": "repair", "customer_id": buyer["id"], "text": "冰箱漏水"}
    assert fields_of(admin.post("/ticket", body | {"preferred_time": time}, status=422)) == [("preferred_time", "field_choice")]
    assert admin.post("/ticket", body | {"preferred_time": ""})["preferred_time"] in ("", None)


@pytest.mark.parametrize("symptoms", [{"frost": True}, "frost", [1], [["frost"]]])
def test_symptoms_are_a_list_of_words(admin, customer, symptoms):
    body = {"scene": "repair", "product_id": customer.get("/my/form")["products"][0]["id"], "description": "冰箱漏水", "answers": {}, "symptoms": symptoms}
    assert fields_of(customer.post("/my/ticket", body, status=422)) == [("symptoms", "field_type")]
    ticket = admin.get(f"/ticket/{people.report(customer, symptoms=['frost'])['id']}")
    assert fields_of(admin.patch(f"/ticket/{ticket['id']}", {"version": ticket["version"], "symptoms": symptoms}, status=422)) == [("symptoms", "field_type")]


def test_what_was_stored_before_breaks_no_answer(company):
    with Server(company) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        customer, _ = people.new_customer(server.url, admin)
        ticket = people.report(customer)
        admin.close()
    stored = '","no":"x'
    company.execute(f"UPDATE ticket SET preferred_time = '{stored}', danger = '{stored}' WHERE id = {ticket['id']}")
    with Server(company) as server:
        again = Client(server.url)
        again.http.cookies.update(customer.http.cookies)
        for found in (again.get(f"/my/ticket/{ticket['id']}"), again.get("/my/ticket")["items"][0]):
            assert (found["no"], found["preferred_time"], found["danger"]) == (ticket["no"], stored, stored)
            assert json.dumps(found).count('"preferred_time"') == 1
        again.close()
    customer.close()
