"""kill -9 while people write in every channel at once: each message that was acknowledged is there once, one that was not at most once, in her order, and
each person has one conversation, however many of her first words came side by side."""
import os
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import writers
from stored import Stored, check_numbers

from client import Client
from server import Clock, Server

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "api"))
import mailserver  # noqa: E402
import people  # noqa: E402
from patience import wait_for  # noqa: E402
from wechat import WeChat  # noqa: E402

LEVEL = os.environ.get("ANXIN_TEST_LEVEL", "full")
MESSAGES = {"quick": 400, "full": 1200, "long": 10_000}[LEVEL]
MAILS = {"quick": 12, "full": 40, "long": 400}[LEVEL]
KILLS, LEASE_S, SETTLED_S = 8, 301, 60


class World:
    def __init__(self, company, folder):
        self.clock, self.company, self.mails = Clock(folder / "clock"), company, MAILS
        self.wechat = WeChat(now=lambda: self.clock.ms / 1000)
        self.post = None if mailserver.left_out() else mailserver.MailServer()
        self.server = Server(company, clock=self.clock, environment={"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"}).start()
        self.sign_in()

    def sign_in(self):
        """Nobody stays signed in for so long."""
        self.admin = Client(self.server.url).sign_in(*self.company.accounts[0])

    def kill(self):
        self.server.kill()
        self.server.start()
        self.clock.move(LEASE_S)                # whoever had a job is gone

    def channels(self):
        return [channel for channel in writers.CHANNELS if self.post or channel is not writers.mail]

    def talks(self):
        """Conversations with all that is in them, numbered without a gap."""
        rows, page = [], {"next": None}
        while not rows or page["next"]:
            page = self.admin.get("/conversation", limit=100, **({"after": page["next"]} if page["next"] else {}))
            rows += page["items"]
        said = [(row, people.everything_said(self.admin, row["id"])) for row in rows]
        assert all([m["no"] for m in all_of_it] == list(range(1, len(all_of_it) + 1)) for _, all_of_it in said)
        return said

    def close(self):
        self.admin.close()
        self.server.stop()
        self.wechat.close()
        if self.post:
            self.post.close()


def hers(talks):
    """channel → the customer's words of each conversation."""
    found = {}
    for row, said in talks:
        if texts := [m["text"] for m in said if m["actor"]["kind"] == "customer"]:
            found.setdefault(row["channel"], []).append(texts)
    return found


def check_words(writer, talks):
    """All of hers are in one conversation, and nothing else is."""
    [said] = [texts for texts in talks if set(texts) & set(writer.texts(acknowledged=False))]
    sent, n = writer.texts(acknowledged=False), writer.person.at_once
    assert len(said) == len(set(said)), "twice"
    assert set(writer.texts()) <= set(said) <= set(sent), f"{writer.person.channel}: lost {set(writer.texts()) - set(said)}, strange {set(said) - set(sent)}"
    first = [text for text in said if text in set(sent[:n])]
    assert said[:len(first)] == first and said[len(first):] == [text for text in sent[n:] if text in set(said)], "out of order"


def check_calls(world, calls):
    """Each call once, whole, in the one conversation of who called, where each that ended was written down once."""
    with closing(Stored(world.company)) as stored:
        rows = stored.rows("SELECT code, id, state, seconds, conversation_id FROM phone_call")
        events = Counter(call for [call] in stored.rows("SELECT call_id FROM phone_event"))
    assert len({code for code, *_ in rows}) == len(rows), "a call twice"
    of = {code: more for code, *more in rows}
    for writer in calls:
        names = [text.split()[1] for text in writer.texts()]
        assert all((of[n][1], of[n][2], events[of[n][0]]) == ("ended", 192, 4) for n in names), "a call that is not whole"
        sent = {text.split()[1] for text in writer.texts(acknowledged=False)}
        assert len({of[n][3] for n in sent if n in of}) == 1, "two conversations of one caller"
    assert set(of) <= {text.split()[1] for w in calls for text in w.texts(acknowledged=False)}
    return Counter(conversation for _, _, state, _, conversation in rows if state == "ended")


def notes(talks):
    return Counter(int(row["id"]) for row, said in talks if row["channel"] == "phone" for m in said if m["visibility"] == "internal" and m["text"].startswith("来电已接听"))


def kills(world, progress, everybody):
    for n in range(KILLS):
        progress.reaches(max(1, MESSAGES * n // KILLS))         # the first one among first words
        world.kill()
    for writer in everybody:
        writer.join(600)
        assert not writer.is_alive() and not writer.failed, writer.person.channel


def test_each_message_of_every_channel_is_there_once_and_in_order_after_kills(company, tmp_path):
    world, progress = World(company, tmp_path), writers.Progress(MESSAGES)
    everybody = [writers.Writer(progress, person) for channel in world.channels() for person in channel(world)]
    calls = [w for w in everybody if w.person.channel == "phone"]
    try:
        for writer in everybody:
            writer.start()
        kills(world, progress, everybody)
        assert progress.repeats, "no kill fell on anybody"
        assert all(writer.texts() for writer in everybody)
        world.sign_in()
        held = [w for w in everybody if not w.person.may_leave]        # what is fetched comes a little later

        def fetched():
            talks = world.talks()
            there = {text for texts in hers(talks).values() for one in texts for text in one}
            return all(set(w.texts()) <= there for w in held) and talks
        talks = wait_for(fetched, clock=world.clock, seconds=120)
        world.clock.move(SETTLED_S)
        wait_for(lambda: notes(world.talks()).total() >= sum(len(w.texts()) for w in calls), clock=world.clock)
        world.clock.move(SETTLED_S)
        talks = world.talks()
        found = hers(talks)
        spoken = [w for w in everybody if w not in calls]
        for writer in spoken:
            check_words(writer, found[writer.person.channel])
        assert sum(len(one) for one in found.values()) == len(spoken), "conversations of nobody"
    finally:
        progress.done = MESSAGES
        world.close()
    assert check_calls(world, calls) == notes(talks)
    with closing(Stored(company)) as stored:
        check_numbers(stored)
