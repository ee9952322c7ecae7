"""Writers that never give up: each creates tickets over the public API and remembers what was acknowledged.

A request whose answer did not come is sent again with the same key until there is one, as a careful client does. What a server says
in between (503, 507) is a refusal, not an answer. `Load.stop()` returns when every request has its answer.
"""
import random
import threading
import time
import uuid

import httpx

from client import Client

LETTERS = "bcdfghjkmnpqrstvwxz"      # no digits: the title is redacted, and a long number would be masked
NO_ANSWER = (502, 503, 507)


def word():
    return "".join(random.choice(LETTERS) for _ in range(24))


def first_customer(url, account):
    client = Client(url).sign_in(*account)
    customer = client.get("/customer", limit=1)["items"][0]["id"]
    cookies = client.http.cookies
    client.close()
    return customer, cookies


class Load:
    """acknowledged: {title: id}. Several urls: nodes of one installation, each request goes to any of them."""

    def __init__(self, urls, account, writers=8):
        self.urls = urls
        self.customer, self.cookies = first_customer(urls[0], account)
        self.acknowledged, self.faults, self.repeats, self.refusals = {}, [], 0, 0
        self.lock = threading.Lock()
        self.ending = False
        self.threads = [threading.Thread(target=self.write, daemon=True) for _ in range(writers)]

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def stop(self, patience_s=60):
        self.ending = True
        for thread in self.threads:
            thread.join(patience_s)
            assert not thread.is_alive(), "a request never got an answer"
        assert not self.faults, self.faults[:3]

    def wait_for_more(self, amount=10, patience_s=20):
        """Returns when so many more are acknowledged; fails when the servers do not go on."""
        before, until = len(self.acknowledged), time.monotonic() + patience_s
        while len(self.acknowledged) < before + amount:
            assert time.monotonic() < until, "not writing again"
            time.sleep(0.02)

    def write(self):
        with httpx.Client(timeout=20, cookies=self.cookies) as http:
            while not self.ending:
                title, key = word(), uuid.uuid4().hex
                identity = self.create(http, title, key)
                with self.lock:
                    self.acknowledged[title] = identity
                if random.random() < 0.05:
                    self.repeat(http, title, key, identity)

    def repeat(self, http, title, key, identity):
        again = self.create(http, title, key)
        with self.lock:
            self.repeats += 1
            if again != identity:
                self.faults.append(f"{title}: first {identity}, then {again}")

    def create(self, http, title, key):
        body = {"scene": "repair", "customer_id": self.customer, "channel": "phone", "text": title}
        while True:
            url = random.choice(self.urls)
            try:
                answer = http.post(f"{url}/api/v1/ticket", json=body, headers={"Idempotency-Key": key, "Origin": url})
            except httpx.HTTPError:
                time.sleep(0.02)
                continue
            if answer.status_code in (200, 201):
                return int(answer.json()["id"])
            with self.lock:
                self.refusals += 1
                if answer.status_code not in NO_ANSWER:
                    self.faults.append(f"{title}: {answer.status_code} {answer.text[:300]}")
            time.sleep(0.02)
