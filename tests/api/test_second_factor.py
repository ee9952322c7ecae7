"""The second factor: set up, asked for, never taken twice, demanded by a role, lost and given back."""
import json
import re
from dataclasses import dataclass

import pytest
from authenticator import STEP_S, code
from people import new_address

from client import Client
from server import Clock, Server

pytestmark = pytest.mark.quick
PASSWORD = "a-password-of-hers"


@dataclass
class Desk:
    server: Server
    clock: Clock
    admin: Client
    made = 0

    def browser(self):
        return Client(self.server.url, address=new_address())

    def hire(self, role=None, **more):
        """Somebody with a role of her own: (client as `browser`, her user, her role, account)."""
        Desk.made += 1
        account = f"factor{Desk.made}"
        role = role or self.admin.post("/role", {"code": account, "name": account, "permissions": ["ticket.read", "user.read"], "scope": "all"} | more)
        user = self.admin.post("/user", {"account": account, "name": "试用", "role_id": role["id"]})
        setter = self.browser().sign_in(*self.server.company.accounts[0])
        setter.post(f"/user/{user['id']}/password", {"password": PASSWORD})
        return user, role, account

    def step(self):
        self.clock.move(STEP_S)

    def code(self, secret):
        return code(secret, self.clock.ms / 1000)

    def enrol(self, client):
        """Sets a factor up; returns (secret, recovery codes)."""
        offer = client.post("/session/factor", None, status=200)
        answer = client.post("/session/factor/confirm", {"code": self.code(offer["secret"])}, status=200)
        self.step()
        return offer["secret"], answer["recovery_codes"]

    def password(self, account, password=PASSWORD, **options):
        client = self.browser()
        return client, client.post("/session", {"account": account, "password": password}, **options)


@pytest.fixture(scope="module")
def desk(timed):
    return Desk(timed, timed.clock, Client(timed.url).sign_in(*timed.company.accounts[0]))


def field_code(answer):
    return {field["field"]: field["code"] for field in answer["error"]["fields"]}


def test_a_factor_is_set_up_with_a_code_and_asked_for_from_then_on(desk):
    _, _, account = desk.hire()
    client = desk.browser().sign_in(account, PASSWORD)
    assert client.get("/session/factor") == {"on": False, "since": 0, "required": False, "codes_left": 0}
    offer = client.post("/session/factor", None, status=200)
    assert offer["uri"].startswith("otpauth://totp/") and f"secret={offer['secret']}" in offer["uri"] and offer["svg"].startswith("<svg")
    wrong = client.post("/session/factor/confirm", {"code": "000000"}, status=422)
    assert field_code(wrong) == {"code": "code_wrong"}
    assert client.get("/session/factor")["on"] is False
    codes = client.post("/session/factor/confirm", {"code": desk.code(offer["secret"])}, status=200)["recovery_codes"]
    assert len(set(codes)) == 10 and all(re.fullmatch(r"[A-Z2-7]{5}-[A-Z2-7]{5}", one) for one in codes)
    shown = client.get("/session/factor")
    assert shown["on"] and shown["codes_left"] == 10

    desk.step()
    second, answer = desk.password(account)
    assert answer["next"] == "code" and "set-cookie" not in json.dumps(answer)
    second.get("/session", status=401)
    assert field_code(second.post("/session/code", {"ticket": answer["ticket"], "code": "000000"}, status=422)) == {"code": "code_wrong"}
    second.get("/session", status=401)
    second.post("/session/code", {"ticket": answer["ticket"], "code": desk.code(offer["secret"])}, status=201)
    assert second.get("/session")["user"]["account"] == account


def test_a_code_works_once(desk):
    _, _, account = desk.hire()
    secret, _ = desk.enrol(desk.browser().sign_in(account, PASSWORD))
    shown = desk.code(secret)
    client, first = desk.password(account)
    client.post("/session/code", {"ticket": first["ticket"], "code": shown}, status=201)
    other, second = desk.password(account)
    for ticket in (first["ticket"], second["ticket"]):
        other.post("/session/code", {"ticket": ticket, "code": shown}, status=422)
    desk.step()
    other.post("/session/code", {"ticket": second["ticket"], "code": desk.code(secret)}, status=201)


def test_a_recovery_code_opens_once_in_whatever_way_it_is_typed(desk):
    _, _, account = desk.hire()
    here = desk.browser().sign_in(account, PASSWORD)
    secret, codes = desk.enrol(here)
    for number, typed in enumerate((codes[0], codes[1].lower(), codes[2].replace("-", ""), codes[3].replace("-", " - "))):
        client, answer = desk.password(account)
        client.post("/session/code", {"ticket": answer["ticket"], "code": typed}, status=201)
        assert client.get("/session/factor")["codes_left"] == 9 - number
    client, answer = desk.password(account)
    client.post("/session/code", {"ticket": answer["ticket"], "code": codes[0]}, status=422)
    client.post("/session/code", {"ticket": answer["ticket"], "code": codes[5]}, status=201)
    fresh = here.post("/session/factor/recovery", {"code": desk.code(secret)}, status=200)["recovery_codes"]
    assert not set(fresh) & set(codes) and here.get("/session/factor")["codes_left"] == 10
    client, answer = desk.password(account)
    client.post("/session/code", {"ticket": answer["ticket"], "code": codes[6]}, status=422)
    client.post("/session/code", {"ticket": answer["ticket"], "code": fresh[0]}, status=201)


def test_wrong_codes_lock_the_account_and_the_right_password_does_not_forget_them(desk):
    _, _, account = desk.hire()
    secret, codes = desk.enrol(desk.browser().sign_in(account, PASSWORD))
    for _ in range(5):
        client, answer = desk.password(account)
        client.post("/session/code", {"ticket": answer["ticket"], "code": "123123"}, status=422)
    for right in (desk.code(secret), codes[0]):
        locked = desk.browser().post("/session/code", {"ticket": answer["ticket"], "code": right}, status=429)
        assert locked["error"]["code"] == "locked_out"
    desk.password(account, status=429)
    desk.clock.move(61)
    client, answer = desk.password(account)
    client.post("/session/code", {"ticket": answer["ticket"], "code": codes[0]}, status=201)


def test_one_address_may_try_so_often(desk):
    _, _, account = desk.hire()
    desk.enrol(desk.browser().sign_in(account, PASSWORD))
    client, answer = desk.password(account)
    most = desk.admin.get("/setting/rate.sign_in")["value"]
    statuses = [client.http.post("/session/code", json={"ticket": "A" * 64, "code": "123123"}).status_code for _ in range(most + 1)]
    assert statuses[0] == 401 and statuses[-1] == 429


def test_a_ticket_is_for_a_short_time_one_person_and_the_password_of_then(desk):
    user, _, account = desk.hire()
    secret, _ = desk.enrol(desk.browser().sign_in(account, PASSWORD))
    _, answer = desk.password(account)
    ticket = answer["ticket"]

    def refused(text):
        said = desk.browser().post("/session/code", {"ticket": text, "code": desk.code(secret)}, status=401)
        assert said["error"]["code"] == "sign_in_expired"

    for bent in ("", ticket[:-1], ticket[:20] + ("A" if ticket[20] != "A" else "B") + ticket[21:], "A" * 64):
        if bent:
            refused(bent)
    desk.browser().post("/session/enrol", {"ticket": ticket}, status=409)
    desk.clock.move(5 * 60)
    refused(ticket)
    _, answer = desk.password(account)
    desk.step()
    desk.browser().sign_in(*desk.server.company.accounts[0]).post(f"/user/{user['id']}/password", {"password": "another-password"})
    refused(answer["ticket"])


def test_a_role_may_demand_a_factor_and_then_nobody_comes_in_without(desk):
    _, role, account = desk.hire()
    here = desk.browser().sign_in(account, PASSWORD)
    role = desk.admin.patch(f"/role/{role['id']}", {"version": role["version"], "second_factor": True})
    here.get("/session", status=401)
    client, answer = desk.password(account)
    assert answer["next"] == "enrol"
    client.get("/session", status=401)
    client.post("/session/code", {"ticket": answer["ticket"], "code": "123123"}, status=422)
    offer = client.post("/session/enrol", {"ticket": answer["ticket"]}, status=200)
    made = client.post("/session/code", {"ticket": answer["ticket"], "code": desk.code(offer["secret"])}, status=201)
    assert len(made["recovery_codes"]) == 10
    assert client.get("/session/factor")["required"] is True
    desk.step()
    client.post("/session/factor/remove", {"code": desk.code(offer["secret"])}, status=409)
    again, answer = desk.password(account)
    assert answer["next"] == "code"
    again.post("/session/enrol", {"ticket": answer["ticket"]}, status=409)
    again.post("/session/code", {"ticket": answer["ticket"], "code": desk.code(offer["secret"])}, status=201)


def test_taking_the_factor_away_needs_its_code(desk):
    _, _, account = desk.hire()
    client = desk.browser().sign_in(account, PASSWORD)
    client.post("/session/factor/remove", {"code": "123123"}, status=409)
    secret, _ = desk.enrol(client)
    client.post("/session/factor", None, status=409)
    client.post("/session/factor/remove", {"code": "123123"}, status=422)
    client.post("/session/factor/remove", {"code": desk.code(secret)}, status=200)
    assert client.get("/session/factor") == {"on": False, "since": 0, "required": False, "codes_left": 0}
    desk.browser().sign_in(account, PASSWORD).get("/session")


def test_setting_one_up_ends_the_sessions_that_were_opened_without(desk):
    _, _, account = desk.hire()
    here, there = (desk.browser().sign_in(account, PASSWORD) for _ in range(2))
    desk.enrol(here)
    here.get("/session")
    there.get("/session", status=401)


def test_an_administrator_resets_it_with_a_reason_that_stays(desk):
    user, _, account = desk.hire()
    client = desk.browser().sign_in(account, PASSWORD)
    desk.enrol(client)
    path = f"/user/{user['id']}/factor/reset"
    client.post(path, {"reason": "自己"}, status=403)
    desk.admin.post(path, {}, status=422)
    desk.admin.post(path, {"reason": "手机丢失，已当面核实身份"}, status=200)
    desk.admin.post(path, {"reason": "再来一次"}, status=409)
    client.get("/session", status=401)
    assert "next" not in desk.password(account)[1]
    history = json.dumps(desk.admin.get(f"/user/{user['id']}/history"), ensure_ascii=False)
    assert "手机丢失，已当面核实身份" in history and "factor_at" in history


def test_nobody_resets_the_factor_of_somebody_who_may_do_more(desk):
    lead, _, account = desk.hire(permissions=["user.read", "user.factor", "user.password", "ticket.read"])
    boss = next(u for u in desk.admin.get("/user", limit=50)["items"] if u["account"] == desk.server.company.accounts[0][0])
    desk.browser().sign_in(account, PASSWORD).post(f"/user/{boss['id']}/factor/reset", {"reason": "试一试"}, status=403)


def test_whoever_can_set_no_password_may_reset_anybodys_factor(desk):
    user, _, account = desk.hire(permissions=["ticket.read", "customer.read"])
    desk.enrol(desk.browser().sign_in(account, PASSWORD))
    _, _, officer = desk.hire(permissions=["user.read", "user.factor"])
    desk.browser().sign_in(officer, PASSWORD).post(f"/user/{user['id']}/factor/reset", {"reason": "手机丢失"}, status=200)
    assert "next" not in desk.password(account)[1]


def test_a_program_does_not_touch_the_factor_of_its_person(desk):
    _, _, account = desk.hire(permissions=["api_token.read", "api_token.create", "ticket.read"])
    owner = desk.browser().sign_in(account, PASSWORD)
    secret, _ = desk.enrol(owner)
    program = desk.browser().bearing(owner.post("/api_token", {"name": "报表", "scopes": ["ticket.read"]})["token"])
    for path, body in (("", None), ("/confirm", {"code": "123123"}), ("/recovery", {"code": desk.code(secret)}), ("/remove", {"code": desk.code(secret)})):
        program.post(f"/session/factor{path}", body, status=403)
    assert owner.get("/session/factor")["codes_left"] == 10


def test_the_secret_is_never_readable_again(desk):
    """Not in the lists, nor in the history, nor in a stored answer, nor in the files of the database."""
    user, _, account = desk.hire()
    client = desk.browser().sign_in(account, PASSWORD)
    secret, codes = desk.enrol(client)
    said = json.dumps([desk.admin.get(f"/user/{user['id']}"), desk.admin.get(f"/user/{user['id']}/history"), desk.admin.get("/user", limit=200)])
    assert secret not in said and not any(one in said for one in codes)
    desk.admin.patch(f"/user/{user['id']}", {"version": desk.admin.get(f"/user/{user['id']}")["version"], "factor_at": 0}, status=422)
    if desk.server.company.engine == "sqlite":
        for name in ("data.db", "data.db-wal"):
            stored = (desk.server.company.folder / name).read_bytes()
            assert secret.encode() not in stored and codes[0].encode() not in stored
