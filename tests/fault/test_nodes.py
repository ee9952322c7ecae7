"""Two nodes on one PostgreSQL, one of them killed again and again: the other goes on, and together they number as one."""
import os
import random
import time

import pytest

from load import Load
from server import Server
from stored import check_stored

KILLS = {"full": 3, "long": 30}


@pytest.fixture(scope="module")
def engine():
    return "postgresql"


def wait_for_more(load, patience_s=20):
    """The other node goes on alone, after requests to the dead one were sent again."""
    before, started = len(load.acknowledged), time.monotonic()
    while len(load.acknowledged) < before + 10:
        assert time.monotonic() - started < patience_s, "the other node does not go on"
        time.sleep(0.05)


def test_one_of_two_nodes_killed(company):
    first, second = Server(company), Server(company)
    second.log = company.folder.with_suffix(".second.log")
    first.start(), second.start()
    load = Load([first.url, second.url], company.accounts[0]).start()
    for _ in range(KILLS.get(os.environ.get("ANXIN_TEST_LEVEL", "full"), 3)):
        time.sleep(random.uniform(0.2, 0.8))
        victim = random.choice([first, second])
        victim.kill()
        wait_for_more(load)
        victim.start()
    load.stop()
    first.stop(), second.stop()
    check_stored(company, load.acknowledged)
