"""Who writes at night is called back in the morning: by whom, when, and her page says that it was done."""
import pytest
from chat_floor import Hall
from cti import Cti, line_of
from desk import at, opened
from gateway import Gateway
from patience import wait_for
from visitors import Visitor

TOLD = "客服已通过电话与您联系"


@pytest.fixture
def night(company, tmp_path):
    with opened(company, tmp_path, at("2027-03-01", "23:00"), options=("--outbound-allow", "127.0.0.0/8")) as desk:
        hall = Hall(desk.server, desk.admin)
        hall.desk = desk
        hotline = next(k for k in desk.admin.get("/calendar", limit=50)["items"] if k["code"] == "hotline")
        hall.queue(calendar_id=hotline["id"])
        yield hall
        hall.close()


def task_of(hall, customer):
    return next(t for t in hall.admin.get("/task", limit=50, sort="-created_at")["items"] if t["customer_id"] == customer.id)


def heard(customer, conversation):
    return [m["text"] for m in customer.get(f"/my/conversation/{conversation}/message")["items"] if m["text"].startswith(TOLD)]


@pytest.mark.parametrize("outcome,reached", [("spoken", True), ("content", True), ("unsolved", True), ("not_reached", False)])
def test_a_call_that_is_done_by_hand_ends_her_wait_and_is_told(night, outcome, reached):
    agent, customer = night.person(ready=False), night.customer()
    conversation = night.asks(customer)
    task = task_of(night, customer)
    assert task["due_at"] == at("2027-03-02", "08:00")
    night.desk.clock.set(at("2027-03-02", "09:05"))
    agent.post(f"/task/{task['id']}/action/finish", {"version": task["version"], "outcome": outcome})
    row = night.row(conversation)
    assert (row["state"], row["owner_id"], bool(row["waiting_since"])) == (("active", agent.id, False) if reached else ("waiting", None, True))
    assert len(heard(customer, conversation)) == reached


def test_a_call_by_the_telephone_is_told_once(night):
    dialler = Gateway()
    agent, customer = night.person(ready=False, extension="8009"), night.customer()
    conversation = night.asks(customer)
    night.desk.clock.set(at("2027-03-02", "09:05"))
    cti = Cti(night.server.url, line_of(night.admin, dial_url=dialler.url)["callback"], lambda: night.desk.clock.ms / 1000)
    call = agent.post("/phone/dial", {"customer_id": customer.id})
    for what in ("ringing", "answered", "hung_up"):
        cti.event("n1", what, direction="out", called="", extension="8009", ref=call["id"])
    assert task_of(night, customer)["state"] == "done" and len(heard(customer, conversation)) == 1
    customer.post("/my/conversation", {"text": "谢谢", "external_id": "thanks-1"})
    assert night.row(conversation)["waiting_since"] and len(heard(customer, conversation)) == 1
    dialler.close()


def test_a_visitor_is_called_at_the_number_she_left(night):
    dialler = Gateway()
    agent = night.person(ready=False, extension="8009")
    cti = Cti(night.server.url, line_of(night.admin, dial_url=dialler.url)["callback"], lambda: night.desk.clock.ms / 1000)
    visitor = Visitor(night.server, night.server.url)
    visitor.write("洗衣机不排水", name="周婷", phone="13912345678")
    [k] = visitor.conversations()
    customer = night.row(k["id"])["customer_id"]
    assert night.admin.get(f"/customer/{customer}")["phone"] is None
    night.desk.clock.set(at("2027-03-02", "09:05"))
    call = agent.post("/phone/dial", {"customer_id": customer})
    wait_for(lambda: dialler.calls)
    assert dialler.calls[0][3]["to"].endswith("13912345678")
    for what in ("ringing", "answered"):
        cti.event("n2", what, direction="out", called="13912345678", extension="8009", ref=call["id"])
    assert any(m["text"].startswith(TOLD) for m in visitor.said(k["id"]))
    other = Visitor(night.server, night.server.url)
    other.write("在吗")
    agent.post("/phone/dial", {"customer_id": night.row(other.conversations()[0]["id"])["customer_id"]}, status=422)
    dialler.close()


def test_a_call_about_a_ticket_or_to_who_was_answered_says_nothing(night):
    agent, customer = night.person(ready=False), night.customer()
    conversation = night.asks(customer)
    ticket = night.admin.post("/ticket", {"scene": "repair", "customer_id": customer.id, "text": "冰箱不制冷", "grade": "normal"})
    task = night.admin.post("/task", {"title": "回访", "kind": "call_back", "ticket_id": ticket["id"], "owner_id": agent.id, "due_at": at("2027-03-02", "10:00")})
    night.desk.clock.set(at("2027-03-02", "09:05"))
    agent.post(f"/task/{task['id']}/action/finish", {"version": task["version"], "outcome": "spoken"})
    assert night.row(conversation)["waiting_since"] and not heard(customer, conversation)
    agent.post(f"/conversation/{conversation}/message", {"text": "您好，马上处理", "visibility": "public"})
    own = task_of(night, customer)
    if own["state"] == "open":
        agent.post(f"/task/{own['id']}/action/finish", {"version": own["version"], "outcome": "spoken"})
    assert not heard(customer, conversation)
