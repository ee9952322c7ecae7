"""Gaps: what the bot left to people, alike questions as one, without what tells of a person; added, dismissed, taken back."""
import uuid
from contextlib import closing

import people
from actors import connect
from test_bot import Talk, bot, customer, talk  # noqa: F401
from test_conversation import say, write
from test_templates import agent

from patience import wait_for


def gaps(admin, state="open"):
    return admin.get("/gap", state=state)["items"]


def gap_of(admin, words, state="open"):
    return next((g for g in gaps(admin, state) if any(words in q["text"] for q in g["questions"])), None)


def asked_in_vain(admin, talk, words):
    talk(words)
    return wait_for(lambda: gap_of(admin, words))


def act(admin, gap, what, status=200, **more):
    return admin.post(f"/gap/{gap['id']}/{what}", {"version": gap["version"]} | more, status=status)


def own_sound():
    """Four characters that nobody else says. No digits or letters: they may be read as the code of a fault."""
    return uuid.uuid4().hex.translate(str.maketrans("0123456789abcdef", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"))[:4]


def test_what_was_not_understood_is_a_gap_without_a_persons_number(admin, talk):
    mark = "呜啦啦" + own_sound()
    gap = asked_in_vain(admin, talk, mark)
    assert (gap["many"], gap["state"], gap["why"]) == (1, "open", "sorry")
    talk(f"呼噜呼噜咿呀哟{mark}我的电话13812345678")
    gap = wait_for(lambda: next((g for g in gaps(admin) if any("_phone_" in q["text"] and mark in q["text"] for q in g["questions"])), None))
    assert "13812345678" not in str(gap)


def test_questions_that_are_alike_are_one_gap(admin, customer):
    first = Talk(customer, admin)
    first("你们有没有太空舱月球移民套餐呀")
    second = Talk(customer, admin)
    gap = wait_for(lambda: gap_of(admin, "月球移民套餐"))
    second("请问有没有太空舱月球移民的套餐")
    gap = wait_for(lambda: (g := gap_of(admin, "月球移民套餐")) and g["many"] == 2 and g)
    assert len(gap["questions"]) == 2 and gap["questions"][0]["text"].startswith("请问")


def test_added_as_a_phrasing_and_taken_back(admin, talk):
    mark = "叽里咕噜" + own_sound()
    gap = asked_in_vain(admin, talk, mark)
    act(admin, gap, "add", article="NO-SUCH", text=mark, status=422)
    added = act(admin, gap, "add", article="A02", text=mark)
    phrasings = lambda: [p["text"] for p in admin.get("/knowledge/entry/A02")["phrasings"]]
    assert mark in phrasings() and gap_of(admin, mark) is None and gap_of(admin, mark, "added")["article"] == "A02"
    act(admin, gap, "dismiss", status=409)
    act(admin, gap | {"version": added["version"]}, "reopen")
    assert mark not in phrasings() and gap_of(admin, mark)["article"] == ""


def test_dismissed_stays_dismissed_until_it_is_taken_back(admin, talk):
    mark = "乌里哇啦" + own_sound()
    gap = asked_in_vain(admin, talk, mark)
    act(admin, gap, "dismiss")
    assert gap_of(admin, mark) is None
    act(admin, gap, "dismiss", status=409)
    act(admin, gap_of(admin, mark, "dismissed"), "reopen")
    assert gap_of(admin, mark)


def test_who_may_not_write_articles_sees_no_gaps(server, admin):
    agent(server, admin, ["article.read", "conversation.read"]).get("/gap", status=403)


def all_gaps(admin):
    page, found = admin.get("/gap"), []
    while True:
        found += page["items"]
        if not page["next"]:
            return found, page["open"]
        page = admin.get("/gap", **page["next"])


def test_what_a_customer_asked_goes_with_her(admin, talk):
    mark = "稀里哗啦" + own_sound()
    asked_in_vain(admin, talk, mark)
    admin.post(f"/customer/{talk.customer.id}/erase", {"reason": "本人申请"})
    wait_for(lambda: gap_of(admin, mark) is None)
    shown, counted = all_gaps(admin)
    assert counted == len(shown)


MANY = 2100


def test_a_gap_of_many_questions_hides_no_other(server, admin, customer):
    marks = "滴里搭拉" + own_sound(), "噼里啪啦" + own_sound()
    for mark in marks:
        asked_in_vain(admin, Talk(customer, admin), mark)
    gap = gap_of(admin, marks[1])
    number = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})".format(MANY)
    turn = f"(SELECT max(turn_id) FROM gap_turn WHERE gap_id = {gap['id']})"
    with closing(connect(server.company, writes=True)) as stored:
        try:
            stored.execute(f"{number} INSERT INTO bot_turn (tenant, id, conversation_id, customer_id, no, question, did, created_at) "
                           f"SELECT t.tenant, n.i, t.conversation_id, t.customer_id, t.no, t.question || CAST(n.i AS text), 'own', t.created_at FROM bot_turn t, n WHERE t.id = {turn}")
            stored.execute(f"{number} INSERT INTO gap_turn (tenant, turn_id, gap_id, at) SELECT t.tenant, n.i, {gap['id']}, t.created_at + n.i FROM bot_turn t, n WHERE t.id = {turn}")
            shown = gaps(admin)
            assert len(next(g for g in shown if g["id"] == gap["id"])["questions"]) == 5
            assert gap_of(admin, marks[0])
        finally:
            stored.execute(f"DELETE FROM gap_turn WHERE turn_id <= {MANY}")
            stored.execute(f"DELETE FROM bot_turn WHERE id <= {MANY}")


# Put right by colleagues ------------------------------------------------------------------------------------------------------------------

def mark(admin, talk, no, guess, value, **more):
    admin.post(f"/conversation/{talk.id}/mark", {"no": no, "what": "answer", "guess": guess, "confidence": 60, "value": value} | more)


def answered(talk, admin, words):
    """The bot answered it; the number of her message and the article."""
    talk(words)
    turn = next(t for t in admin.get("/bot_turn", limit=50, sort="-created_at")["items"] if t["conversation_id"] == talk.id and t["question"] == words)
    return turn["no"], turn["article"]


def test_an_answer_that_a_colleague_put_right_is_a_gap_and_her_choice_comes_first(admin, talk):
    words = "你好空调漏水怎么处理"
    no, article = answered(talk, admin, words)
    assert article and gap_of(admin, words) is None
    mark(admin, talk, no, "A05", "used")
    gap = wait_for(lambda: gap_of(admin, words))
    assert (gap["why"], gap["questions"][0]["article"]) == ("corrected", article)
    assert [(c["code"], c["n"]) for c in gap["chosen"]] == [("A05", 1)] and gap["chosen"][0]["title"]["zh"]
    added = act(admin, gap, "add", article="A05", text=words)
    act(admin, gap | {"version": added["version"]}, "reopen")
    assert gap_of(admin, words)["why"] == "corrected"


def test_a_suggestion_that_is_refused_is_a_gap_and_taking_the_first_is_none(server, admin):
    """Where no bot is, an agent is suggested to all the same."""
    customer, _ = people.new_customer(server.url, admin)
    talk = Talk(customer, admin)
    wrong, right = "压缩机嗡嗡响" + own_sound(), "遥控器没反应" + own_sound()
    talk.id = write(customer, wrong + "我的电话13812345678")["conversation"]["id"]
    mark(admin, talk, 1, "A02", "unhelpful", first="A02")
    gap = wait_for(lambda: gap_of(admin, wrong))
    assert gap["why"] == "corrected" and "13812345678" not in str(gap) and gap["chosen"] == []
    mark(admin, talk, 1, "A05", "used", first="A02")
    assert [c["code"] for c in admin.get(f"/gap/{gap['id']}")["chosen"]] == ["A05"]
    write(customer, right)
    mark(admin, talk, 2, "A02", "used", first="A02")
    mark(admin, talk, 2, "A07", "unhelpful", first="A02")
    mark(admin, talk, 1, "A02", "unhelpful", first="A02")
    assert gap_of(admin, right) is None and gap_of(admin, wrong)["many"] == 1
    assert not [t for t in admin.get("/bot_turn", limit=100, sort="-created_at")["items"] if t["question"] == right]
    customer.close()


def test_what_did_not_help_and_a_person_answered_is_put_right(admin, talk):
    words = "空调有异味怎么办呀"
    assert answered(talk, admin, words)[1]
    talk("没解决")
    gap = wait_for(lambda: gap_of(admin, words))
    assert gap["why"] == "unsolved"
    talk("转人工")
    say(admin, talk.id, "请拆下滤网清洗")
    assert wait_for(lambda: gap_of(admin, words)["why"] == "corrected")
