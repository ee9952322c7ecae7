"""`anxin company`: a second company beside the first, made while the server runs, on both engines."""
import subprocess

import people
import pytest

from client import Client
from server import Company, Server, binary

PASSWORD = "a long enough word"


def run(company, *words, password=PASSWORD):
    return subprocess.run([binary(), "company", *company.options(), *words], input=password + "\n",
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def listed(company):
    done = run(company, "list")
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


def enter(server, account, tenant=None, password=PASSWORD, status=201):
    client = Client(server.url, address=people.new_address())
    client.post("/session", {"account": account, "password": password} | ({"tenant": tenant} if tenant else {}), status=status)
    return client


def test_options_may_stand_behind_words(company):
    done = subprocess.run([binary(), "company", "list", *company.options()], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == ["demo"], done.stderr
    done = subprocess.run([binary(), "company", "list", "--data"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 2 and "--data" in done.stderr


def test_a_second_company_works_beside_the_first(company):
    account, password = company.accounts[0]
    with Server(company) as server:
        first = enter(server, account, password=password)
        done = run(company, "add", "north", "北方电器", "--admin", account, "--admin-name", "李华", "--phone", "4008005678")
        assert done.returncode == 0, done.stderr
        assert done.stdout.split("\t")[0] == "north"
        assert [(row[0], row[1], row[3:]) for row in listed(company)] == [("demo", "安心电器", ["demo"]), ("north", "北方电器", [])]

        second = enter(server, account, "north")
        me = second.get("/session")
        assert (me["user"]["name"], me["tenant"]["name"], me["tenant"]["service_phone"]) == ("李华", "北方电器", "4008005678")
        assert {role["code"] for role in second.get("/role")["items"]} == {"administrator", "supervisor", "agent", "reader", "security", "auditor", "inspector"}
        assert second.get("/view")["items"] and second.get("/customer")["items"] == second.get("/ticket")["items"] == []
        second.post("/customer", {"name": "王小明", "phone": people.new_phone()})
        assert len(second.get("/customer")["items"]) == 1 and len(second.get("/user")["items"]) == 1
        assert first.get("/session")["tenant"]["code"] == "demo"

        # From now on the code is needed, and opens only the company that it names.
        enter(server, account, password=password, status=401)
        enter(server, account, "north", password=password, status=401)
        enter(server, account, "demo", password=PASSWORD, status=401)
        enter(server, account, "demo", password=password)


def test_it_makes_the_first_company_too(engine, tmp_path):
    empty = Company.empty(engine, tmp_path / "data")
    try:
        subprocess.run([binary(), "migrate", *empty.options()], check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert run(empty, "add", "north", "北方电器", "--admin", "lihua").returncode == 0
        with Server(empty) as server:
            assert enter(server, "lihua").get("/session")["tenant"]["code"] == "north"
    finally:
        empty.drop()


def test_a_code_that_is_taken_is_refused(company):
    before = listed(company)
    done = run(company, "add", "demo", "又一家", "--admin", "lihua")
    assert done.returncode == 1 and done.stderr and not done.stdout
    assert listed(company) == before


@pytest.mark.parametrize("words", [
    ["add", "North", "北方电器", "--admin", "lihua"], ["add", "n", "北方电器", "--admin", "lihua"], ["add", "n" * 41, "北方电器", "--admin", "lihua"],
    ["add", "-n-", "北方电器", "--admin", "lihua"], ["add", "a b", "北方电器", "--admin", "lihua"], ["add", "north", "北", "--admin", "lihua"],
    ["add", "north", "北" * 101, "--admin", "lihua"], ["add", "north", "北方电器"], ["add", "north", "北方电器", "--admin"],
    ["add", "north", "北方电器", "--admin", "l"], ["add", "north", "北方\x07电器", "--admin", "lihua"], ["add", "north", "北方电器", "--boss", "lihua"],
    ["add"], ["list", "all"], [],
])
def test_what_is_no_company_is_refused_before_anything_is_opened(tmp_path, words):
    done = subprocess.run([binary(), "company", "--data", str(tmp_path / "none"), *words], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2 and done.stderr.strip()
    assert not (tmp_path / "none").exists()


def test_a_short_password_makes_no_company(company):
    before = listed(company)
    done = run(company, "add", "north", "北方电器", "--admin", "lihua", password="short")
    assert done.returncode == 1 and "password" in done.stderr
    assert listed(company) == before
