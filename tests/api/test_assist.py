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


def quoted(admin, conversation, q="", **more):
    return admin.get(f"/conversation/{conversation}/article", **({"q": q} if q else {}), **more)["items"]


def test_articles_are_found_to_be_quoted_by_words_or_by_what_was_asked(admin, customer):
    conversation = asked(customer, "空调漏水怎么处理")
    assert quoted(admin, conversation)[0]["code"] == "A02", "nothing typed: what she asked"
    found = quoted(admin, conversation, "冰箱怎么除霜")
    assert found[0]["product"] == "Fridge" and "霜" in found[0]["text"] and not found[0]["internal"] and len(found) <= 20
    assert any(a["title"].startswith("E1 ") for a in quoted(admin, conversation, "冰箱显示E1")), "letters of the display first"
    assert quoted(admin, conversation, "咿呀咿呀") == []
    admin.get(f"/conversation/{conversation}/article", q="长" * 101, status=422)


def test_what_is_about_the_product_of_the_talk_is_quoted_first(admin, customer):
    for words, code in (("空调坏了", "A"), ("洗衣机坏了", "W")):
        conversation = asked(customer, words)
        admin.post(f"/conversation/{conversation}/mark", {"no": admin.get(f"/conversation/{conversation}")["last_no"], "what": "product", "value": "air_conditioner" if code == "A" else "washer"})
        assert quoted(admin, conversation, "漏水")[0]["code"].startswith(code), words
        assert quoted(admin, conversation, "空调漏水")[0]["code"] == "A02", "unless she says another"


def test_what_is_no_message_is_quoted_by_title_and_address(server, admin, customer):
    conversation = asked(customer, "空调不制冷怎么办")
    tree = admin.get(f"/conversation/{conversation}/assist")["tree"]
    words = next(a["text"] for a in quoted(admin, conversation, tree["title"]) if a["code"] == tree["code"])
    title, address = words.split("\n")
    assert title == "空调不制冷" and address.startswith(f"{server.url}/help/article/"), words
    page = admin.http.get(address)
    assert page.status_code == 200 and title in page.text


def test_only_notes_quote_what_is_for_staff_and_nobody_a_draft(admin, customer):
    conversation = asked(customer, "冰箱压缩机保修几年")
    row = published(admin, code="QUOTE2", audience="staff", title_zh="冰箱压缩机保修几年", body_zh="内部口径：见结算手册。")
    draft = admin.post("/article", {"code": "QUOTE1", "kind": "faq", "title_zh": "冰箱压缩机保修口径草稿", "body_zh": "草稿。"})
    try:
        assert not {"QUOTE2", "QUOTE1"} & {a["code"] for a in quoted(admin, conversation, "冰箱压缩机保修")}
        inside = {a["code"]: a["internal"] for a in quoted(admin, conversation, "冰箱压缩机保修", inside=1)}
        assert inside["QUOTE2"] is True and "QUOTE1" not in inside
    finally:
        for one in (row, draft):
            admin.post(f"/article/{one['id']}/archive", {"version": one["version"]})


def test_nobody_else_s_conversation_has_articles_to_quote(server, admin, customer):
    conversation = asked(customer, "空调漏水")
    other, _ = people.new_customer(server.url, admin)
    other.get(f"/conversation/{conversation}/article", status=401)
    other.close()
