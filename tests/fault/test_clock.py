"""The time of day is set back and forth under load: nothing acknowledged is lost or doubled, ids and numbers stay unique, and the
work that waits for no hour (events to followers, jobs of now) goes on."""
import random
import time

from client import Client
from load import Load
from server import Clock, Server
from stored import check_stored

PATIENCE_S = 20
HOUR_S = 3600
STEPS_S = (-1, -47 * HOUR_S, 3, HOUR_S, -400 * 24 * HOUR_S, 400 * 24 * HOUR_S)      # a leap second, a dead battery, and its repair


def wait_for_search(client, title, identity):
    until = time.monotonic() + PATIENCE_S
    while str(identity) not in [row["id"] for row in client.get("/ticket", q=title)["items"]]:
        assert time.monotonic() < until, "the search does not follow after the clock was set"
        time.sleep(0.05)


def test_a_clock_that_is_set_back_and_forth_harms_nothing(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock) as server:
        load = Load([server.url], company.accounts[0]).start()
        client = Client(server.url).sign_in(*company.accounts[0])
        for seconds in STEPS_S:
            load.wait_for_more(20, PATIENCE_S)
            clock.move(seconds)
            load.wait_for_more(20, PATIENCE_S)
            wait_for_search(client, *random.choice(list(load.acknowledged.items())[-20:]))
        load.stop()
        client.close()
    check_stored(company, load.acknowledged)


def test_a_server_that_starts_with_the_clock_set_back_makes_no_id_twice(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    acknowledged = {}
    for _ in range(4):
        with Server(company, clock=clock) as server:
            load = Load([server.url], company.accounts[0]).start()
            load.wait_for_more(20, PATIENCE_S)
            load.stop()
        acknowledged |= load.acknowledged
        clock.move(-1)
    check_stored(company, acknowledged)
