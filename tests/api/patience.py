"""Waiting for what a server does by itself: as long as it takes, at most so long."""
import time

PATIENCE_S = 30


def wait_for(ask, seconds=PATIENCE_S, why=lambda: "it does not happen", clock=None):
    """Until ask() gives something, which is returned. With a clock, time goes on meanwhile: what failed once is tried again."""
    until = time.monotonic() + seconds
    while not (found := ask()):
        assert time.monotonic() < until, why()
        if clock:
            clock.move(0.2)
        time.sleep(0.05)
    return found
