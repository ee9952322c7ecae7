"""Rows of GB/T 47746—2026, as law-cn numbers them, whose cause is not what one customer says in one message: each cause is really played."""
import people
import pytest
from chat_floor import Hall
from desk import opened
from test_audit import rows
from test_bot import Talk, pressed
from test_conversation import act, said, write

from client import Client
from patience import wait_for
from server import Server

YEAR_S = 366 * 24 * 3600
LEAK, LEAK_ASKED = "A02", "空调漏水怎么处理"


@pytest.fixture
def talk_with_all(customer, admin):
    """With the bot of the server that all tests share."""
    with people.bot_first(admin):
        yield Talk(customer, admin)


@pytest.fixture
def own(company, tmp_path):
    """A server of its own whose time stands, with the bot on."""
    with opened(company, tmp_path) as desk:
        people.put_setting(desk.admin, "bot.receive", "first")
        yield desk


def talk_of_newcomer(desk):
    client, record = people.new_customer(desk.server.url, desk.admin)
    client.id = record["id"]
    return Talk(client, desk.admin)


def test_HO_03_a_topic_of_safety_is_answered_and_a_person_comes(talk_with_all):
    talk = talk_with_all
    answer = talk("打雷天能不能看电视")
    turn = talk.turn()
    assert (turn["did"], turn["why"], turn["article"]) == ("hand_over", "HO-03", "TV-043")
    assert "拔" in answer["text"] and "转接人工" in answer["text"], answer
    assert talk.row["state"] == "waiting"


def keeps(desk, readable, later_s=0):
    """While what the bot kept of the talk cannot be read, it fails at each message, as any fault inside would make it."""
    desk.server.stop()
    garbled = "'\\x0102'" if desk.company.database else "X'0102'"
    desk.company.execute(f"UPDATE bot_talk SET filled = {'NULL' if readable else garbled}")
    desk.clock.move(later_s)
    desk.server.start()
    desk.sign_in()


@pytest.mark.parametrize("late_s, why", [(175, ""), (185, "HO-05")])
def test_HO_05_three_minutes_without_an_answer_bring_a_person(own, late_s, why):
    talk = talk_of_newcomer(own)
    talk(LEAK_ASKED)
    keeps(own, readable=False)
    no = write(talk.customer, "冰箱温度调到多少合适")["no"]
    keeps(own, readable=True, later_s=late_s)
    talk.staff = own.admin
    wait_for(lambda: talk.turn()["no"] == no, clock=own.clock)
    assert (talk.turn()["why"], talk.row["state"]) == (why, "waiting" if why else "bot")


def test_HO_05_a_bot_that_fails_every_time_brings_a_person(own):
    talk = talk_of_newcomer(own)
    talk(LEAK_ASKED)
    keeps(own, readable=False)
    talk.staff = own.admin
    write(talk.customer, "冰箱温度调到多少合适")

    def handed():
        own.clock.move(5)
        return talk.row["state"] == "waiting"
    wait_for(handed)
    assert "转接人工" in said(talk.customer, talk.id, "/my")[-1]["text"] and "HO-05" in talk.note()


def test_whom_a_slow_bot_hands_over_is_given_out_though_nothing_else_happens(own):
    """The round of her last message was over before there was anybody to give."""
    hall = Hall(own.server, own.admin)
    hall.queue()
    agent, client = hall.person(), hall.customer()
    talk = Talk(client, own.admin)
    talk("你好")
    keeps(own, readable=False)
    write(client, "转人工")

    def settled():
        [[unheard]] = rows(own.company, "SELECT count(*) FROM event e JOIN follower_cursor f ON f.lane = e.lane AND f.name = 'routing' AND e.pos > f.pos WHERE e.kind = 'conversation.received'")
        [[rounds]] = rows(own.company, "SELECT count(*) FROM job WHERE kind = 'chat.route' AND unique_key = 'round'")
        return unheard == rounds == 0
    wait_for(settled)
    keeps(own, readable=True, later_s=2)
    talk.staff = own.admin
    assert wait_for(lambda: talk.row["owner_id"]) == agent.id
    hall.close()


def test_HO_11_where_no_knowledge_is_a_person_answers(company, tmp_path):
    """A server beside which the build's knowledge does not lie."""
    with Server(company, environment={"ANXIN_UNDERSTANDING": str(tmp_path)}) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        with people.bot_first(admin):
            client, _ = people.new_customer(server.url, admin)
            talk = Talk(client, admin)
            assert "转接人工" in talk(LEAK_ASKED)["text"]
        assert (talk.turn()["did"], talk.turn()["why"], talk.row["state"]) == ("hand_over", "HO-11", "waiting")
        client.close()
        admin.close()


@pytest.mark.parametrize("asked", [LEAK_ASKED, "空调一直往下滴水，怎么办"])
def test_HO_11_where_no_answer_is_for_customers_a_person_answers(own, asked):
    """She asks within the field, and what answers her is for staff alone from here on."""
    before = talk_of_newcomer(own)
    before(asked)
    assert (before.turn()["did"], before.turn()["article"]) == ("answer", LEAK)
    row = own.admin.post("/article", {"code": LEAK, "title_zh": "空调漏水", "body_zh": "内部口径：见结算手册。", "audience": "staff"})
    own.admin.post(f"/article/{row['id']}/action/publish", {"version": row["version"]})
    talk = talk_of_newcomer(own)
    assert "转接人工" in talk(asked)["text"]
    assert (talk.turn()["did"], talk.turn()["why"], talk.row["state"]) == ("hand_over", "HO-11", "waiting")
    assert "HO-11" in talk.note()


def test_HO_12_what_was_asked_three_times_in_a_year_is_a_persons_and_the_fifth_time_no_more(own):
    talk = talk_of_newcomer(own)
    talk(LEAK_ASKED)
    assert talk.turn()["did"] == "answer", "a company of the first year does not know yet what is seldom"
    own.clock.move(YEAR_S)
    own.sign_in()
    found = []
    for _ in range(5):
        talk = talk_of_newcomer(own)
        talk(LEAK_ASKED)
        found.append((talk.turn()["did"], talk.turn()["why"], talk.turn()["article"]))
    assert found == 4 * [("hand_over", "HO-12", LEAK)] + [("answer", "", LEAK)]


def test_HO_14_the_menu_leads_to_a_person_by_its_number(talk_with_all):
    talk = talk_with_all
    menu = pressed(talk("你好"))
    talk(str(menu.index("转人工") + 1))
    assert (talk.turn()["why"], talk.row["state"]) == ("HO-02", "waiting")


def test_HO_17_how_many_are_before_her_is_told_at_once_and_stays_before_her(server, admin):
    hall = Hall(server, admin)
    queue = hall.queue()
    with people.bot_first(admin):
        first, second = Talk(hall.customer(), admin), Talk(hall.customer(), admin)
        assert "您是下一位" in first("转人工")["text"]
        assert "前面还有 1 位客户" in second("转人工")["text"]
    shown = second.customer.get(f"/my/conversation/{second.id}")["queue"]
    assert shown == {"place": 2, "wait_ms": None, "opens_at": None}
    act(admin, first.id, "take")
    assert wait_for(lambda: second.customer.get(f"/my/conversation/{second.id}")["queue"]["place"]) == 1
    admin.post(f"/chat_queue/{queue['id']}/archive", {"version": admin.get(f"/chat_queue/{queue['id']}")["version"]})
    hall.close()
