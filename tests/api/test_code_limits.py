"""One-time codes: strict for a telephone number, whose owner is rung by each; generous for an address, which a whole hotel may share."""
import pytest

from client import Client
from people import code_sent_to, new_address, new_phone
from server import Clock, Server
from test_settings import put

HOUR_S = 3600


@pytest.fixture
def timed(company, tmp_path):
    """A server whose time only this test moves, and its administrator."""
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        yield server, clock, admin
        admin.close()


def ask(server, phone, address, status=200):
    customer = Client(server.url, address=address)
    answer = customer.post("/my/code", {"phone": phone}, status=status)
    customer.close()
    return answer


def test_a_number_gets_five_an_hour_wherever_they_are_asked_for(timed):
    server, clock, _ = timed
    phone = new_phone()
    for _ in range(5):
        ask(server, phone, new_address())
        clock.move(61)
    error = ask(server, phone, new_address(), status=429)["error"]
    assert error["code"] == "rate" and error["arg"] == str(HOUR_S - 5 * 61 + 1)
    clock.move(HOUR_S - 5 * 61 - 1)
    ask(server, phone, new_address(), status=429)
    clock.move(2)
    ask(server, phone, new_address())


def test_two_codes_are_a_pause_apart(timed):
    server, clock, _ = timed
    phone = new_phone()
    ask(server, phone, new_address())
    clock.move(59)
    ask(server, phone, new_address(), status=429)
    clock.move(1)
    ask(server, phone, new_address())


def test_signing_in_begins_no_new_hour(timed):
    server, clock, admin = timed
    put(admin, "code.per_number", 2)
    phone = new_phone()
    for _ in range(2):
        ask(server, phone, new_address())
        customer = Client(server.url, address=new_address())
        code = code_sent_to(admin, phone)
        customer.post("/my/session", {"phone": phone, "code": code})
        customer.post("/my/session", {"phone": phone, "code": code}, status=401)
        clock.move(61)
    ask(server, phone, new_address(), status=429)
    put(admin, "code.per_number", 3)
    ask(server, phone, new_address())


def test_forty_guests_of_a_hotel_ask_within_a_minute(timed):
    server, _, _ = timed
    hotel = new_address()
    for _ in range(40):
        ask(server, new_phone(), hotel)


def test_an_address_has_its_limit_all_the_same(timed):
    server, clock, admin = timed
    put(admin, "code.per_address", 5)
    shop = new_address()
    for _ in range(5):
        ask(server, new_phone(), shop)
    assert ask(server, new_phone(), shop, status=429)["error"]["code"] == "rate"
    ask(server, new_phone(), new_address())
    clock.move(61)
    ask(server, new_phone(), shop)


def test_a_code_lives_as_long_as_its_message_says(timed):
    server, clock, admin = timed
    put(admin, "code.life", 3)
    phone = new_phone()
    ask(server, phone, new_address())
    newest = admin.get("/outbox", sort="-created_at", limit=1)["items"][0]
    assert "3 分钟" in newest["body"] or "3 minutes" in newest["body"]
    code = code_sent_to(admin, phone)
    clock.move(181)
    Client(server.url, address=new_address()).post("/my/session", {"phone": phone, "code": code}, status=401)


def test_a_code_may_be_tried_so_often(timed):
    server, _, admin = timed
    put(admin, "code.attempts", 3)
    phone = new_phone()
    ask(server, phone, new_address())
    code = code_sent_to(admin, phone)
    customer = Client(server.url, address=new_address())
    for _ in range(3):
        customer.post("/my/session", {"phone": phone, "code": "000000" if code != "000000" else "000001"}, status=401)
    customer.post("/my/session", {"phone": phone, "code": code}, status=401)
