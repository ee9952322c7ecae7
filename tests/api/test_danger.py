"""Danger in what a customer writes (HO-04), where no bot hears her: what to do at once, a critical ticket of its own, a mark at her message, and whoever has her hears of it."""
import people
import pytest
from desk import opened
from patience import wait_for
from test_audit import rows
from test_conversation import said, say, write

SMOKE = "冰箱后面冒烟了，有糊味"


def marked(staff, conversation):
    return staff.get(f"/conversation/{conversation}/message")["dangers"]


def safety(client, conversation, mine="/my"):
    return [m["text"] for m in said(client, conversation, mine) if m["actor"]["kind"] == "system" and "119" in m["text"]]


def ticket_of(staff, conversation, before=None):
    """Once it has another one than before."""
    return staff.get(f"/ticket/{wait_for(lambda: (now := staff.get(f'/conversation/{conversation}')['ticket_id']) != before and now)}")


def test_who_waits_for_a_person_is_told_what_to_do_and_people_are_called(admin, customer):
    conversation = write(customer, "我家冰箱不太对")["conversation"]["id"]
    dangerous = write(customer, SMOKE)["no"]
    ticket = ticket_of(admin, conversation)
    assert (ticket["grade"], ticket["scene"], ticket["state"], ticket["channel"], ticket["customer_id"]) == ("critical", "emergency", "new", "web", customer.id)
    assert len(safety(customer, conversation)) == 1 and marked(admin, conversation) == [dangerous]
    row = admin.get(f"/conversation/{conversation}")
    assert row["state"] == "waiting" and row["waiting_since"] and row["last_words"] == SMOKE, "automatic words end no wait"
    note, = [m["text"] for m in said(admin, conversation) if m["visibility"] == "internal"]
    assert ticket["no"] in note and "并已发出安全提示" in note
    assert "dangers" not in customer.get(f"/my/conversation/{conversation}/message")


def test_who_has_her_hears_of_it_and_an_ordinary_ticket_is_no_reason_to_file_none(server, admin, customer):
    conversation = write(customer, "冰箱怎么调温度")["conversation"]["id"]
    say(admin, conversation, "您好")
    ordinary = admin.post(f"/conversation/{conversation}/ticket", {})["ticket"]["id"]
    write(customer, SMOKE)
    ticket = ticket_of(admin, conversation, ordinary)
    assert (ticket["grade"], ticket["scene"]) == ("critical", "emergency") and len(safety(customer, conversation)) == 1
    heard = [n for n in admin.get("/notification")["items"] if n["kind"] == "danger" and n["object_id"] == conversation]
    assert len(heard) == 1


def test_danger_again_is_marked_and_neither_filed_nor_told_twice(admin, customer):
    conversation = write(customer, SMOKE)["conversation"]["id"]
    ticket = ticket_of(admin, conversation)
    again = write(customer, "烟越来越大，着火了")["no"]
    wait_for(lambda: again in marked(admin, conversation))
    assert admin.get(f"/conversation/{conversation}")["ticket_id"] == ticket["id"] and len(safety(customer, conversation)) == 1
    admin.post(f"/ticket/{ticket['id']}/action/cancel", {"version": ticket["version"], "reason": "误报"})
    write(customer, "又冒烟了")
    assert ticket_of(admin, conversation, ticket["id"])["grade"] == "critical"


@pytest.mark.parametrize("words", ["空调有点漏水", "没有冒烟，就是不制冷", "热水器点不着火"])
def test_what_only_sounds_like_it_is_left_to_people(admin, customer, words):
    conversation = write(customer, words)["conversation"]["id"]
    write(customer, SMOKE)          # behind it: what was to be looked at has been
    ticket_of(admin, conversation)
    assert marked(admin, conversation) == [2]


def test_what_the_bot_had_no_time_to_hear_is_heard_all_the_same(admin, customer):
    with people.bot_first(admin):
        conversation = write(customer, "转人工")["conversation"]["id"]
        dangerous = write(customer, SMOKE)["no"]
        assert ticket_of(admin, conversation)["grade"] == "critical"
        assert marked(admin, conversation) == [dangerous] and len(safety(customer, conversation)) == 1


def test_the_bot_files_danger_beside_an_ordinary_ticket(admin, customer):
    with people.bot_first(admin):
        conversation = write(customer, "冰箱怎么调温度")["conversation"]["id"]
        wait_for(lambda: len(said(customer, conversation, "/my")) > 1)
        ordinary = admin.post(f"/conversation/{conversation}/ticket", {})["ticket"]["id"]
        dangerous = write(customer, SMOKE)["no"]
        assert ticket_of(admin, conversation, ordinary)["grade"] == "critical" and marked(admin, conversation) == [dangerous]


@pytest.mark.parametrize("words, alarms", [("Which fridge do you advise for a nonsmoking home?", False), ("The price shocked me, how do I unplug hot and cold taps?", False), ("My fridge is smoking", True),
    ("Gas leaked into the kitchen", True), ("Our grandchild trapped her hand", True), ("The bill shocked me, but the fridge shocked me too", True), ("There is water in sockets here", True), ("The plug is hotter every day", True)])
def test_an_english_word_alarms_only_where_it_is_a_word_of_its_own(admin, customer, words, alarms):
    with people.bot_first(admin):
        conversation = write(customer, words)["conversation"]["id"]
        wait_for(lambda: len(said(customer, conversation, "/my")) > 1)
    assert marked(admin, conversation) == ([1] if alarms else [])


@pytest.mark.parametrize("channel, words, alarms", [("mail", "冰箱怎么调温度", False), ("mail", SMOKE, True), ("mail", "Our grandchild trapped her hand", True), ("web", "Our grandchild trapped her hand", True)])
def test_what_the_bot_left_to_people_calls_them_where_a_rule_speaks_of_it_and_a_mail_where_it_sounds_like_danger(company, tmp_path, channel, words, alarms):
    """It was the bot's to hear, and a person came before."""
    with opened(company, tmp_path) as desk:
        client, _ = people.new_customer(desk.server.url, desk.admin)
        conversation = write(client, words)["conversation"]["id"]
        if words == SMOKE:
            ticket_of(desk.admin, conversation)
        desk.server.stop()
        company.execute(f"UPDATE conversation SET channel = '{channel}', ticket_id = 0 WHERE id = {conversation}")
        company.execute(f"INSERT INTO job (tenant, id, kind, run_at, state, unique_key) SELECT tenant, id, 'bot.answer', 1, 'waiting', '{conversation}/1' FROM conversation WHERE id = {conversation}")
        desk.server.start()
        desk.sign_in()
        wait_for(lambda: rows(company, "SELECT count(*) FROM job WHERE kind IN ('bot.answer', 'conversation.danger')")[0][0] == 0, clock=desk.clock)
        assert (desk.admin.get(f"/conversation/{conversation}")["ticket_id"] is not None) == alarms
        assert set(marked(desk.admin, conversation)) == ({1} if alarms else set())
        client.close()
