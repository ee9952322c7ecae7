"""WeChat slow, failing and repeating: a delivery is answered in time whatever their API does, nothing is sent twice, nothing that came is lost, and nobody is asked
without end."""
import sqlite3
import uuid
from contextlib import closing, contextmanager

import psycopg
import pytest
from people import everything_said
from test_conversation import said, say
from test_wechat import HOUR, opened, poke
from wechat import Deliverer

SEND, TOKEN, SYNC = "/cgi-bin/message/custom/send", "/cgi-bin/stable_token", "/cgi-bin/kf/sync_msg"
THEIR_PATIENCE_S = 5
PERSONS = 8                     # more than threads that answer


@pytest.fixture(scope="module")
def world(engine, demos, tmp_path_factory):
    with opened(engine, demos, tmp_path_factory.mktemp("slow")) as made:
        yield made


@pytest.fixture(scope="module")
def deliver(world):
    return world.account()[1]


@pytest.fixture(scope="module")
def kf(world):
    return world.account(kind="kf")


@pytest.fixture
def fresh(engine, demos, tmp_path):
    with opened(engine, demos, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def hasty(engine, demos, tmp_path_factory):
    """Waits a second for an answer, no longer."""
    with opened(engine, demos, tmp_path_factory.mktemp("hasty"), ("--set", "outbound.time=1")) as made:
        yield made


def calls(world, path):
    return sum(p == path for p, _ in world.wechat.calls)


def hears(world, kf, words=None):
    """Somebody writes to 微信客服 and they say so: (her name there, her words)."""
    person, words = f"wm{uuid.uuid4().hex}", words or f"请问 {uuid.uuid4().hex[:6]}"
    world.wechat.kf_write(person, words)
    poke(kf)
    return person, words


# Slow ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [SEND, TOKEN])
def test_a_slow_api_holds_up_neither_deliveries_nor_the_desk(fresh, path):
    _, deliver = fresh.account()
    people = [fresh.begins(deliver) for _ in range(PERSONS)]
    fresh.wait(lambda: fresh.wechat.token)
    fresh.wechat.slow, before = {path}, calls(fresh, path)
    for n, (_, conversation) in enumerate(people):
        say(fresh.admin, conversation, "您好")
        if path == TOKEN:
            fresh.account(app_id=f"wx{n:016d}")         # each asks for a token of its own
    fresh.wait(lambda: calls(fresh, path) >= before + 6)
    deliver.http.timeout = fresh.admin.http.timeout = THEIR_PATIENCE_S
    for _ in range(3):
        deliver.write(f"o{uuid.uuid4().hex}", "在吗")
    assert fresh.admin.get("/conversation")["items"] and not fresh.wechat.gate.is_set()


def test_a_message_that_comes_while_they_do_not_answer_is_not_sent_twice(hasty):
    _, deliver = hasty.account()
    openid, conversation = hasty.begins(deliver)
    hasty.wechat.slow = {SEND}
    say(hasty.admin, conversation, "您好")
    hasty.wait(lambda: hasty.states(conversation).get(2) == "unsure")
    hasty.clock.move(600)
    assert hasty.texts(openid) == ["您好"] and hasty.reach(conversation)["left"] == hasty.wechat.left(openid) == 4
    hasty.wechat.slow = set()
    say(hasty.admin, conversation, "在的")
    hasty.wait(lambda: hasty.states(conversation).get(3) == "sent")
    assert hasty.texts(openid) == ["您好", "在的"]


def test_wecom_is_asked_again_under_the_same_id_when_it_was_slow(hasty):
    kf = hasty.account(kind="kf")
    person, words = hears(hasty, kf)
    row = hasty.wait(lambda: hasty.conversation(words))
    hasty.wechat.slow = {"/cgi-bin/kf/send_msg"}
    say(hasty.admin, row["id"], "您好")
    hasty.wait(lambda: calls(hasty, "/cgi-bin/kf/send_msg") >= 2)
    hasty.wechat.slow = set()
    hasty.wait(lambda: hasty.states(row["id"]).get(2) == "sent")
    assert hasty.texts(person) == ["您好"] and hasty.reach(row["id"])["left"] == hasty.wechat.left(person) == 4


@contextmanager
def held_up(company):
    """Nobody else writes."""
    if not company.database:
        with closing(sqlite3.connect(company.folder / "data.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with psycopg.connect(company.database.uri) as other:
        other.execute("LOCK TABLE anxin.message, anxin.message_seen IN EXCLUSIVE MODE")
        yield
        other.rollback()


def test_a_delivery_that_a_slow_database_held_up_until_they_gave_up_is_there_once(world, deliver):
    message = deliver.message(f"o{uuid.uuid4().hex}", f"数据库很慢 {uuid.uuid4().hex[:6]}")
    impatient = Deliverer(world.server.url, deliver.url.rsplit("/", 1)[1], world.now)
    impatient.http.timeout = 1
    with held_up(world.server.company):
        assert not impatient.deliver(message, tries=2)
    assert deliver.deliver(message, tries=1)
    assert world.conversation(message["Content"])["last_no"] == 1


# Failing ---------------------------------------------------------------------------------------------------------------------


def test_a_proxy_that_gave_up_says_nothing_of_what_arrived(world, deliver):
    openid, conversation = world.begins(deliver)
    world.wechat.faults = ["gateway"]
    say(world.admin, conversation, "您好")
    world.wait(lambda: world.states(conversation).get(2) in ("unsure", "sent"))
    assert world.texts(openid) == ["您好"] and world.states(conversation)[2] == "unsure"


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_token_that_is_none_any_more_is_renewed_and_the_message_sent_once(world, deliver, code):
    openid, conversation = world.begins(deliver)
    world.wait(lambda: world.wechat.token)
    world.clock.move(60)
    tokens, world.wechat.faults = world.wechat.tokens, [code]
    say(world.admin, conversation, "您好")
    world.wait(lambda: world.states(conversation).get(2) == "sent")
    assert world.texts(openid) == ["您好"] and world.wechat.tokens == tokens + 1 and world.reach(conversation)["left"] == world.wechat.left(openid) == 4


@pytest.mark.parametrize("code", [45011, 45009, -1])
def test_a_limit_of_calls_is_waited_for(world, deliver, code):
    openid, conversation = world.begins(deliver)
    world.wechat.faults = [code] * 3
    say(world.admin, conversation, "您好")
    world.wait(lambda: world.states(conversation).get(2) == "sent")
    assert world.texts(openid) == ["您好"] and world.reach(conversation)["left"] == world.wechat.left(openid) == 4


@pytest.mark.parametrize("code,left", [(48001, 5), (50002, 5), (40164, 5), (43004, 0), (45002, 5), (40003, 5), (99999, 5)])
def test_what_will_not_go_this_way_goes_by_a_call_and_says_why(world, deliver, code, left):
    openid, conversation = world.begins(deliver)
    world.wechat.faults = [code]
    say(world.admin, conversation, "您好")
    world.wait(lambda: world.states(conversation).get(2) == "call")
    reach = world.reach(conversation)
    assert (reach["left"], reach["messages"][0]["code"], world.texts(openid)) == (left, code, [])


@pytest.mark.parametrize("code,left", [(95001, 0), (95013, 0), (48001, 5)])
def test_wecom_refuses_in_codes_of_its_own(world, kf, code, left):
    person, words = hears(world, kf)
    row = world.wait(lambda: world.conversation(words))
    world.wechat.faults = [code]
    say(world.admin, row["id"], "您好")
    world.wait(lambda: world.states(row["id"]).get(2) == "call")
    assert (world.reach(row["id"])["left"], world.texts(person)) == (left, [])


def test_a_token_service_that_fails_delays_an_answer_and_loses_none(fresh):
    fresh.wechat.token_fault = ["drop", -1, "drop", -1]
    _, deliver = fresh.account()
    openid, conversation = fresh.begins(deliver)
    say(fresh.admin, conversation, "您好")
    fresh.wait(lambda: fresh.states(conversation).get(2) == "sent")
    assert fresh.texts(openid) == ["您好"] and not fresh.wechat.token_fault and fresh.wechat.left(openid) == 4


@pytest.mark.parametrize("code", [40164, 40243, 40125])
def test_an_answer_for_which_there_is_no_token_goes_another_way_in_the_end(fresh, code):
    fresh.wechat.token_fault = [code] * 10_000
    _, deliver = fresh.account()
    openid, conversation = fresh.begins(deliver)
    say(fresh.admin, conversation, "您好")
    fresh.clock.move(10)
    fresh.wait(lambda: len(fresh.wechat.token_fault) < 10_000)
    assert fresh.states(conversation)[2] == "waiting"
    fresh.later(HOUR)
    fresh.wait(lambda: fresh.states(conversation).get(2) == "call")
    assert not fresh.texts(openid)


@pytest.mark.parametrize("fault", ["drop", 60020])
def test_wecom_messages_come_once_the_token_service_is_back_however_long_it_was_away(fresh, fault):
    fresh.wechat.token_fault = [fault] * 10_000
    kf = fresh.account(kind="kf")
    for hours in (0, 1, 2, 4, 8):
        fresh.later(hours * HOUR)
        person, words = hears(fresh, kf)
    fresh.wechat.token_fault.clear()
    fresh.later(6 * HOUR)
    assert fresh.wait(lambda: fresh.conversation(words))["channel"] == "wecom"


# Repeating -------------------------------------------------------------------------------------------------------------------


def test_a_delivery_that_was_not_answered_in_time_comes_three_times_and_is_there_once(world, deliver):
    message = deliver.message(f"o{uuid.uuid4().hex}", f"重复 {uuid.uuid4().hex[:6]}")
    for _ in range(3):
        assert deliver.post(message).status_code == 200
        world.clock.move(THEIR_PATIENCE_S)
    row = world.conversation(message["Content"])
    assert row["last_no"] == 1 and world.reach(row["id"])["left"] == 5


def test_an_event_that_comes_three_times_is_one(world, deliver):
    openid, conversation = world.begins(deliver)
    event = deliver.message(openid, kind="event", Event="CLICK", EventKey="报修")
    for _ in range(3):
        assert deliver.post(event).text == "success"
        world.clock.move(THEIR_PATIENCE_S)
    assert [m["text"] for m in said(world.admin, conversation)][1:] == ["点击菜单：报修"]


def test_pages_that_come_again_bring_each_message_once_and_in_order(world, kf):
    person = f"wm{uuid.uuid4().hex}"
    for n in range(100):
        world.wechat.kf_write(person, f"第 {n} 句")
    first = []

    def keep(_start, page):
        first.extend(page)
        return {}

    world.wechat.sync_page = [keep, lambda _start, page: {"msg_list": first + page}, lambda _start, page: {"msg_list": page + first}]
    poke(kf)
    row = world.wait(lambda: world.conversation("第 99 句"))
    assert [m["text"] for m in everything_said(world.admin, row["id"])] == [f"第 {n} 句" for n in range(100)]


def test_a_cursor_that_does_not_move_is_not_asked_without_end(world, kf):
    world.wechat.sync_page = [lambda start, _page: {"next_cursor": str(start), "has_more": 1}] * 10_000
    _, words = hears(world, kf)
    row = world.wait(lambda: world.conversation(words))
    for n in range(150):                # whoever asks without a pause does so meanwhile
        world.admin.post(f"/conversation/{row['id']}/message", {"text": f"{n}", "visibility": "internal"})
    assert calls(world, SYNC) < 10
    world.wechat.sync_page.clear()
    _, more = hears(world, kf)
    world.wait(lambda: world.conversation(more))
    assert [m["text"] for m in said(world.admin, row["id"]) if m["visibility"] == "public"] == [words]
