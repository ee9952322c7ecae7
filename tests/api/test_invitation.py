"""Invitations of staff: a link by mail, once and for a time; and the time-out of whoever does nothing."""
import json
import re
from dataclasses import dataclass

import pytest
from authenticator import code
from people import new_address

from client import Client
from server import Clock, Server

pytestmark = pytest.mark.quick
PASSWORD = "a-password-of-hers"
HOUR_S = 3600


@dataclass
class Desk:
    server: Server
    clock: Clock
    made = 0

    def browser(self):
        return Client(self.server.url, address=new_address())

    @property
    def admin(self):
        return self.browser().sign_in(*self.server.company.accounts[0])

    def newcomer(self, admin, email=True, role=None, **more):
        Desk.made += 1
        account = f"guest{Desk.made}"
        role = role or admin.post("/role", {"code": account, "name": account, "permissions": ["ticket.read"], "scope": "all"} | more)
        return admin.post("/user", {"account": account, "name": "新同事", "role_id": role["id"]} | ({"email": f"{account}@example.com"} if email else {}))

    def link(self, admin, user):
        """The secret in the newest mail about this person."""
        for message in admin.get("/outbox", sort="-created_at", limit=50)["items"]:
            found = re.search(r"/invite#([\w-]{43})", message["body"] or "")
            if message["template"] == "staff_invited" and found and user["account"] in message["body"]:
                return found[1]
        raise AssertionError("no mail")

    def invite(self, admin, user):
        made = admin.post(f"/user/{user['id']}/invite", status=201)
        return made, self.link(admin, user)

    def accept(self, token, password=PASSWORD, **options):
        client = self.browser()
        return client, client.post("/session/invitation/accept", {"token": token, "password": password}, **options)


@pytest.fixture(scope="module")
def desk(timed):
    return Desk(timed, timed.clock)


@pytest.fixture
def admin(desk):
    return desk.admin


def refused(desk, token, **options):
    answer = desk.browser().post("/session/invitation", {"token": token}, status=401)
    assert answer["error"]["code"] == "link_expired"
    _, answer = desk.accept(token, status=401, **options)
    assert answer["error"]["code"] == "link_expired"


def test_whoever_gets_the_link_sets_a_password_and_is_in(desk, admin):
    user = desk.newcomer(admin)
    made, token = desk.invite(admin, user)
    assert made["state"] == "open" and made["user_id"] == user["id"] and token not in json.dumps(made)
    shown = desk.browser().post("/session/invitation", {"token": token}, status=200)
    assert (shown["account"], shown["name"], shown["company_code"], shown["password_length"]) == (user["account"], "新同事", "demo", 10)
    _, short = desk.accept(token, "short", status=422)
    assert short["error"]["fields"][0]["code"] == "field_too_short"
    client, _ = desk.accept(token, status=201)
    assert client.get("/session")["user"]["account"] == user["account"]
    desk.browser().sign_in(user["account"], PASSWORD)
    assert admin.get(f"/invitation/{made['id']}")["state"] == "accepted"


def test_a_link_works_once(desk, admin):
    user = desk.newcomer(admin)
    _, token = desk.invite(admin, user)
    desk.accept(token, status=201)
    refused(desk, token, password="the-password-of-a-thief")
    desk.browser().sign_in(user["account"], PASSWORD)


def test_an_invitation_expires(desk, admin):
    """FreeScout CVE-2026-41902: one that was never used stayed good for ever."""
    user = desk.newcomer(admin)
    made, token = desk.invite(admin, user)
    desk.clock.move(72 * HOUR_S - 1)
    desk.browser().post("/session/invitation", {"token": token}, status=200)
    desk.clock.move(1)
    refused(desk, token)
    assert desk.admin.get(f"/invitation/{made['id']}")["state"] == "expired"


def test_a_new_invitation_makes_the_one_before_worthless(desk, admin):
    user = desk.newcomer(admin)
    first, old = desk.invite(admin, user)
    _, token = desk.invite(admin, user)
    assert old != token
    refused(desk, old)
    assert admin.get(f"/invitation/{first['id']}")["state"] == "revoked"
    desk.accept(token, status=201)


def test_an_invitation_is_taken_back(desk, admin):
    user = desk.newcomer(admin)
    made, token = desk.invite(admin, user)
    admin.post(f"/invitation/{made['id']}/revoke", {"version": made["version"] + 1}, status=409)
    admin.post(f"/invitation/{made['id']}/revoke", {"version": made["version"]}, status=200)
    refused(desk, token)
    admin.post(f"/invitation/{made['id']}/revoke", {"version": made["version"] + 1}, status=409)


def test_who_left_the_company_before_accepting_does_not_come_in(desk, admin):
    user = desk.newcomer(admin)
    _, token = desk.invite(admin, user)
    admin.post(f"/user/{user['id']}/archive", {"version": admin.get(f"/user/{user['id']}")["version"]}, status=200)
    refused(desk, token)
    admin.post(f"/user/{user['id']}/invite", status=409)


def test_a_role_that_demands_a_second_factor_gets_it_before_anybody_is_in(desk, admin):
    user = desk.newcomer(admin, second_factor=True)
    _, token = desk.invite(admin, user)
    client, answer = desk.accept(token, status=200)
    assert answer["next"] == "enrol"
    client.get("/session", status=401)
    offer = client.post("/session/enrol", {"ticket": answer["ticket"]}, status=200)
    client.post("/session/code", {"ticket": answer["ticket"], "code": code(offer["secret"], desk.clock.ms / 1000)}, status=201)
    client.get("/session")


def test_nobody_without_an_address_or_with_more_rights_is_invited(desk, admin):
    admin.post(f"/user/{desk.newcomer(admin, email=False)['id']}/invite", status=422)
    lead = desk.newcomer(admin, permissions=["user.read", "user.invite", "ticket.read"])
    client, _ = desk.accept(desk.invite(admin, lead)[1], status=201)
    boss = next(u for u in admin.get("/user", limit=50)["items"] if u["account"] == desk.server.company.accounts[0][0])
    client.post(f"/user/{boss['id']}/invite", status=403)
    client.post(f"/user/{lead['id']}/invite", status=403)
    plain = desk.newcomer(admin)
    nobody, _ = desk.accept(desk.invite(admin, plain)[1], status=201)
    nobody.post(f"/user/{lead['id']}/invite", status=403)


def test_a_broken_link_says_no_more_than_an_old_one(desk):
    for token in ("A" * 43, "A", "A" * 100, "!" * 43):
        refused(desk, token)


# Doing nothing ---------------------------------------------------------------------------------------------------------


def put(admin, name, value):
    admin.patch(f"/setting/{name}", {"value": value, "version": admin.get(f"/setting/{name}")["version"]})


def test_whoever_does_nothing_is_signed_out_and_whoever_does_is_not(desk, admin):
    put(admin, "sign_in.idle", 10)
    busy, lazy = desk.admin, desk.admin
    assert busy.get("/session")["user"]["idle_minutes"] == 10
    for _ in range(4):
        desk.clock.move(5 * 60)
        busy.get("/session")
        busy.get("/ticket", limit=1)
        settle(desk, busy)
    assert lazy.get("/session", status=401)["error"]["code"] == "signed_out_idle"
    busy.get("/session")
    put(busy, "sign_in.idle", None)


def test_a_role_has_a_time_out_of_its_own(desk, admin):
    user = desk.newcomer(admin, idle_minutes=5)
    client, _ = desk.accept(desk.invite(admin, user)[1], status=201)
    assert client.get("/session")["user"]["idle_minutes"] == 5
    desk.clock.move(5 * 60)
    client.get("/session")
    settle(desk, client)
    desk.clock.move(6 * 60 + 1)
    client.get("/session", status=401)
    admin.get("/session")


def settle(desk, client):
    """A change of anything comes after the note that she was seen: both wait in one line, people before jobs, so two of them."""
    for theme in ("dark", "system"):
        client.request("PATCH", "/session", {"theme": theme})
