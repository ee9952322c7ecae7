"""kill -9 while customers and visitors write: each message that they sent, again and again until it was acknowledged, is there once and in their order."""
import random
import sys
import threading
import time
import uuid
from pathlib import Path

import httpx

from client import Client
from server import Server

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "api"))
import people  # noqa: E402
from visitors import Visitor  # noqa: E402

CUSTOMERS, VISITORS, KILLS = 4, 4, 5


class Writer(threading.Thread):
    """One customer, or a visitor whom her first message makes known: writes on as soon as the last one was acknowledged."""

    def __init__(self, client, path, mine, stop):
        super().__init__(daemon=True)
        self.client, self.path, self.mine, self.stopped, self.sent, self.repeats = client, path, mine, stop, [], 0

    def run(self):
        while not self.stopped.is_set():
            name = uuid.uuid4().hex
            while not self.went(name):
                self.repeats += 1
                time.sleep(0.02)
            self.sent.append(name)

    def went(self, name):
        """Every try is a request of its own: what makes it the same message is its name."""
        try:
            answer = self.client.http.post(self.path, json={"text": f"第 {name} 句", "external_id": name}, headers={"Idempotency-Key": uuid.uuid4().hex})
        except httpx.TransportError:
            return False
        return answer.status_code == 200


def test_each_message_is_there_once_and_in_order_after_kills(engine, company):
    server = Server(company)
    server.start()
    admin = Client(server.url).sign_in(*company.accounts[0])
    stop = threading.Event()
    row = admin.get("/setting/visit.calls")
    admin.patch("/setting/visit.calls", {"value": 6000, "version": row["version"]})
    writers = [Writer(people.new_customer(server.url, admin)[0], "/my/conversation", "/my/conversation", stop) for _ in range(CUSTOMERS)]
    writers += [Writer(Visitor(server, server.url).client, "/visit/message", "/visit/conversation", stop) for _ in range(VISITORS)]
    for writer in writers:
        writer.start()
    for _ in range(KILLS):
        time.sleep(random.uniform(0.1, 0.8))
        server.kill()
        server.start()
    stop.set()
    for writer in writers:
        writer.join(60)
        assert not writer.is_alive()
    for writer in writers:
        conversations = writer.client.get(writer.mine)["items"]
        assert len(conversations) == 1
        said = people.everything_said(admin, conversations[0]["id"])
        assert [m["text"] for m in said] == [f"第 {name} 句" for name in writer.sent]
        assert [m["no"] for m in said] == list(range(1, len(said) + 1))
    owners = [admin.get(f"/conversation/{writer.client.get(writer.mine)['items'][0]['id']}")["customer_id"] for writer in writers]
    assert len(set(owners)) == len(writers), "each is one customer"
    assert all(writer.sent for writer in writers) and sum(writer.repeats for writer in writers) > 0, "no kill fell on anybody"
    admin.close()
    server.stop()
