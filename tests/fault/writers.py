"""People who write while the server is killed, each in her channel as the other side of it does: what got no answer is sent again under the same name."""
import random
import sys
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "api"))
import people  # noqa: E402
from cti import Cti, line_of  # noqa: E402
from mailserver import DOMAIN, PASSWORD  # noqa: E402
from sms_vendor import Vendor, gateway_of  # noqa: E402
from visitors import Visitor  # noqa: E402
from wechat import CORP, KFID, Deliverer, account_of  # noqa: E402

from client import Client  # noqa: E402

EACH = 4                        # people in a channel
AT_ONCE = 4                     # first messages of one person, side by side
REPEATED, LEFT = 0.1, 0.02      # of what was acknowledged, sent again all the same; of what was not, never sent again


@dataclass
class Person:
    """send(name, text) is one try, and true when it was acknowledged; what makes two tries one message is the name."""
    channel: str
    send: Callable
    at_once: int = AT_ONCE
    may_leave: bool = True      # False: whoever holds the message will not forget it
    most: int = 0               # messages, spread over the whole of it; 0: as many as go


class Progress:
    """How many were acknowledged by all together; writers stop when there are enough."""

    def __init__(self, wanted):
        self.wanted, self.done, self.lock, self.repeats = wanted, 0, threading.Lock(), 0

    def over(self):
        return self.done >= self.wanted

    def one_more(self, tries):
        with self.lock:
            self.done += 1
            self.repeats += tries - 1

    def reaches(self, amount, seconds=600):
        until = time.monotonic() + seconds
        while self.done < min(amount, self.wanted):
            assert time.monotonic() < until, f"{self.done} of {amount}"
            time.sleep(0.01)


class Writer(threading.Thread):
    """said: (text, whether it was acknowledged), in her order behind the first `at_once`, which have none among themselves."""

    def __init__(self, progress, person):
        super().__init__(daemon=True)
        self.progress, self.person, self.said, self.failed = progress, person, [], None

    def texts(self, acknowledged=True):
        return [text for text, sure in self.said if sure or not acknowledged]

    def say(self):
        name, tries = uuid.uuid4().hex, 1
        text = f"第 {name} 句"
        while not self.person.send(name, text):
            tries += 1
            if self.person.may_leave and random.random() < LEFT:
                self.said.append((text, False))
                return
            time.sleep(0.02)
        self.said.append((text, True))
        if random.random() < REPEATED:
            self.person.send(name, text)
        self.progress.one_more(tries)

    def write(self):
        first = [threading.Thread(target=self.say, daemon=True) for _ in range(self.person.at_once)]
        for one in first:
            one.start()
        for one in first:
            one.join()
        n = self.person.at_once
        while not self.progress.over() and not 0 < self.person.most <= n:
            if self.person.most:
                self.progress.reaches(self.progress.wanted * n // self.person.most)
            self.say()
            n += 1

    def run(self):
        try:
            self.write()
        except BaseException as e:      # whoever waits for her learns of it
            self.failed = e
            raise


def gets_through(call):
    try:
        return call().status_code == 200
    except httpx.TransportError:
        return False


def by_post(client, path, **more):
    def send(name, text):
        return gets_through(lambda: client.http.post(path, json={"text": text, "external_id": name} | more, headers={"Idempotency-Key": uuid.uuid4().hex}))
    return send


def portal(world):
    return [Person("web", by_post(people.new_customer(world.server.url, world.admin)[0], "/my/conversation")) for _ in range(EACH)]


def web(world):
    people.put_setting(world.admin, "visit.calls", 6000)
    return [Person("web", by_post(Visitor(world.server, world.server.url).client, "/visit/message")) for _ in range(EACH)]


def api(world):
    token = world.admin.post("/api_token", {"name": "ERP", "scopes": ["conversation.intake"]})["token"]

    def one(person):
        client = Client(world.server.url, address=people.new_address()).bearing(token)
        return Person("api", by_post(client, "/intake/message", system="erp", person=person))
    return [one(uuid.uuid4().hex) for _ in range(EACH)]


def wechat(world):
    row = account_of(world.admin, world.wechat)

    def one(openid):
        deliver, kept = Deliverer(world.server.url, row["callback"], world.wechat.now), {}
        return Person("wechat", lambda name, text: deliver.deliver(kept.setdefault(name, deliver.message(openid, text)), tries=1))
    return [one(f"o{uuid.uuid4().hex}") for _ in range(EACH)]


def wecom(world):
    """微信客服: they hold the messages, and tell us only that there are some."""
    row = account_of(world.admin, world.wechat, kind="kf")

    def one(person):
        deliver, kept = Deliverer(world.server.url, row["callback"], world.wechat.now, app=CORP), set()

        def send(name, text):
            if name not in kept:
                kept.add(name)
                world.wechat.kf_write(person, text, msgid=name)
            return deliver.deliver({"ToUserName": CORP, "CreateTime": int(deliver.now()), "MsgType": "event", "Event": "kf_msg_or_event", "Token": "ENCtoken", "OpenKfId": KFID}, tries=1)
        return Person("wecom", send, may_leave=False)
    return [one(f"wm{uuid.uuid4().hex}") for _ in range(EACH)]


def sms(world):
    """Answers by SMS, from the gateways of two vendors and one of the company's own."""
    vendor = Vendor(now=world.wechat.now)
    vendor.close()                      # nothing is sent here
    gateways = [gateway_of(world.admin, vendor, kind) for kind in ("aliyun", "tencent", "generic")]
    http = httpx.Client(timeout=30, trust_env=False)

    def batch(kind, phone, name, text):
        number = int(name, 16) % 10**15
        return {"aliyun": [{"phone_number": phone, "send_time": "2026-11-30 08:00:00", "content": text, "sign_name": "安心", "dest_code": "1234", "sequence_id": number}],
                "tencent": [{"extend": "", "mobile": phone, "nationcode": "86", "sign": "安心", "text": text, "time": number % 10**9}], "generic": {"id": name, "from": phone, "text": text}}[kind]

    def one(gateway, phone):
        url = f"{world.server.url}/api/v1/sms/{gateway['callback']}"
        return Person("sms", lambda name, text: gets_through(lambda: http.post(url, json=batch(gateway["kind"], phone, name, text))))
    return [one(gateways[n % len(gateways)], people.new_phone()) for n in range(EACH)]


def phone(world):
    """A message is a call here: four events, in a random order, all of them until they are taken."""
    line = line_of(world.admin)

    def one(number):
        cti, kept = Cti(world.server.url, line["callback"], world.wechat.now), {}

        def send(name, _text):
            events = kept.setdefault(name, list(enumerate(cti.events(name, number))))
            return all([gets_through(lambda i=i, e=e: cti.post(e, name=f"{name}-{i}")) for i, e in random.sample(events, len(events))])
        return Person("phone", send)
    return [one(people.new_phone()) for _ in range(EACH)]


def mail(world):
    """A real Dovecot holds the mails; each goes on in the thread of her first."""
    help = f"help-{uuid.uuid4().hex[:8]}@{DOMAIN}"
    row = world.admin.post("/mail_account", {"title": "邮箱", "address": help, "imap_host": "127.0.0.1", "imap_port": world.post.imap_port, "imap_tls": "none",
                                             "smtp_host": "127.0.0.1", "smtp_port": world.post.smtp_port, "smtp_tls": "none", "takes": "all", "state": "on"})
    world.admin.post(f"/mail_account/{row['id']}/secret", {"password": PASSWORD})
    lock = threading.Lock()

    def one(address):
        before, kept = [], set()

        def send(name, text):
            if name not in kept:
                thread = f"References: {before[0]}\r\nIn-Reply-To: {before[-1]}\r\n" if before else ""
                raw = f"From: {address}\r\nTo: {help}\r\nSubject: 冰箱\r\nMessage-ID: <{name}@x>\r\n{thread}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
                with lock:
                    world.post.append(help, raw.encode())
                before.append(f"<{name}@x>")
                kept.add(name)
            return True
        return Person("mail", send, at_once=1, may_leave=False, most=world.mails // EACH)
    return [one(f"w{n}-{uuid.uuid4().hex[:6]}@{DOMAIN}") for n in range(EACH)]


CHANNELS = [portal, web, api, wechat, wecom, sms, phone, mail]
