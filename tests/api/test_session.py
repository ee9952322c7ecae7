"""Signing in and out of the console: what the cookie promises, who is turned away, and how."""
import pytest

from client import Client

pytestmark = pytest.mark.quick


def test_signing_in_gives_a_cookie_that_scripts_and_other_sites_cannot_use(server, anonymous):
    account, password = server.company.accounts[0]
    answer = anonymous.http.post("/session", json={"account": account, "password": password})
    assert answer.status_code == 201, answer.text
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=" in cookie and "path=/" in cookie
    me = anonymous.get("/session")
    assert me["user"]["account"] == account and me["tenant"]["name"] and me["permissions"]


def test_after_signing_out_the_cookie_is_worth_nothing(server):
    client = Client(server.url).sign_in(*server.company.accounts[0])
    cookies = dict(client.http.cookies)
    client.delete("/session")
    stale = Client(server.url)
    stale.http.cookies.update(cookies)
    assert stale.get("/session", status=401)["error"]["code"] == "not_signed_in"


@pytest.mark.parametrize("account, password", [("nobody", "whatever123"), ("", "x"), (None, "x")])
def test_a_wrong_account_and_a_wrong_password_look_the_same(server, anonymous, account, password):
    known = server.company.accounts[0][0]
    one = anonymous.post("/session", {"account": account, "password": password}, status=(401, 422))
    other = anonymous.post("/session", {"account": known, "password": password + "?"}, status=(401, 422))
    if account:
        assert one["error"]["code"] == other["error"]["code"] == "sign_in_failed"


def test_another_site_cannot_act_with_the_cookie(admin):
    for origin in ("https://evil.example", "null", "http://127.0.0.1"):
        admin.post("/customer", {}, status=403, headers={"Origin": origin})


def test_a_broken_cookie_or_token_is_nobody(anonymous):
    for headers in ({"Cookie": "anxin=" + "A" * 43}, {"Authorization": "Bearer " + "A" * 43}, {"Authorization": "Basic eDp5"}):
        assert anonymous.request("GET", "/session", status=401, headers=headers)["error"]["code"] == "not_signed_in"
