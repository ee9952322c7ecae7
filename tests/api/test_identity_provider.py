"""Signing in through an identity provider (OpenID Connect): who gets in, who does not, and everything that a forged answer tries."""
import hashlib
import hmac
import urllib.parse
from dataclasses import dataclass

import pytest
from authenticator import code as totp
from identity_provider import Key, IdentityProvider
from people import new_address
from test_invitation import Desk as Inviting

from client import Client
from server import Clock, Server

ENVIRONMENT = {"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"}      # where the provider of the tests stands


@dataclass
class Desk:
    server: Server
    clock: Clock
    idp: IdentityProvider
    provider: dict = None
    made = 0

    def browser(self):
        return Client(self.server.url, address=new_address())

    def __post_init__(self):
        self.admin = self.browser().sign_in(*self.server.company.accounts[0])
        self.provider = self.add()

    def add(self, idp=None, secret=True, **more):
        idp = idp or self.idp
        idp.redirect = f"{self.server.url}/sign-in/back"
        made = self.admin.post("/sign_in_provider", {"name": "公司账号登录", "name_en": "Company account", "issuer": idp.issuer, "client_id": idp.client_id, "state": "on"} | more)
        if secret:
            self.admin.post(f"/sign_in_provider/{made['id']}/secret", {"secret": idp.secret})
        return made

    def change(self, provider, **fields):
        now = self.admin.get(f"/sign_in_provider/{provider['id']}")
        return self.admin.patch(f"/sign_in_provider/{provider['id']}", {"version": now["version"]} | fields)

    def start(self, browser, provider=None, status=200, path="/start", **more):
        answer = browser.post(f"/session/provider{path}", {"provider_id": (provider or self.provider)["id"]} | more, status=status)
        return answer["url"] if status == 200 else answer

    def back(self, browser, address, status=(200, 201), **changed):
        came = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query)) | changed
        return browser.post("/session/provider", {k: v for k, v in came.items() if v is not None}, status=status)

    def sign_in(self, person=None, status=(200, 201), provider=None, browser=None, idp=None, **changed):
        browser = browser or self.browser()
        url = self.start(browser, provider)
        return browser, self.back(browser, (idp or self.idp).agree(url, person), status, **changed)

    def person(self, **more):
        """Somebody of staff with an identity, and what the provider says of her."""
        Desk.made += 1
        inviting = Inviting(self.server, self.clock)
        user = inviting.newcomer(self.admin, **more)
        _, token = inviting.invite(self.admin, user)
        who = self.idp.person | {"sub": f"subject-{Desk.made}"}
        browser = self.browser()
        url = self.start(browser, invitation=token)
        answer = self.back(browser, self.idp.agree(url, who))
        return user, who, browser, answer

    def why(self):
        """The newest refusal in the audit."""
        auditor = self.browser().sign_in(*next(a for a in self.server.company.accounts if a[0] == "audit"))
        return next(e for e in auditor.get("/audit", limit=20)["items"] if e["kind"] == "user.sign_in_refused")


@pytest.fixture(scope="module")
def desk(timed, tmp_path_factory):
    idp = IdentityProvider(tmp_path_factory.mktemp("identity"), lambda: timed.clock.ms // 1000)
    yield Desk(timed, timed.clock, idp)
    idp.close()


@pytest.fixture(autouse=True)
def honest(desk):
    """Each test begins with a provider that tells the truth."""
    desk.idp.token, desk.idp.head, desk.idp.sign, desk.idp.about, desk.idp.ways = {}, {}, None, {}, None
    yield


def test_an_invited_person_comes_by_her_identity_and_then_signs_in_with_it_alone(desk):
    user, who, browser, _ = desk.person()
    assert browser.get("/session")["user"]["id"] == user["id"]
    browser, answer = desk.sign_in(who, status=201)
    assert answer == {"ok": True} and browser.get("/session")["user"]["id"] == user["id"]
    browser.delete("/session")
    browser.get("/session", status=401)


@pytest.mark.quick
def test_nobody_becomes_somebody_by_a_mail_address(desk):
    user, _, _, _ = desk.person()
    stranger = desk.idp.person | {"sub": "stranger", "email": f"{user['account']}@example.com"}
    _, answer = desk.sign_in(stranger, status=403)
    assert answer["error"]["code"] == "identity_unknown"


@pytest.mark.quick
def test_the_sign_in_page_offers_what_is_on_and_names_nothing_else(desk):
    off = desk.add(name="试用", state="off")
    offered = desk.browser().get("/session/provider")
    assert offered["passwords"] == "everybody"
    assert {"id": desk.provider["id"], "name": {"zh": "公司账号登录", "en": "Company account"}} in offered["providers"]
    assert off["id"] not in [p["id"] for p in offered["providers"]] and set(offered["providers"][0]) == {"id", "name"}
    desk.start(desk.browser(), off, status=404)


def test_the_secret_goes_in_and_never_comes_out(desk):
    text = desk.admin.http.get(f"/sign_in_provider/{desk.provider['id']}").text + desk.admin.http.get(f"/sign_in_provider/{desk.provider['id']}/history").text
    assert desk.admin.get(f"/sign_in_provider/{desk.provider['id']}")["secret_at"] > 0
    assert desk.idp.secret not in text and "secret\"" not in text


@pytest.mark.quick
@pytest.mark.parametrize("token, what", [
    ({"nonce": "of another round"}, "nonce"), ({"nonce": None}, "nonce"),
    ({"iss": "https://elsewhere.example"}, "iss"), ({"iss": None}, "iss"),
    ({"aud": "another client"}, "aud"), ({"aud": ["x", "y"]}, "aud"), ({"aud": None}, "aud"),
    ({"aud": ["anxin-desk", "other"]}, "azp"), ({"aud": ["anxin-desk", "other"], "azp": "other"}, "azp"), ({"azp": "other"}, "azp"),
    ({"exp": 1}, "exp"), ({"exp": None}, "exp"), ({"exp": "9999999999"}, "exp"), ({"iat": None}, "iat"),
    ({"sub": None}, "sub"), ({"sub": ""}, "sub"), ({"sub": 7}, "sub"),
])
def test_a_token_that_says_the_wrong_thing_lets_nobody_in(desk, token, what):
    desk.idp.token = token
    _, answer = desk.sign_in(status=502)
    assert answer["error"]["code"] == "provider_answer" and answer["error"]["message"].endswith(what)


def test_times_may_be_off_by_a_minute_and_no_more(desk):
    _, who, _, _ = desk.person()
    now = desk.clock.ms // 1000
    desk.idp.token = {"exp": now - 30}
    desk.sign_in(who, status=201)
    desk.idp.token = {"exp": now - 61}
    desk.sign_in(who, status=502)
    desk.idp.token = {"iat": now + 30}
    desk.sign_in(who, status=201)
    for early in ({"iat": now + 120}, {"nbf": now + 120}):
        desk.idp.token = early
        desk.sign_in(who, status=502)


def forged(desk, kind):
    """A signature that whoever knows only the public key can make."""
    key = desk.idp.keys[-1]
    return {
        "none": ({"alg": "none"}, lambda text: b""), "none with something": ({"alg": "none"}, lambda text: b"x"), "NONE": ({"alg": "nOnE"}, lambda text: b"x"),
        "HMAC with the public key": ({"alg": "HS256"}, lambda text: hmac.new(key.public, text, hashlib.sha256).digest()),
        "another algorithm's name": ({"alg": "ES256"}, None), "PS256": ({"alg": "PS256"}, None),
        "nothing known": ({"alg": "RS256"}, lambda text: b"\0" * 256), "too short": ({"alg": "RS256"}, lambda text: b"\1"),
        "another's key, brought along": ({"jwk": Key(desk.idp.folder, "first").jwk}, Key(desk.idp.folder, "first").sign),
        "what must be understood": ({"crit": ["exp"]}, None), "a name of a key that is none": ({"kid": 7}, None),
    }[kind]


@pytest.mark.parametrize("kind", ["none", "none with something", "NONE", "HMAC with the public key", "another algorithm's name", "PS256", "nothing known", "too short",
                                  "another's key, brought along", "what must be understood", "a name of a key that is none"])
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(desk, kind):
    _, who, _, _ = desk.person()
    desk.idp.head, desk.idp.sign = forged(desk, kind)
    _, answer = desk.sign_in(who, status=502)
    assert answer["error"]["code"] == "provider_answer"


def test_a_key_that_is_new_is_found_and_one_that_is_gone_opens_nothing(desk):
    _, who, _, _ = desk.person()
    old = desk.idp.keys
    desk.clock.move(61)     # what is kept is older than the shortest pause between two looks
    desk.idp.keys = [Key(desk.idp.folder, "second")]
    desk.sign_in(who, status=201)
    desk.clock.move(61)
    desk.idp.keys = [Key(desk.idp.folder, "third"), old[0]]
    desk.sign_in(who, status=201)
    desk.idp.head = {"kid": "nowhere"}
    before = desk.idp.asked.count("/keys")
    for _ in range(5):
        _, answer = desk.sign_in(who, status=502)
        assert answer["error"]["message"].endswith("kid")
    assert desk.idp.asked.count("/keys") - before <= 1, "each forged name of a key makes the server ask"
    desk.idp.keys = old
    desk.clock.move(61)


def test_keys_of_curves_and_clients_without_a_secret(desk, tmp_path):
    idp = IdentityProvider(tmp_path, desk.idp.now_s, kind="ES256")
    idp.secret = None
    provider = desk.add(idp, secret=False, makes_people=True, role_id=desk.admin.get("/role", limit=1)["items"][0]["id"])
    _, answer = desk.sign_in(provider=provider, idp=idp, status=201)
    assert answer == {"ok": True}
    idp.sign = lambda text: b"\0" * 64
    desk.sign_in(provider=provider, idp=idp, status=502)
    idp.sign, idp.head = None, {"alg": "RS256"}
    desk.sign_in(provider=provider, idp=idp, status=502)
    idp.close()


def test_a_provider_that_wants_the_secret_in_the_form(desk, tmp_path):
    idp = IdentityProvider(tmp_path, desk.idp.now_s)
    idp.about, idp.ways = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}, "client_secret_post"
    provider = desk.add(idp)
    _, answer = desk.sign_in(provider=provider, idp=idp, status=403)
    assert answer["error"]["code"] == "identity_unknown", "it came as far as the identity"
    idp.close()


def test_a_state_comes_back_once_to_the_browser_that_left_with_it(desk):
    _, who, _, _ = desk.person()
    browser = desk.browser()
    address = desk.idp.agree(desk.start(browser), who)
    stranger = desk.browser()
    assert desk.back(stranger, address, 401)["error"]["code"] == "sign_in_expired", "login CSRF: the answer of somebody else's round"
    desk.start(stranger)
    desk.back(stranger, address, 401)
    desk.back(browser, address, 201)
    assert desk.back(browser, address, 401)["error"]["code"] == "sign_in_expired", "replayed"
    for state in ("", "x", "A" * 86, None):
        desk.back(browser, address, (401, 422), state=state)


def test_a_round_takes_no_longer_than_it_may(desk):
    _, who, _, _ = desk.person()
    browser = desk.browser()
    address = desk.idp.agree(desk.start(browser), who)
    desk.clock.move(10 * 60 + 1)
    desk.back(browser, address, 401)


def test_a_code_of_another_round_opens_nothing(desk):
    """Code injection: the victim's code in the attacker's round."""
    _, who, _, _ = desk.person()
    victim, attacker = desk.browser(), desk.browser()
    stolen = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(desk.idp.agree(desk.start(victim), who)).query))["code"]
    own = desk.idp.agree(desk.start(attacker))
    answer = desk.back(attacker, own, 401, code=stolen)
    assert answer["error"]["code"] == "provider_refused" and answer["error"]["message"].endswith("invalid_grant")
    attacker.get("/session", status=401)


def test_the_answer_of_another_provider_is_refused_before_it_gets_the_code(desk, tmp_path):
    """Mix-up: begun with one provider, answered by another."""
    other = IdentityProvider(tmp_path, desk.idp.now_s)
    other.redirect = desk.idp.redirect
    browser = desk.browser()
    address = desk.idp.agree(desk.start(browser))
    asked = len(desk.idp.asked)
    assert desk.back(browser, address, 502, iss=other.issuer)["error"]["message"].endswith("iss")
    browser = desk.browser()
    address = desk.idp.agree(desk.start(browser))
    assert desk.back(browser, address, 502, iss=None)["error"]["message"].endswith("iss")
    assert "/token" not in desk.idp.asked[asked:] and not other.asked
    other.close()


def test_what_the_provider_refuses_is_said_in_its_word_and_in_nothing_else(desk):
    for error, shown in (("access_denied", "access_denied"), ("<script>alert(1)</script>", "unknown")):
        browser = desk.browser()
        url = desk.start(browser)
        state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))["state"]
        answer = browser.post("/session/provider", {"state": state, "error": error}, status=401)
        assert answer["error"]["code"] == "provider_refused" and answer["error"]["message"].endswith(shown)


@pytest.mark.parametrize("issuer", ["http://idp.example", "ftp://127.0.0.1/", "javascript:alert(1)", "https://user@idp.example", "https://idp.example/#x", "https://idp example",
                                    "http://127.0.0.1.evil.example", "http://localhost@evil.example", "//idp.example", "https://"])
def test_an_issuer_is_an_address_of_the_web(desk, issuer):
    desk.admin.post("/sign_in_provider", {"name": "x", "issuer": issuer, "client_id": "x"}, status=422)


@pytest.mark.parametrize("issuer", ["https://169.254.169.254/latest", "https://10.0.0.1", "https://[::ffff:10.0.0.1]", "https://0x0a000001"])
def test_an_issuer_inside_is_not_contacted(desk, issuer):
    provider = desk.admin.post("/sign_in_provider", {"name": "内网", "issuer": issuer, "client_id": "x", "state": "on"})
    answer = desk.start(desk.browser(), provider, status=422)
    assert answer["error"]["code"] == "outbound_refused"
    desk.change(provider, state="off")


@pytest.mark.parametrize("about, what", [
    ({"issuer": "https://elsewhere.example"}, "issuer"), ({"authorization_endpoint": "javascript:alert(document.cookie)"}, "discovery"),
    ({"token_endpoint": "http://10.0.0.1/token"}, "discovery"), ({"jwks_uri": None}, "discovery"), ({"authorization_endpoint": "https://x.example/\r\nSet-Cookie: a=b"}, "discovery"),
])
def test_what_a_provider_says_of_itself_is_checked(desk, tmp_path, about, what):
    """Also the open redirect: the browser goes where the provider's own description says, to an address of the web, and nowhere else."""
    idp = IdentityProvider(tmp_path, desk.idp.now_s)
    idp.about = about
    provider = desk.add(idp)
    answer = desk.start(desk.browser(), provider, status=502)
    assert answer["error"]["message"].endswith(what)
    desk.change(provider, state="off")
    idp.close()


def test_the_browser_is_sent_back_to_the_server_alone(desk):
    url = desk.start(desk.browser())
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
    assert asked["redirect_uri"] == f"{desk.server.url}/sign-in/back"
    desk.browser().post("/session/provider/start", {"provider_id": desk.provider["id"], "redirect_uri": "https://evil.example"}, status=422)


def test_a_second_factor_of_ours_is_asked_for_unless_the_company_counts_the_providers(desk):
    user, who, browser, _ = desk.person()
    offer = browser.post("/session/factor", {}, status=200)
    browser.post("/session/factor/confirm", {"code": totp(offer["secret"], desk.clock.ms / 1000)}, status=200)
    several = who | {"amr": ["pwd", "mfa"]}
    browser, answer = desk.sign_in(several, status=200)
    assert answer["next"] == "code"
    browser.get("/session", status=401)
    desk.clock.move(60)
    browser.post("/session/code", {"ticket": answer["ticket"], "code": totp(offer["secret"], desk.clock.ms / 1000)}, status=201)
    desk.change(desk.provider, factor="provider")
    desk.sign_in(several, status=201)
    for one in (who, who | {"amr": ["pwd"]}, who | {"amr": "mfa"}, who | {"amr": [["mfa"]]}):
        _, answer = desk.sign_in(one, status=200)
        assert answer["next"] == "code"
    desk.change(desk.provider, factor="own")


def test_a_role_that_demands_a_second_factor_has_one_set_up(desk):
    role = desk.admin.post("/role", {"code": "strict", "name": "strict", "permissions": ["ticket.read"], "scope": "all", "second_factor": True})
    _, _, _, answer = desk.person(role=role)
    assert answer["next"] == "enrol"


def test_new_people_are_made_only_where_the_company_wants_it_with_its_role_and_domains(desk):
    reader = next(r for r in desk.admin.get("/role", limit=50)["items"] if r["code"] == "reader")
    desk.admin.post("/sign_in_provider", {"name": "x", "issuer": "https://idp.example", "client_id": "x", "makes_people": True}, status=422)
    desk.change(desk.provider, makes_people=True, role_id=reader["id"], domains="example.cn example.org")
    new = {"sub": "new-1", "email": "Wang.Wu@Example.CN", "email_verified": True, "name": "王五", "preferred_username": "Wang.Wu@corp"}
    for bad in (new | {"email_verified": False}, new | {"email": "w@evil.cn"}, new | {"email": "w@sub.example.cn"}, new | {"email": "example.cn"}, {"sub": "new-1"}):
        _, answer = desk.sign_in(bad, status=403)
        assert answer["error"]["code"] == "identity_domain"
    browser, _ = desk.sign_in(new, status=201)
    me = browser.get("/session")
    assert me["user"]["account"] == "wang.wu" and me["user"]["name"] == "王五" and me["user"]["role_ids"] == [reader["id"]]
    browser, _ = desk.sign_in(new, status=201)
    assert browser.get("/session")["user"]["id"] == me["user"]["id"]
    browser, _ = desk.sign_in(new | {"sub": "new-2"}, status=201)
    assert browser.get("/session")["user"]["account"] == "wang.wu2"
    desk.change(desk.provider, makes_people=False, domains="")


def test_one_links_and_removes_an_identity_oneself(desk):
    user, who, browser, _ = desk.person()
    more = who | {"sub": who["sub"] + "-second"}
    url = desk.start(browser, path="/link")
    assert desk.back(browser, desk.idp.agree(url, more), 200) == {"linked": True}
    other, _ = desk.sign_in(more, status=201)
    assert other.get("/session")["user"]["id"] == user["id"]
    mine = browser.get("/session/identity")["items"]
    assert len(mine) == 2 and mine[0]["provider"]["zh"] == "公司账号登录"
    browser.post("/session/identity/remove", {"identity_id": mine[1]["id"]})
    desk.sign_in(more, status=403)
    _, _, stranger, _ = desk.person()
    stranger.post("/session/identity/remove", {"identity_id": mine[0]["id"]}, status=404)


def test_an_identity_is_one_persons_and_a_round_that_links_ends_with_its_session(desk):
    _, who, _, _ = desk.person()
    _, _, other, _ = desk.person()
    answer = desk.back(other, desk.idp.agree(desk.start(other, path="/link"), who), 409)
    assert answer["error"]["code"] == "identity_taken"
    address = desk.idp.agree(desk.start(other, path="/link"), who | {"sub": "left"})
    other.delete("/session")
    desk.back(other, address, 401)
    desk.sign_in(who | {"sub": "left"}, status=403)


def test_an_administrator_removes_an_identity_and_its_sessions_end(desk):
    user, who, browser, _ = desk.person()
    identity = desk.admin.get(f"/user/{user['id']}/identity")["items"][0]
    desk.admin.post(f"/user/{user['id']}/identity/remove", {"identity_id": identity["id"]})
    browser.get("/session", status=401)
    desk.sign_in(who, status=403)


def test_whoever_left_or_is_locked_does_not_come_in_by_the_provider(desk):
    user, who, _, _ = desk.person()
    now = desk.admin.get(f"/user/{user['id']}")
    desk.admin.post(f"/user/{user['id']}/archive", {"version": now["version"]})
    _, answer = desk.sign_in(who, status=403)
    assert answer["error"]["code"] == "identity_unknown"


def test_trying_a_provider_shows_what_came_and_signs_nobody_in(desk):
    provider = desk.add(state="off")
    desk.idp.person["department"] = "售后"
    url = desk.admin.post(f"/sign_in_provider/{provider['id']}/try", {}, status=200)["url"]
    answer = desk.back(desk.admin, desk.idp.agree(url), 200)
    assert answer["claims"]["sub"] == "person-1" and answer["claims"]["department"] == "售后"
    assert desk.admin.get("/session")["user"]["account"] == desk.server.company.accounts[0][0]


def test_a_company_may_demand_its_provider_of_all_but_an_emergency_account(desk):
    setting = desk.admin.get("/setting/sign_in.passwords")
    choose = {"value": "emergency", "version": setting["version"]}
    assert desk.admin.patch("/setting/sign_in.passwords", choose, status=409)["error"]["code"] == "emergency_needed"
    account, password = desk.server.company.accounts[0]
    me = desk.admin.get(f"/user/{desk.admin.get('/session')['user']['id']}")
    desk.admin.patch(f"/user/{me['id']}", {"version": me["version"], "emergency": True})
    desk.admin.patch("/setting/sign_in.passwords", choose)
    assert desk.browser().get("/session/provider")["passwords"] == "emergency"
    other = desk.server.company.accounts[1]
    answer = desk.browser().post("/session", {"account": other[0], "password": other[1]}, status=403)
    assert answer["error"]["code"] == "password_off"
    answer = desk.browser().post("/session", {"account": other[0], "password": "wrong"}, status=401)
    assert answer["error"]["code"] == "sign_in_failed", "a wrong password tells nothing"
    for _ in range(4):
        desk.browser().post("/session", {"account": other[0], "password": "wrong"}, status=401)
    assert desk.browser().post("/session", {"account": other[0], "password": other[1]}, status=429)["error"]["code"] == "locked_out", "guesses count"
    desk.clock.move(120)
    desk.browser().sign_in(account, password)
    user, who, browser, _ = desk.person()
    assert browser.get("/session")["user"]["id"] == user["id"]
    me = desk.admin.get(f"/user/{me['id']}")
    assert desk.admin.patch(f"/user/{me['id']}", {"version": me["version"], "emergency": False}, status=409)["error"]["code"] == "emergency_needed"
    setting = desk.admin.get("/setting/sign_in.passwords")
    desk.admin.patch("/setting/sign_in.passwords", {"value": "everybody", "version": setting["version"]})
    desk.browser().sign_in(*other)


def test_the_role_of_the_last_emergency_account_keeps_the_right_to_put_things_right(desk):
    me = desk.admin.get(f"/user/{desk.admin.get('/session')['user']['id']}")
    desk.admin.patch(f"/user/{me['id']}", {"version": me["version"], "emergency": False})
    role = desk.admin.post("/role", {"code": "door", "name": "door", "scope": "all", "permissions": ["setting.security", "user.read"]})
    user = desk.admin.post("/user", {"account": "door", "name": "Door", "role_id": role["id"], "emergency": True})
    desk.admin.post(f"/user/{user['id']}/password", {"password": "a long way in 2026"}, status=(200, 204))
    setting = desk.admin.get("/setting/sign_in.passwords")
    desk.admin.patch("/setting/sign_in.passwords", {"value": "emergency", "version": setting["version"]})
    kept = desk.admin.get(f"/role/{role['id']}")
    weaker = {"version": kept["version"], "permissions": ["user.read"]}
    assert desk.admin.patch(f"/role/{role['id']}", weaker, status=409)["error"]["code"] == "emergency_needed"
    assert desk.admin.get(f"/role/{role['id']}")["permissions"] == kept["permissions"]
    desk.admin.patch(f"/role/{role['id']}", {"version": kept["version"], "name": "back door"})
    me = desk.admin.get(f"/user/{desk.admin.get('/session')['user']['id']}")
    desk.admin.patch(f"/user/{me['id']}", {"version": me["version"], "emergency": True})
    kept = desk.admin.get(f"/role/{role['id']}")
    desk.admin.patch(f"/role/{role['id']}", weaker | {"version": kept["version"]})
    setting = desk.admin.get("/setting/sign_in.passwords")
    desk.admin.patch("/setting/sign_in.passwords", {"value": "everybody", "version": setting["version"]})      # the other tests come by passwords


def test_providers_are_a_matter_of_security(desk):
    """Not of whoever may change records alone."""
    user, who, browser, _ = desk.person()
    browser.post("/sign_in_provider", {"name": "x", "issuer": "https://idp.example", "client_id": "x"}, status=403)
    browser.post(f"/sign_in_provider/{desk.provider['id']}/try", {}, status=403)
    role = desk.admin.post("/role", {"code": "records", "name": "records", "scope": "all",
                                     "permissions": ["sign_in_provider.read", "sign_in_provider.create", "sign_in_provider.change"]})
    _, _, keeper, _ = desk.person(role=role)
    keeper.post("/sign_in_provider", {"name": "x", "issuer": "https://idp.example", "client_id": "x"}, status=403)
    keeper.post(f"/sign_in_provider/{desk.provider['id']}/secret", {"secret": "mine"}, status=403)


def test_nobody_switches_on_a_provider_that_gives_a_role_he_may_not_give(desk):
    strong = desk.admin.get(f"/user/{desk.admin.get('/session')['user']['id']}")["role_id"]
    given = desk.add(makes_people=True, role_id=strong, state="off")
    role = desk.admin.post("/role", {"code": "officer2", "name": "officer2", "scope": "all",
                                     "permissions": ["sign_in_provider.read", "sign_in_provider.change", "setting.security"]})
    _, _, officer, _ = desk.person(role=role)
    change = {"version": desk.admin.get(f"/sign_in_provider/{given['id']}")["version"]}
    officer.patch(f"/sign_in_provider/{given['id']}", change | {"state": "on"}, status=(403, 422))
    officer.patch(f"/sign_in_provider/{given['id']}", change | {"name": "仍停用"})
    assert desk.admin.get(f"/sign_in_provider/{given['id']}")["state"] == "off"


def test_each_refusal_is_written_down(desk):
    desk.idp.token = {"nonce": "x"}
    desk.sign_in(status=502)
    entry = desk.why()
    assert "nonce" in str(entry) and desk.provider["id"] in str(entry)
