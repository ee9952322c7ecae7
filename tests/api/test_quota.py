"""One company among others on a server: what it asks for is counted for all of its people together, wherever they are."""
import people
import pytest
from test_company_command import enter, run

from client import Client
from server import Clock, Server

MANY = 60


@pytest.fixture
def two(company, tmp_path):
    """A server with two companies, each of which may ask so many times at once and then once a second; time stands."""
    clock = Clock(tmp_path / "clock")
    account, password = company.accounts[0]
    done = run(company, "add", "north", "北方电器", "--admin", account, "--admin-name", "李华", "--phone", "4008005678")
    assert done.returncode == 0, done.stderr
    with Server(company, clock=clock, options=("--set", f"rate.company_burst={MANY}", "--set", "rate.company=60")) as server:
        yield server, clock, enter(server, account, "demo", password=password), enter(server, account, "north")


def elsewhere(server, client, language="zh"):
    """The same session from another address, as a company with many has it."""
    other = Client(server.url, language, address=people.new_address())
    other.http.cookies.update(client.http.cookies)
    return other


def exhaust(server, client, path="/session"):
    for n in range(MANY + 1):
        answer = elsewhere(server, client).http.get(path)
        if answer.status_code == 429:
            return n, answer
    raise AssertionError("nothing was refused")


def test_quota_exhaustion_a_company_with_many_addresses_leaves_the_others_their_calls(two):
    server, clock, demo, north = two
    served, answer = exhaust(server, demo)
    error = answer.json()["error"]
    assert MANY - 3 <= served <= MANY and error["code"] == "rate_company" and f"{error['arg']} 秒" in error["message"]
    assert 1 <= int(answer.headers["retry-after"]) == int(error["arg"]) <= 2
    assert elsewhere(server, demo, "en").http.get("/session").json()["error"]["message"].startswith("Your company")
    for _ in range(MANY // 2):
        north.get("/session")
    clock.move(3)
    for n in range(4):
        assert elsewhere(server, demo).http.get("/session").status_code == (200 if n < 3 else 429)


def test_what_is_refused_neither_reads_nor_writes(two):
    server, clock, demo, _ = two
    exhaust(server, demo)
    demo.post("/customer", {"name": "refused by its company's rate"}, status=429)
    assert demo.http.get("/customer").status_code == demo.http.get("/ticket").status_code == 429
    clock.move(60)
    assert not [row for row in demo.get("/customer", limit=200, sort="-created_at")["items"] if row["name"].startswith("refused")]


def test_whoever_is_signed_in_nowhere_is_counted_to_no_company(two):
    """So nobody outside takes a company's calls from it."""
    server, _, demo, _ = two
    for _ in range(MANY * 2):
        stranger = Client(server.url, address=people.new_address())
        assert stranger.http.get("/session").status_code == 401
        stranger.close()
    demo.get("/session")
