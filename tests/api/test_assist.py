"""What helps an agent with a conversation: suggested answers, the next step of a fault tree, what was recognised and put right, one summary."""
import people
import pytest
from test_bot import bot, talk  # noqa: F401
from test_conversation import write
from test_knowledge import published


def asked(customer, text):
    return write(customer, text)["conversation"]["id"]


def test_the_last_message_is_answered_by_suggestions_with_their_source(admin, customer):
    conversation = asked(customer, "你好")
    write(customer, "空调漏水怎么处理")
    found = admin.get(f"/conversation/{conversation}/assist")
    first = found["answers"][0]
    assert first["code"] == "A02" and "排水" in first["text"] and first["confidence"] > 50 and first["internal"] is False
    assert len(found["answers"]) <= 3 and found["no"] == 2


def test_what_it_does_not_know_it_does_not_suggest(admin, customer):
    assert admin.get(f"/conversation/{asked(customer, '今天股票涨了吗咿呀')}/assist")["answers"] == []


def test_articles_for_staff_alone_are_marked(admin, customer):
    row = published(admin, code="FR-036", audience="staff", title_zh="冰箱压缩机保修几年", body_zh="内部口径：见结算手册。")
    try:
        found = admin.get(f"/conversation/{asked(customer, '冰箱压缩机保修几年')}/assist")
        assert [a["internal"] for a in found["answers"] if a["code"] == "FR-036"] == [True]
    finally:
        admin.post(f"/article/{row['id']}/archive", {"version": row["version"]})


def test_the_fault_tree_is_walked_by_the_agent(admin, customer):
    conversation = asked(customer, "空调不制冷怎么办")
    tree = admin.get(f"/conversation/{conversation}/assist")["tree"]
    assert tree["ask"] and tree["choices"]
    after = admin.get(f"/conversation/{conversation}/assist", tree=tree["code"], node=tree["choices"][0]["go"])["tree"]
    assert after["code"] == tree["code"] and after["node"] == tree["choices"][0]["go"]


def test_what_was_recognised_is_put_right_and_kept(admin, customer):
    conversation = asked(customer, "空调漏水，气死我了")
    marks = {m["what"]: m for m in admin.get(f"/conversation/{conversation}/assist")["marks"]}
    assert (marks["product"]["value"], marks["emotion"]["value"], marks["language"]["value"]) == ("air_conditioner", "angry", "zh")
    assert admin.get(f"/conversation/{conversation}")["emotion"] == "angry"
    admin.post(f"/conversation/{conversation}/mark", {"no": 1, "what": "emotion", "guess": "angry", "confidence": 80, "value": "none"})
    admin.post(f"/conversation/{conversation}/mark", {"no": 1, "what": "scene", "guess": "repair", "confidence": 50, "value": "usage"})
    marks = {m["what"]: m for m in admin.get(f"/conversation/{conversation}/assist")["marks"]}
    assert (marks["scene"]["value"], marks["scene"]["corrected"], marks["scene"]["guess"]) == ("usage", True, "repair")
    assert admin.get(f"/conversation/{conversation}")["emotion"] in ("", None)


def test_a_code_is_in_the_language_of_the_talk(admin, customer):
    conversation = asked(customer, "洗衣机出了点问题")
    write(customer, "E3")
    found = admin.get(f"/conversation/{conversation}/assist")
    assert {m["what"]: m["value"] for m in found["marks"]}["language"] == "zh"


@pytest.mark.parametrize("body", [{"no": 1, "what": "scene", "value": "nonsense"}, {"no": 99, "what": "answer", "value": "used"}, {"no": 1, "what": "answer", "value": "maybe"}, {"no": 1, "what": "product", "value": "nothing"}])
def test_what_is_no_mark_is_refused(admin, customer, body):
    conversation = asked(customer, "空调漏水")
    admin.post(f"/conversation/{conversation}/mark", body, status=422)


def test_nobody_else_s_conversation_is_assisted(server, admin, customer):
    conversation = asked(customer, "空调漏水")
    other, _ = people.new_customer(server.url, admin)
    other.get(f"/conversation/{conversation}/assist", status=401)
    other.close()


def test_one_summary_tells_what_was_asked_and_tried(bot, talk, admin):  # noqa: F811
    talk("空调漏水怎么处理")
    talk("没解决")
    text = admin.get(f"/conversation/{talk.id}/summary")["text"]
    assert all(part in text for part in ("Customer: ", "Devices: ", "空调漏水怎么处理", "A02", "not solved")), text
