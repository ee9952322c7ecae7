"""`serve --virtual-clock`: for demo companies only; time passes on order, by way of all that is due, and never past anything that is."""
import subprocess

import pytest
from desk import HOUR, at
from virtual import VirtualServer, bare_company

from client import Client
from server import binary

MINUTE = HOUR // 60
START = at("2026-03-02", "10:00")


@pytest.fixture
def clocked(engine, tmp_path):
    company = bare_company(engine, tmp_path / "data", START)
    server = VirtualServer(company, START)
    with server:
        yield server
    company.drop()


def sign_in(server):
    return Client(server.url).sign_in(*server.company.accounts[0])


def new_ticket(admin):
    customer = admin.post("/customer", {"name": "张小雨", "phone": "13912340000"})
    return admin.post("/ticket", {"scene": "repair", "customer_id": customer["id"], "channel": "mail", "text": "冰箱门边漏水"})["id"]


def tasks_of(server, ticket):
    admin = sign_in(server)
    found = [task for task in admin.get("/task", limit=200)["items"] if task["ticket_id"] == ticket]
    admin.close()
    return found


def test_it_is_refused_where_a_company_is_not_marked_as_demo(company):
    words = [binary(), "company", *company.options(), "add", "north", "北方电器", "--admin", "li"]
    subprocess.run(words, input="a long enough word\n", check=True, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    served = subprocess.run([binary(), "serve", *company.options(), "--listen", "127.0.0.1:0", "--virtual-clock", str(START)],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert served.returncode != 0 and not served.stdout
    assert "north" in served.stderr and "虚拟时钟只用于演示公司" in served.stderr


def test_the_untouched_are_told_of_once_at_the_minute_they_have_been_so_for_a_day(clocked):
    admin = sign_in(clocked)
    ticket = new_ticket(admin)
    admin.close()
    clocked.advance(24 * HOUR)
    assert tasks_of(clocked, ticket) == []
    clocked.advance(2 * MINUTE)
    found = tasks_of(clocked, ticket)
    assert len(found) == 1 and 0 < found[0]["created_at"] - START - 24 * HOUR <= 2 * MINUTE
    clocked.advance(20 * HOUR)
    assert [task["id"] for task in tasks_of(clocked, ticket)] == [found[0]["id"]]


def test_each_clock_comes_due_at_its_own_time_in_one_long_step(clocked):
    """Told late it would be told at the end of the step: a day of one order must look like a day of many."""
    admin = sign_in(clocked)
    ticket = new_ticket(admin)
    due = {c["measure"]: c["due_at"] for c in admin.get("/clock", object="ticket", object_id=ticket)["items"]}
    admin.close()
    clocked.advance(26 * HOUR)
    admin = sign_in(clocked)
    items = admin.get(f"/ticket/{ticket}/timeline", kind="change")["items"]
    admin.close()
    told = {i["data"]["measure"]: i["at"] for i in items if i["kind"] == "ticket.clock_breached"}
    assert due and told == {measure: when + 1 for measure, when in due.items() if when < clocked.now}


def test_it_does_not_go_back_and_takes_no_other_order(clocked):
    assert clocked.order(f"advance {START - HOUR}") == f"at {START}"
    assert clocked.order("retreat 5").startswith("error")
    clocked.advance(HOUR)


def test_what_was_done_becomes_demo_data_that_can_be_removed(clocked):
    admin = sign_in(clocked)
    ground = admin.get("/demo")["rows"]
    new_ticket(admin)
    role = next(row["id"] for row in admin.get("/role")["items"] if row["code"] == "agent")
    admin.post("/user", {"account": "newcomer", "name": "新来的", "role_id": role})
    assert admin.get("/demo")["rows"] == ground, "while it is played rules and clocks do not pass over it"
    word, rows = clocked.order("mark").split()
    assert word == "marked" and int(rows) >= 2
    assert clocked.order("mark") == "marked 0", "nothing twice"
    shown = admin.get("/demo")
    assert shown["rows"] == ground + int(rows) and shown["state"] == "present"
    admin.post("/demo/remove", {"rows": shown["rows"]})
    clocked.advance(MINUTE)
    assert admin.get("/demo")["state"] == "none"
    assert admin.get("/ticket")["items"] == admin.get("/customer")["items"] == []
    assert "newcomer" in {user["account"] for user in admin.get("/user")["items"]}, "who can sign in stays"
    admin.close()
