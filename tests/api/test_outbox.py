"""Messages leave by the gateway: tried again until taken, under one id, never twice; held where there is no way."""
import re
import time

import people
import pytest

from client import Client
from gateway import Gateway
from patience import wait_for
from server import Clock, Server
from test_audit import rows

WAIT_S = 30
SENDING = "SELECT 1 FROM job WHERE kind = 'outbox_send'"


@pytest.fixture
def gateway():
    made = []

    def make(*answers):
        made.append(Gateway(answers))
        return made[-1]
    yield make
    for one in made:
        one.close()


def environment(**more):
    return {"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"} | more


def staff_of(server):
    return Client(server.url).sign_in(*server.company.accounts[0])


def ask_for_code(server, staff):
    phone = people.new_phone()
    staff.post("/customer", {"name": "王芳", "phone": phone})
    Client(server.url, address=people.new_address()).post("/my/code", {"phone": phone})
    return phone


def newest(staff):
    return staff.get("/outbox", sort="-created_at", limit=1)["items"][0]


def settled(staff, clock=None):
    """The newest message once it no longer waits; the clock runs fast meanwhile, over the pauses between attempts."""
    end = time.monotonic() + WAIT_S
    while (message := newest(staff))["state"] == "waiting":
        assert time.monotonic() < end, message
        time.sleep(0.1)
        if clock:
            clock.move(10)
    return message


@pytest.fixture
def clock(tmp_path):
    return Clock(tmp_path / "clock")


def test_without_a_channel_a_message_is_held_and_can_be_read_in_the_demo(company):
    with Server(company) as server:
        staff = staff_of(server)
        phone = ask_for_code(server, staff)
        assert newest(staff)["state"] == "held"
        assert people.code_sent_to(staff, phone)


def test_a_gateway_that_fails_twice_gets_the_message_once_under_one_id(company, gateway, clock):
    calls = gateway(503, 429)
    with Server(company, environment=environment(ANXIN_SMS_GATEWAY=calls.url, ANXIN_SMS_TOKEN="s3cret"), clock=clock) as server:
        staff = staff_of(server)
        phone = ask_for_code(server, staff)
        message = settled(staff, clock)
        assert (message["state"], message["attempts"]) == ("sent", 3)
        assert [status for status, *_ in calls.calls] == [503, 429, 200]
        assert {(key, token) for _, key, token, _ in calls.calls} == {(message["id"], "Bearer s3cret")}
        bodies = [body for *_, body in calls.calls]
        assert bodies[0] == bodies[1] == bodies[2]
        assert (bodies[0]["id"], bodies[0]["to"], bodies[0]["template"]) == (message["id"], "+86" + phone, "sign_in_code")
        assert re.search(r"\d{6}", bodies[0]["text"])


def test_what_the_gateway_refuses_for_good_is_failed_at_once(company, gateway):
    calls = gateway(400)
    with Server(company, environment=environment(ANXIN_SMS_GATEWAY=calls.url)) as server:
        staff = staff_of(server)
        ask_for_code(server, staff)
        message = settled(staff)
        assert (message["state"], message["last_error"]) == ("failed", "HTTP 400")
        assert len(calls.calls) == 1


def test_a_message_is_tried_as_often_as_the_operator_says(company, gateway):
    calls = gateway(503, 503, 503)
    with Server(company, environment=environment(ANXIN_SMS_GATEWAY=calls.url), options=("--set", "outbound.attempts=2")) as server:
        staff = staff_of(server)
        ask_for_code(server, staff)
        message = settled(staff)
        assert (message["state"], message["attempts"], len(calls.calls)) == ("failed", 2, 2)


def test_a_message_that_is_removed_while_it_waits_ends_quietly(company, gateway, clock):
    calls = gateway(503)
    with Server(company, environment=environment(ANXIN_SMS_GATEWAY=calls.url), clock=clock) as server:
        staff = staff_of(server)
        ask_for_code(server, staff)
        wait_for(lambda: calls.calls)
        server.stop()
        company.execute("DELETE FROM outbox")
        assert rows(company, SENDING)
        server.start()
        wait_for(lambda: clock.move(60) or not rows(company, SENDING))
        assert len(calls.calls) == 1


def test_an_inside_address_that_the_operator_did_not_allow_is_never_contacted(company, gateway):
    calls = gateway()
    with Server(company, environment={"ANXIN_SMS_GATEWAY": calls.url}) as server:
        staff = staff_of(server)
        ask_for_code(server, staff)
        message = settled(staff)
        assert (message["state"], message["last_error"]) == ("failed", "outbound_refused")
        assert not calls.calls


def test_a_message_that_waits_is_sent_after_a_restart(company, gateway, clock):
    """Killed while it called or after: then the attempt counts as under way until its lease ends."""
    calls = gateway(503)
    options = environment(ANXIN_SMS_GATEWAY=calls.url)
    with Server(company, environment=options, clock=clock) as server:
        ask_for_code(server, staff_of(server))
        end = time.monotonic() + WAIT_S
        while not calls.calls:
            assert time.monotonic() < end
            time.sleep(0.05)
        server.kill()
        server.start()
        assert settled(staff_of(server), clock)["state"] == "sent"
        assert len({key for _, key, *_ in calls.calls}) == 1


def test_options_that_cannot_be_meant_are_refused_at_start(company):
    for wrong in ({"ANXIN_SMS_GATEWAY": "gateway.example"}, {"ANXIN_SMTP": "smtp://mail.example"}, {"ANXIN_OUTBOUND_ALLOW": "everything"}):
        with pytest.raises(AssertionError, match="the server ended"):
            Server(company, environment=wrong).start()
