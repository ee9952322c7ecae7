"""Two nodes on one PostgreSQL, one of them killed or hung again and again: the other goes on, and together they number as one."""
import os
import random
import signal
import time

import pytest

from load import Load
from server import Server
from stored import check_stored

KILLS = {"full": 3, "long": 30}
HANGS = {"full": 3, "long": 40}
HANG_S = 20      # longer than the other node waits for a writer that says nothing, on a busy machine


@pytest.fixture(scope="module")
def engine():
    return "postgresql"


def test_one_of_two_nodes_killed(company):
    first, second = Server(company), Server(company)
    second.log = company.folder.with_suffix(".second.log")
    first.start(), second.start()
    load = Load([first.url, second.url], company.accounts[0]).start()
    for _ in range(KILLS.get(os.environ.get("ANXIN_TEST_LEVEL", "full"), 3)):
        time.sleep(random.uniform(0.2, 0.8))
        victim = random.choice([first, second])
        victim.kill()
        load.wait_for_more()       # the other node goes on alone, after requests to the dead one were sent again
        victim.start()
    load.stop()
    first.stop(), second.stop()
    check_stored(company, load.acknowledged)


def hang(server, load, seconds):
    """The process stops as a machine that swaps or a guest that is moved does: its connections stay open, its locks stay held.
    Returns how long the writers of the other node waited."""
    server.process.send_signal(signal.SIGSTOP)
    started = time.monotonic()
    try:
        load.wait_for_more(patience_s=seconds)
        return time.monotonic() - started
    finally:
        server.process.send_signal(signal.SIGCONT)


def test_a_node_that_hangs_in_the_middle_of_a_batch_holds_nobody_up(company):
    first, second = Server(company, release=True), Server(company, release=True)
    second.log = company.folder.with_suffix(".second.log")
    first.start(), second.start()
    loads = [Load([node.url], company.accounts[0]).start() for node in (first, second)]
    waits = []
    for _ in range(HANGS.get(os.environ.get("ANXIN_TEST_LEVEL", "full"), 3)):
        time.sleep(random.uniform(0.2, 0.5))
        waits.append(hang(first, loads[1], HANG_S))
        loads[0].wait_for_more()
    for load in loads:
        load.stop()
    first.stop(), second.stop()
    check_stored(company, loads[0].acknowledged | loads[1].acknowledged)
    print(f"{len(waits)} hangs, the other node waited {max(waits):.1f} s at most")
