"""Attacks that systems of this kind fell to and that no other test tries: through the public API, each as its attacker would."""
import html
import json
import re
import time
import uuid

import people
import pytest
from test_file import upload

from client import Client
from server import ENGINES, Clock, Server

DEEP = 100_000


def send_raw(client, path, body):
    """Bytes as they are: what a JSON library would not write."""
    return client.http.post(path, content=body, headers={"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex})


def names(admin, word):
    return [row["name"] for row in admin.get("/customer", limit=200, sort="-created_at")["items"] if word in row["name"]]


@pytest.mark.quick
@pytest.mark.parametrize("body", [
    b'{"name":"smuggled","name":"seen by the other parser"}',                   # two readers of one body see two values
    b'{"n\\u0061me":"smuggled","name":"smuggled too"}',
    b'{"name":"smuggled",}',
    b'{"name":"smuggled"} {"name":"x"}',
    b'{"name":"smuggled\x00"}',
    b'{"name":"smuggled\\u0000"}',
    b'{"name":"smuggled \\ud800"}',                                             # half of a pair
    b'{"name":"smuggled \xc0\xae\xc0\xae"}',                                    # .. in too many bytes
    b'{"name":"smuggled \xed\xa0\x80"}',
    b'{"name":"smuggled \xf5\x80\x80\x80"}',
    b'\xef\xbb\xbf{"name":NaN}',
    b"[" * DEEP,
    b'{"name":' + b"[" * DEEP + b"]" * DEEP + b"}",
    b'{"name":' * DEEP,
    b'["name","smuggled"]',
    b'"smuggled"',
    b"",
], ids=range(17))
def test_a_body_that_two_parsers_read_in_two_ways_is_refused(admin, body):
    answer = send_raw(admin, "/customer", body)
    assert answer.status_code in (400, 413, 422), f"{answer.status_code} {answer.text[:200]}"
    assert answer.json()["error"]["code"] and not names(admin, "smuggled")


@pytest.mark.quick
def test_a_cookie_that_was_planted_does_not_become_a_session(server):
    """Session fixation: the attacker knows a value, the victim signs in with it."""
    account, password = server.company.accounts[0]
    victim = Client(server.url)
    before = dict(Client(server.url).sign_in(account, password).http.cookies)
    name, value = next(iter(before.items()))
    victim.http.cookies.set(name, value, domain="127.0.0.1")
    answer = victim.http.post("/session", json={"account": account, "password": password})
    assert answer.status_code == 201 and name in answer.headers["set-cookie"] and value not in answer.headers["set-cookie"]
    planted = Client(server.url)
    planted.http.cookies.set(name, "A" * len(value), domain="127.0.0.1")
    planted.request("GET", "/session", status=401)


@pytest.mark.quick
def test_asking_for_a_code_tells_nobody_who_is_a_customer(server, admin):
    phone = people.new_phone()
    admin.post("/customer", {"name": "Known", "phone": phone})
    known = Client(server.url, address=people.new_address()).post("/my/code", {"phone": phone})
    unknown = Client(server.url, address=people.new_address()).post("/my/code", {"phone": people.new_phone()})
    assert known == unknown


def test_what_a_stranger_writes_stands_in_one_line_of_the_log(server, anonymous):
    forged = '\n{"level":"error","message":"forged by a stranger"}'
    anonymous.request("POST", "/session", {"account": "x" + forged, "password": "y" + forged}, status=(401, 422))
    anonymous.request("GET", "/customer" + "%0a%7b%22level%22%3a%22forged by a stranger", status=(400, 401, 404))
    lines = server.log.read_text().splitlines()
    ours = [line for line in lines if line.startswith("{")]
    assert ours and all(isinstance(json.loads(line), dict) for line in ours)
    assert not any(line.startswith('{"level":"error","message":"forged') for line in lines)
    assert forged[3:20] not in "".join(line for line in lines if not line.startswith("{"))


@pytest.mark.quick
@pytest.mark.parametrize("name", ["shell.php", "shell.pht", "shell.phtml", "x.svg", "x.html", "x.xhtml", "..", "../../x.txt", "a/b.txt", ".htaccess"])
def test_a_file_s_name_never_decides_what_a_browser_does_with_it(admin, name):
    content = b"<?php echo 1; ?>\nplain words of a device's log\n"
    answer = admin.http.post("/file", json={"name": name, "size": len(content)}, headers={"Idempotency-Key": uuid.uuid4().hex})
    if answer.status_code == 422:
        return
    file_id = answer.json()["id"]
    sent = admin.http.patch(f"/file/{file_id}", content=content, headers={"Upload-Offset": "0", "Content-Type": "application/octet-stream"})
    if sent.status_code == 422:
        return
    answer = admin.http.get(f"/file/{file_id}/content")
    assert answer.headers["content-type"].split(";")[0] in ("text/plain", "application/octet-stream")
    assert answer.headers["content-disposition"].startswith("attachment") and answer.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"filename[^;]*[/\\]", answer.headers["content-disposition"])


@pytest.mark.quick
def test_words_of_a_customer_are_words_everywhere(server, admin):
    """Script and templates in a report: they come back as they were written, in JSON and never in HTML."""
    evil = '<img src=x onerror=alert(1)><svg/onload=alert(2)>{{constructor.constructor("alert(3)")()}} =cmd|\' /C calc\'!A0'
    customer, _ = people.new_customer(server.url, admin)
    ticket = people.report(customer, description=evil)
    answer = admin.http.get(f"/ticket/{ticket['id']}")
    assert answer.headers["content-type"].startswith("application/json")
    told = json.dumps(answer.json(), ensure_ascii=False)
    assert "onerror=alert(1)" in told and html.escape("<img") not in told
    page = admin.http.get(f"{server.url}/ticket/{ticket['id']}")
    assert "onerror=alert" not in page.text
    customer.close()


@pytest.mark.quick
def test_links_of_customers_cannot_be_guessed_or_bent(server, admin, anonymous):
    customer, record = people.new_customer(server.url, admin)
    tickets = [people.report(customer, description=f"第{i}台") for i in range(2)]
    for ticket in tickets:
        anonymous.get(f"/my/ticket/{ticket['id']}", status=401)
    other, _ = people.new_customer(server.url, admin)
    for ticket in tickets:
        other.get(f"/my/ticket/{ticket['id']}", status=404)
        other.post(f"/my/ticket/{ticket['id']}/remind", {"version": 1}, status=404)
    customer.close(), other.close()


@pytest.mark.quick
def test_every_body_is_held_to_its_members(admin):
    """A side parameter that the handler does not know, as `links` once was, is refused in the description and in fact."""
    described, held = admin.get("/openapi.json"), 0
    for path, methods in described["paths"].items():
        for method, route in methods.items():
            schema = route.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if schema is None or path.endswith("/action/{action}"):        # each action its own; tried in fact below
                continue
            while "$ref" in schema:
                schema = described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
            assert schema.get("additionalProperties") is False, f"{method} {path} takes members that nobody described"
            held += 1
    assert held > 100


@pytest.mark.quick
def test_a_comment_cannot_be_signed_by_somebody_else(admin):
    customer = admin.get("/customer", limit=1)["items"][0]
    ticket = admin.post("/ticket", {"scene": "repair", "text": "漏水", "customer_id": customer["id"]})
    for side in ({"links": []}, {"author_id": "1"}, {"created_by": "1"}, {"at": 0}, {"__proto__": {}}, {"tenant": "1"}):
        admin.post(f"/ticket/{ticket['id']}/comment", {"text": "signed", "visibility": "internal"} | side, status=422)
        admin.post("/ticket", {"scene": "repair", "text": "漏水", "customer_id": customer["id"]} | side, status=422)
        admin.post(f"/ticket/{ticket['id']}/action/accept", {"version": ticket["version"]} | side, status=422)
    assert "signed" not in json.dumps(admin.get(f"/ticket/{ticket['id']}/timeline"))


def test_a_file_of_one_ticket_is_not_reached_through_another(server, admin):
    customer, _ = people.new_customer(server.url, admin)
    mine = people.report(customer)
    theirs_customer, _ = people.new_customer(server.url, admin)
    file_id = upload(theirs_customer, "x.log", b"serial numbers\n", prefix="/my")
    people.report(theirs_customer, file_ids=[file_id])
    answer = customer.http.post(f"/my/ticket/{mine['id']}/add", json={"text": "see", "file_ids": [file_id], "version": 1},
                                headers={"Idempotency-Key": uuid.uuid4().hex})
    assert answer.status_code in (404, 422), answer.text
    customer.get(f"/my/file/{file_id}/content", status=404)
    customer.close(), theirs_customer.close()


def test_static_token_nothing_that_opens_a_door_follows_from_what_is_known(company, demos, tmp_path):
    """Two servers with the same data, keys and time: whoever runs one of them learns nothing of what opens the other."""
    given = []
    for name in ("one", "two"):
        clock, copy = Clock(tmp_path / f"clock-{name}"), company.copy(tmp_path / name)
        clock.set(1_803_000_000_000)
        with Server(copy, clock=clock) as running:
            admin, again = (Client(running.url).sign_in(*company.accounts[0]) for _ in range(2))
            role = admin.get("/role", filter='[["code","=","reader"]]')["items"][0]
            guest = admin.post("/user", {"account": "guest1", "name": "新同事", "role_id": role["id"], "email": "guest1@example.com"})
            admin.post(f"/user/{guest['id']}/invite", status=201)
            mail = next(m["body"] for m in admin.get("/outbox", sort="-created_at", limit=20)["items"] if m["template"] == "staff_invited")
            token = admin.post("/api_token", {"name": "报表", "scopes": ["ticket.read"]})["token"]
            secrets = [*dict(admin.http.cookies).values(), *dict(again.http.cookies).values(), token, re.search(r"/invite#([\w-]{43})", mail)[1]]
            assert len(set(secrets)) == len(secrets) >= 4 and all(len(secret) >= 43 for secret in secrets)
            given.append(secrets)
            for secret in given[0] if name == "two" else []:
                Client(running.url).bearing(secret).get("/session", status=401)
            admin.close(), again.close()
        copy.drop()
    assert not set(given[0]) & set(given[1])


def test_default_key_two_companies_share_none(demos):
    """The keys of each are made where it is made; none is built in."""
    keys = [{file.relative_to(demos(engine).folder): file.read_bytes() for file in demos(engine).folder.rglob("*") if file.name == "master.key"} for engine in ENGINES]
    assert keys[0] and keys[0].keys() == keys[1].keys() and not set(keys[0].values()) & set(keys[1].values())


def test_timing_of_secrets_a_stranger_s_account_takes_as_long_as_a_wrong_password(server):
    """Whoever answers at once when nobody has that name tells who has one. A password takes tens of milliseconds to check, a name far less than one."""
    account = server.company.accounts[1][0]
    took = {account: [], "nobody-of-this-name": []}
    for _ in range(3):
        for name, times in took.items():
            stranger = Client(server.url, address=people.new_address())
            started = time.monotonic()
            stranger.post("/session", {"account": name, "password": "not-her-password"}, status=401)
            times.append(time.monotonic() - started)
            stranger.close()
    known, unknown = (min(times) for times in took.values())     # whatever else the machine does adds to a time, and never takes from it
    assert unknown > known / 2, took
