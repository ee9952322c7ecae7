"""kill -9 while people write in every channel at once: each message that was acknowledged, and none besides, is there once, in its order, and each
person has one conversation. What was not acknowledged is sent again, as every channel does."""
import os
import random
import sys
import threading
import time
import uuid
from pathlib import Path

import httpx

from client import Client
from server import Clock, Server

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "api"))
import people  # noqa: E402
from visitors import Visitor  # noqa: E402
from wechat import Deliverer, WeChat, account_of  # noqa: E402

EACH = 4                                        # people in a channel
MESSAGES = {"quick": 300, "full": 900, "long": 10_000}[os.environ.get("ANXIN_TEST_LEVEL", "full")]
KILLS = 8
REPEATED = 0.1                                  # of what was acknowledged is sent again: the acknowledgement did not arrive


class Progress:
    """How many were acknowledged by all together; writers stop when there are enough."""

    def __init__(self):
        self.done, self.lock, self.repeats = 0, threading.Lock(), 0

    def one_more(self, tries):
        with self.lock:
            self.done += 1
            self.repeats += tries - 1

    def reaches(self, amount, seconds=300):
        until = time.monotonic() + seconds
        while self.done < amount:
            assert time.monotonic() < until, f"{self.done} of {amount}"
            time.sleep(0.01)


class Writer(threading.Thread):
    """One person. send(name, text) is one try, and true when it was acknowledged; what makes two tries one message is the name."""

    def __init__(self, progress, send):
        super().__init__(daemon=True)
        self.progress, self.send, self.texts = progress, send, []

    def run(self):
        while self.progress.done < MESSAGES:
            name = uuid.uuid4().hex
            text, tries = f"第 {name} 句", 1
            while not self.send(name, text):
                tries += 1
                time.sleep(0.02)
            self.texts.append(text)
            if random.random() < REPEATED:
                self.send(name, text)
            self.progress.one_more(tries)


def by_post(client, path):
    def send(name, text):
        try:
            answer = client.http.post(path, json={"text": text, "external_id": name}, headers={"Idempotency-Key": uuid.uuid4().hex})
        except httpx.TransportError:
            return False
        return answer.status_code == 200
    return send


def portal(world):
    return [by_post(people.new_customer(world.server.url, world.admin)[0], "/my/conversation") for _ in range(EACH)]


def web(world):
    row = world.admin.get("/setting/visit.calls")
    world.admin.patch("/setting/visit.calls", {"value": 6000, "version": row["version"]})
    return [by_post(Visitor(world.server, world.server.url).client, "/visit/message") for _ in range(EACH)]


def wechat(world):
    row = account_of(world.admin, world.wechat)

    def one():
        deliver = Deliverer(world.server.url, row["callback"], world.wechat.now)
        openid, kept = f"o{uuid.uuid4().hex}", {}
        return lambda name, text: deliver.deliver(kept.setdefault(name, deliver.message(openid, text)), tries=1)
    return [one() for _ in range(EACH)]


CHANNELS = [portal, web, wechat]


class World:
    def __init__(self, server, wechat_server):
        self.server, self.wechat = server, wechat_server
        self.admin = Client(server.url).sign_in(*server.company.accounts[0])


def said_by_customers(admin):
    """What each conversation holds."""
    rows, page = [], {"next": None}
    while not rows or page["next"]:
        page = admin.get("/conversation", limit=100, **({"after": page["next"]} if page["next"] else {}))
        rows += page["items"]
    said = [people.everything_said(admin, row["id"]) for row in rows]
    assert all([m["no"] for m in one] == list(range(1, len(one) + 1)) for one in said)
    return [[m["text"] for m in one if m["actor"]["kind"] == "customer"] for one in said]


def test_each_message_of_every_channel_is_there_once_and_in_order_after_kills(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    wechat_server = WeChat(now=lambda: clock.ms / 1000)
    server = Server(company, clock=clock, environment={"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"})
    server.start()
    world, progress = World(server, wechat_server), Progress()
    writers = [Writer(progress, send) for channel in CHANNELS for send in channel(world)]
    try:
        for writer in writers:
            writer.start()
        for n in range(1, KILLS + 1):
            progress.reaches(MESSAGES * n // (KILLS + 1))
            server.kill()
            server.start()
        for writer in writers:
            writer.join(300)
            assert not writer.is_alive()
        assert progress.repeats, "no kill fell on anybody"
        assert all(writer.texts for writer in writers)
        assert sorted(said_by_customers(world.admin)) == sorted(writer.texts for writer in writers)
    finally:
        progress.done = MESSAGES
        world.admin.close()
        server.stop()
        wechat_server.close()
