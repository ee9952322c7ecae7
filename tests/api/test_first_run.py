"""The first run: a server without a company lets whoever can read on its machine found one, exactly one, whole or not at all."""
import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from patience import wait_for
from people import new_address
from test_audit import rows

from client import Client
from server import Company, Server, binary

PASSWORD = "a long enough word"


@pytest.fixture
def empty(engine, tmp_path):
    """Data that nobody has used yet."""
    company = Company.empty(engine, tmp_path / "data")
    yield company
    company.drop()


@pytest.fixture
def fresh(empty):
    with Server(empty) as server:
        yield server


@pytest.fixture(scope="module")
def unfounded(engine, tmp_path_factory):
    """One that no test founds a company on."""
    company = Company.empty(engine, tmp_path_factory.mktemp("fields") / "data")
    with Server(company) as server:
        yield server
    company.drop()


def command(company, *words):
    return subprocess.run([binary(), *words, *company.options()], stdin=subprocess.DEVNULL, capture_output=True, text=True)


def word_of(company):
    done = command(company, "first-run-word")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def companies(company):
    done = command(company, "company", "list")
    assert done.returncode == 0, done.stderr
    return [line.split("\t")[:2] for line in done.stdout.splitlines()]


def browser(server, **options):
    return Client(server.url, address=new_address(), **options)


def form(word, **fields):
    return {"word": word, "company": "北方电器", "service_phone": "400-800-5678", "pack": "appliance", "name": "李华", "account": "lihua", "password": PASSWORD} | fields


def found(server, word, status=201, client=None, **fields):
    client = client or browser(server)
    return client, client.post("/first_run", form(word, **fields), status=status)


def test_a_company_is_founded_and_its_administrator_is_in(fresh):
    word = word_of(fresh.company)
    assert re.fullmatch(r"([0-9a-hjkmnp-tv-z]{4}-){2}[0-9a-hjkmnp-tv-z]{4}", word)
    said = fresh.log.read_text()
    assert word in said and "/first-run" in said, "the terminal shows both"

    shown = browser(fresh).get("/first_run")
    assert shown["open"] and shown["password_length"] == 10
    assert [pack["name"] for pack in shown["packs"]] == ["appliance", "retail", "services"] and all(pack["label"]["zh"] for pack in shown["packs"])

    admin, _ = found(fresh, word, pack="retail")
    me = admin.get("/session")
    assert (me["user"]["name"], me["user"]["account"], me["user"]["lang"], me["permissions"]) == ("李华", "lihua", "en", ["*"])
    assert (me["tenant"]["name"], me["tenant"]["service_phone"], me["tenant"]["demo"]) == ("北方电器", "400-800-5678", False)
    assert {role["code"] for role in admin.get("/role")["items"]} == \
        {"administrator", "supervisor", "agent", "inspector", "reader", "security", "auditor", "returns", "warehouse", "shop"}
    assert next(pack["name"] for pack in admin.get("/pack")["items"] if pack["active"]) == "retail"
    assert admin.get("/view")["items"] and admin.get("/clock_policy")["items"] and admin.get("/ticket")["items"] == admin.get("/customer")["items"] == []
    browser(fresh).sign_in("lihua", PASSWORD).post("/customer", {"name": "王小明", "phone": "13800000001"})
    assert command(fresh.company, "doctor").returncode in (0, 1)
    assert rows(fresh.company, "SELECT kind FROM job WHERE kind = 'backup.nightly'") == [("backup.nightly",)], "the nightly backup is planned before any restart"


def test_founded_with_demo_data_there_is_something_to_try(fresh):
    admin, _ = found(fresh, word_of(fresh.company), demo=True)
    assert admin.get("/demo")["state"] in ("loading", "present")
    wait_for(lambda: admin.get("/demo")["state"] == "present", seconds=60)
    assert admin.get("/ticket")["items"] and admin.get("/customer")["items"]
    assert not admin.get("/session")["tenant"]["demo"], "it is a company like any other"


@pytest.mark.parametrize("pack", ["retail", "services"])
def test_every_industry_has_demo_data(fresh, pack):
    admin, _ = found(fresh, word_of(fresh.company), demo=True, pack=pack)
    wait_for(lambda: admin.get("/demo")["state"] == "present", seconds=60)
    assert len(admin.get("/ticket", limit=100)["items"]) > 40


def test_once_there_is_a_company_nothing_is_open(fresh):
    word = word_of(fresh.company)
    admin, _ = found(fresh, word)
    before = rows(fresh.company, "SELECT count(*) FROM event"), companies(fresh.company)
    assert browser(fresh).get("/first_run") == {"open": False}
    for given in (word, "wrong", ""):
        _, answer = found(fresh, given, status=409, company="又一家", code="other")
        assert answer["error"]["code"] == "first_run_over"
    assert (rows(fresh.company, "SELECT count(*) FROM event"), companies(fresh.company)) == before
    done = command(fresh.company, "first-run-word")
    assert done.returncode == 1 and not done.stdout and done.stderr
    assert admin.get("/session")["tenant"]["name"] == "北方电器"


def test_a_company_made_by_command_closes_it_too(fresh):
    word = word_of(fresh.company)
    done = subprocess.run([binary(), "company", "add", "north", "北方电器", "--admin", "lihua", *fresh.company.options()], input=PASSWORD + "\n", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found(fresh, word, status=409)
    assert companies(fresh.company) == [["north", "北方电器"]]


def test_nobody_comes_in_without_the_word(fresh):
    word = word_of(fresh.company)
    client = browser(fresh)
    near = word[:-1] + ("1" if word[-1] == "0" else "0")
    for given in ("", "0", near, word + "0", word[:-1], word.replace("-", "") * 2, "0" * 40, "口令"):
        _, answer = found(fresh, given, status=403, client=client)
        assert answer["error"]["code"] == "first_run_word"
    _, answer = found(fresh, near, status=403, client=client, company="北", password="short")
    assert "fields" not in answer["error"], "whoever does not know the word is told nothing else"
    assert companies(fresh.company) == [] and word not in fresh.log.read_text().split("first_run", 1)[-1]
    found(fresh, word.upper().replace("-", " ").replace("0", "O").replace("1", "l"), client=client)


def test_guesses_are_limited(fresh):
    word, client = word_of(fresh.company), browser(fresh)
    codes = [client.post("/first_run", form("wrong"), status=(403, 429)).get("error")["code"] for _ in range(30)]
    assert codes.count("first_run_word") in (20, 21) and codes[-1] == "rate"
    found(fresh, word, status=429, client=client)
    found(fresh, word)


@pytest.mark.parametrize("fields", [
    {"company": "北"}, {"company": "北" * 101}, {"company": "北方\x07电器"}, {"name": "李"}, {"account": "l"}, {"account": "l" * 41}, {"password": "short"},
    {"password": "p" * 201}, {"pack": "bakery"}, {"service_phone": "call us"}, {"service_phone": "<b>400</b>"}, {"code": "North"}, {"code": "-n"},
])
def test_a_fault_is_named_at_its_field_and_nothing_is_founded(unfounded, fields):
    _, answer = found(unfounded, word_of(unfounded.company), status=(400, 422), **fields)
    if answer["error"]["code"] != "encoding":
        assert [fault["field"] for fault in answer["error"]["fields"]] == list(fields)
    assert companies(unfounded.company) == []


def at_once(calls):
    """Runs all of them from the same moment on."""
    start = threading.Barrier(len(calls))

    def run(call):
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_many_at_once_exactly_one_founds_it(fresh, engine):
    word = word_of(fresh.company)
    others = [Server(fresh.company).start()] if engine == "postgresql" else []     # a second node
    names, nodes = [f"公司 {i}" for i in range(8)], others + [fresh]
    clients = [browser(nodes[i % len(nodes)]) for i in range(8)]
    answers = at_once([lambda i=i: clients[i].post("/first_run", form(word, company=names[i], code=f"c{i}", account=f"admin{i}"), status=(201, 409)) for i in range(8)])
    won = [i for i, answer in enumerate(answers) if "error" not in answer]
    assert len(won) == 1 and all(answer["error"]["code"] == "first_run_over" for i, answer in enumerate(answers) if i != won[0])
    assert companies(fresh.company) == [[f"c{won[0]}", names[won[0]]]]
    assert clients[won[0]].get("/session")["user"]["account"] == f"admin{won[0]}"
    assert len(clients[won[0]].get("/user")["items"]) == 1
    for other in others:
        other.stop()


def test_killed_in_the_middle_it_is_there_whole_or_not_at_all(empty):
    """Killed at moments from before the request to after the answer; what is there then is founded, or can be."""
    server = Server(empty).start()
    word, outcomes = word_of(empty), set()
    for part in range(12):
        client = browser(server)
        sent = threading.Thread(target=lambda: try_to_found(client, word))
        sent.start()
        sent.join(0.02 * part)
        server.kill()
        sent.join()
        server.start()
        there = companies(empty)
        outcomes.add(len(there))
        assert browser(server).get("/first_run")["open"] == (not there)
        if there:
            break
    else:
        found(server, word)
    admin = browser(server).sign_in("lihua", PASSWORD)
    assert len(admin.get("/role")["items"]) == 7 and admin.get("/view")["items"] and admin.get("/clock_policy")["items"] and len(admin.get("/user")["items"]) == 1
    assert sorted(kind for kind, in rows(empty, "SELECT kind FROM job")) and companies(empty) == [["main", "北方电器"]] and 0 in outcomes
    server.stop()


def try_to_found(client, word):
    try:
        client.post("/first_run", form(word))
    except (httpx.HTTPError, AssertionError):
        pass
