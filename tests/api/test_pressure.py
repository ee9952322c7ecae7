"""Many requests and many people at once: memory stays as it is, and everybody is answered."""
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import people
import pytest

from client import Client
from server import Server

WIDE = ["--set", "rate.calls=10000000", "--set", "rate.burst=1000000", "--set", "rate.company=10000000", "--set", "rate.company_burst=1000000", "--set", "backup.keep=0"]
ROUND = 1000                    # requests
GROWTH_KB = 2048                # of the two last rounds together: 1 KB a request; what has to grow (caches, the threads' own heaps) has done so by then
PEOPLE, EACH, SLOWEST_S = 40, 15, 5


@pytest.fixture
def released(company):
    """The program as it is installed: a sanitizer keeps what was given back, and would be measured."""
    with Server(company, release=True, options=WIDE) as server:
        yield server


def memory_kb(server):
    return int(re.search(r"^RssAnon:\s+(\d+)", Path(f"/proc/{server.process.pid}/status").read_text(), re.M)[1])


def work(client, customer, n):
    """A turn of what desks do all day: write, list, search, be refused, export; customer: whose tickets are written, None for nothing but reading."""
    turn = n % 8
    if turn == 0 and not customer:
        client.get("/customer", q="王")
    elif turn == 0:
        made = client.post("/ticket", {"scene": "usage", "customer_id": customer, "text": f"怎么调温度 {uuid.uuid4().hex}"})
        client.post(f"/ticket/{made['id']}/comment", {"text": "请看说明书第三页", "visibility": "internal"})
    elif turn == 1:
        client.get("/ticket", limit=50, sort="-created_at")
    elif turn == 2:
        client.get("/ticket", condition='grade = urgent and title contains "漏水"', limit=20)
    elif turn == 3:
        client.get("/search", q="漏水")
    elif turn == 4:
        client.get("/ticket/9999999", status=404)
    elif turn == 5:
        client.post("/ticket", {"scene": "nothing", "text": "x" * 2000}, status=422)
    elif turn == 6:
        client.get("/product/export", format="xlsx")
    else:
        client.get("/promise/figures")


def test_memory_does_not_grow_with_requests(released):
    """On SQLite nothing is written: the server holds pages of the file, up to a bound, and a larger file is more of them."""
    admin = Client(released.url).sign_in(*released.company.accounts[0])
    customer = admin.post("/customer", {"name": "周婷", "phone": people.new_phone()})["id"] if released.company.database else None
    sizes = []
    with ThreadPoolExecutor(4) as pool:
        for _ in range(4):
            list(pool.map(lambda n: work(admin, customer, n), range(ROUND)))
            sizes.append(memory_kb(released))
    admin.close()
    assert sizes[-1] - sizes[1] < GROWTH_KB, f"{sizes} KB after each {ROUND} requests"


def test_forty_at_once_are_all_answered_and_soon(released):
    """Forty people's windows, each with its own connection and session. How fast, `./dev bench` says; here that nobody waits or is refused."""
    account = released.company.accounts[0]
    clients = [Client(released.url, address=people.new_address()).sign_in(*account) for _ in range(PEOPLE)]
    customer = clients[0].post("/customer", {"name": "周婷", "phone": people.new_phone()})["id"]

    def sit(n):
        slowest = 0
        for i in range(EACH):
            began = time.monotonic()
            work(clients[n], customer, n + i)
            slowest = max(slowest, time.monotonic() - began)
        return slowest
    with ThreadPoolExecutor(PEOPLE) as pool:
        slowest = list(pool.map(sit, range(PEOPLE)))
    for client in clients:
        client.close()
    assert max(slowest) < SLOWEST_S, slowest
