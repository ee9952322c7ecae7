"""The knowledge base: what a company writes lies over what its pack knows, is whole when it is published, is found, and going back is clean."""
import json
import uuid
from pathlib import Path

import pytest
from definitions import faults
from test_templates import agent

pytestmark = pytest.mark.quick
PACK = Path(__file__).parents[2] / "packs/appliance/knowledge"
ENDS = {"a": {"ask": {"zh": "灯亮吗？", "en": "Is the lamp on?"}, "choices": [{"say": {"zh": "亮", "en": "Yes"}, "go": "b"}, {"say": {"zh": "不亮", "en": "No"}, "go": "c"}]},
        "b": {"tell": {"zh": "按住开关 3 秒。", "en": "Hold the switch for 3 seconds."}, "end": "solved"}, "c": {"tell": {"zh": "请报修。", "en": "Ask for service."}, "end": "report"}}


def written(name):
    return [(f.parent.name, said) for f in sorted(PACK.glob(f"*/{name}.json")) for said in json.loads(f.read_text(encoding="utf-8"))]


def question():
    """One of the pack about a product of the demo, without danger."""
    return next(q for product, q in written("questions") if product != "general" and not q.get("danger") and q["kind"] == "fault")


def entry(client, code, **options):
    return client.get(f"/knowledge/entry/{code}", **options)


def codes(client, **query):
    return [e["code"] for e in client.get("/knowledge", limit=200, **query)["items"]]


def new_code():
    return f"K-{uuid.uuid4().hex[:8]}"


def article(admin, **fields):
    return admin.post("/article", {"code": new_code(), "title_zh": "滤网多久洗一次", "body_zh": "每两周一次。"} | fields)


def act(client, row, action, **more):
    options = {"status": more.pop("status")} if "status" in more else {}
    return client.post(f"/article/{row['id']}/action/{action}", {"version": row["version"]} | more, **options)


def published(admin, **fields):
    return act(admin, article(admin, **fields), "publish")


# Changing what the pack says -------------------------------------------------------------------------------------------------------

def test_a_draft_over_the_pack_changes_nothing_until_it_is_published_and_back_is_back(admin):
    q = question()
    row = article(admin, code=q["id"], title_zh="我们的说法", body_zh="先拨热线。")
    said = entry(admin, q["id"])
    assert (said["head"]["state"], said["head"]["in_force"], said["head"]["title"]["zh"]) == ("draft", "published", q["question"]["zh"])
    row = act(admin, row, "publish")
    said = entry(admin, q["id"])
    assert (said["head"]["title"]["zh"], said["head"]["from"], said["pack"]["title"]["zh"]) == ("我们的说法", "changed", q["question"]["zh"])
    assert [p["text"] for p in said["phrasings"]] == q["phrasings"], "people ask as they did before"
    row = act(admin, row, "retire")
    assert entry(admin, q["id"])["head"]["in_force"] == "retired"
    admin.post(f"/article/{row['id']}/archive", {"version": row["version"]})
    said = entry(admin, q["id"])
    assert (said["head"]["from"], said["head"]["title"]["zh"], said["archived"]) == ("pack", q["question"]["zh"], True)
    row = admin.post(f"/article/{row['id']}/restore", {"version": said["row"]["version"]})
    assert entry(admin, q["id"])["head"]["in_force"] == "retired"
    admin.post(f"/article/{row['id']}/archive", {"version": row["version"]})


def test_a_code_is_given_once(admin):
    row = article(admin)
    (field, code), = faults(admin.post("/article", {"code": row["code"], "title_zh": "又一篇"}, status=422), "field", "code")
    assert (field, code) == ("code", "field_taken")


@pytest.mark.parametrize("fields, field, code", [
    ({"code": "有中文"}, "code", "field_invalid"), ({"code": "-x"}, "code", "field_invalid"), ({"product": "spaceship"}, "product", "field_reference"),
    ({"models": {"a": 1}}, "models", "field_type"), ({"see": ["no-such-code"]}, "see", "field_reference"), ({"title_zh": ""}, "title_zh", "field_required"),
])
def test_what_is_wrong_is_refused_by_field_and_changes_nothing(admin, fields, field, code):
    before = admin.get("/article", total=1)["total"]
    body = {"code": new_code(), "title_zh": "标题", "body_zh": "正文"} | fields
    assert (field, code) in faults(admin.post("/article", body, status=422), "field", "code")
    assert admin.get("/article", total=1)["total"] == before


@pytest.mark.parametrize("fields, field, code", [
    ({"body_zh": ""}, "body_zh", "field_required"), ({"kind": "fault_code"}, "fault_code", "field_required"), ({"kind": "fault_tree"}, "tree", "field_required"),
    ({"danger": "gas"}, "source", "article_source"),
])
def test_what_is_not_whole_stays_a_draft(admin, fields, field, code):
    row = article(admin, **fields)
    for action in ("submit", "publish"):
        assert (field, code) in faults(act(admin, row, action, status=422), "field", "code")
    assert admin.get(f"/article/{row['id']}")["state"] == "draft"


def test_danger_names_its_source(admin):
    assert published(admin, danger="gas", source="GB 16914")["state"] == "published"


def test_who_writes_submits_and_who_may_publish_publishes(server, admin):
    author = agent(server, admin, ["article.read", "article.create", "article.change"])
    row = article(author)
    assert act(author, row, "publish", status=403)
    row = act(author, row, "submit")
    row = act(admin, row, "send_back", reason="请写清楚步骤")
    row = author.patch(f"/article/{row['id']}", {"version": row["version"], "body_zh": "1. 拔下电源\n2. 冲洗滤网"})
    row = act(admin, act(author, row, "submit"), "publish")
    author.patch(f"/article/{row['id']}", {"version": row["version"], "body_zh": "改一下"}, status=403)
    row = admin.patch(f"/article/{row['id']}", {"version": row["version"], "body_zh": "改一下"})
    assert row["state"] == "published" and entry(admin, row["code"])["row"]["body_zh"] == "改一下"
    admin.patch(f"/article/{row['id']}", {"version": row["version"] - 1, "body_zh": "旧"}, status=409)


def test_history_tells_every_version(admin):
    row = published(admin)
    admin.patch(f"/article/{row['id']}", {"version": row["version"], "title_zh": "新标题", "reason": "客户看不懂"})
    newest = admin.get(f"/article/{row['id']}/history")["items"][0]
    assert "新标题" in json.dumps(newest, ensure_ascii=False) and "客户看不懂" in json.dumps(newest, ensure_ascii=False)


def test_what_should_be_looked_at_again_is_marked(admin):
    late, later = published(admin, review_on="2020-01-01"), published(admin, review_on="2099-01-01")
    due = codes(admin, due=1)
    assert late["code"] in due and later["code"] not in due and entry(admin, late["code"])["head"]["due"]


# Trees -------------------------------------------------------------------------------------------------------------------------------

def tree(**changes):
    return {"start": "a", "nodes": ENDS | changes}


def test_a_tree_is_published_when_every_way_ends(admin):
    row = published(admin, kind="fault_tree", body_zh="", tree=tree())
    assert entry(admin, row["code"])["row"]["tree"] == tree()


@pytest.mark.parametrize("wrong, field, code", [
    ({"start": "x", "nodes": ENDS}, "tree.start", "field_reference"),
    (tree(d={"tell": {"zh": "孤立", "en": ""}, "end": "stop"}), "tree.nodes.d", "tree_unreached"),
    (tree(b={"tell": {"zh": "没有结果", "en": ""}}), "tree.nodes.b.end", "field_choice"),
    (tree(b={"tell": {"zh": "", "en": ""}, "end": "solved"}), "tree.nodes.b.tell.zh", "field_required"),
    (tree(a={"ask": {"zh": "问"}, "choices": [{"say": {"zh": "是"}, "go": "b"}]}), "tree.nodes.a.choices", "field_invalid"),
    (tree(a={"ask": {"zh": "问"}, "choices": [{"say": {"zh": "是"}, "go": "b"}, {"say": {"zh": "否"}, "go": "q"}]}), "tree.nodes.a.choices[1].go", "field_reference"),
    (tree(b={"ask": {"zh": "再看"}, "choices": [{"say": {"zh": "是"}, "go": "b"}, {"say": {"zh": "否"}, "go": "b"}]}), "tree.nodes.b", "tree_endless"),
    (tree(b={"tell": {"zh": "好"}, "end": "solved", "script": "x"}), "tree.nodes.b.script", "field_unknown"),
    ({"start": "a", "nodes": {f"n{i}": ENDS["b"] for i in range(61)}}, "tree", "field_too_large"),
    ([], "tree", "field_required"), ({"start": "a", "nodes": 5}, "tree", "field_required"),
])
def test_what_is_wrong_with_a_tree_is_said_by_step(admin, wrong, field, code):
    row = article(admin, kind="fault_tree", tree=wrong)
    assert (field, code) in faults(act(admin, row, "publish", status=422), "field", "code")


# Phrasings ---------------------------------------------------------------------------------------------------------------------------

def test_phrasings_of_the_company_stand_behind_those_of_the_pack(admin):
    q = question()
    text = f"我家那个咋又这样了{uuid.uuid4().hex[:4]}"
    row = admin.post("/phrasing", {"article": q["id"], "text": text})
    assert text in [p["text"] for p in entry(admin, q["id"])["phrasings"] if not p["off"]]
    for again in (text, f" {text} ", q["phrasings"][0]):
        assert ("text", "field_taken") in faults(admin.post("/phrasing", {"article": q["id"], "text": again}, status=422), "field", "code")
    admin.post(f"/phrasing/{row['id']}/archive", {"version": row["version"]})
    assert text not in [p["text"] for p in entry(admin, q["id"])["phrasings"]]


def test_a_phrasing_of_the_pack_is_switched_off_and_on_again(admin):
    q = question()
    text = q["phrasings"][1]
    off = admin.post("/phrasing", {"article": q["id"], "text": text, "source": "pack", "active": False})
    said = {p["text"]: p["off"] for p in entry(admin, q["id"])["phrasings"]}
    assert said[text] and len(said) == len(q["phrasings"]) and not said[q["phrasings"][0]]
    admin.patch(f"/phrasing/{off['id']}", {"version": off["version"], "active": True})
    assert not {p["text"]: p["off"] for p in entry(admin, q["id"])["phrasings"]}[text]
    assert ("text", "field_reference") in faults(admin.post("/phrasing", {"article": q["id"], "text": "行业包没有这句", "source": "pack", "active": False}, status=422), "field", "code")


def test_a_phrasing_belongs_to_an_article(admin):
    assert ("article", "field_reference") in faults(admin.post("/phrasing", {"article": "no-such", "text": "怎么回事"}, status=422), "field", "code")


def test_near_phrasings_are_shown(admin):
    q = question()
    text = max(q["phrasings"], key=len)
    found = admin.get("/knowledge/near", text=text + "呀")["items"]
    assert (found[0]["code"], found[0]["text"]) == (q["id"], text) and found[0]["percent"] > 60
    assert admin.get("/knowledge/near", text="完全没有关系的一句外星话语")["items"] == []


# Finding -----------------------------------------------------------------------------------------------------------------------------

def test_questions_are_found_as_people_ask_them(admin):
    asked = [(q["id"], q["phrasings"][0]) for p, q in written("questions") if p != "general"][:30]
    hits = sum(code in codes(admin, q=text)[:3] for code, text in asked)
    assert hits >= len(asked) * 0.9, "the pack's own phrasings lead to their question"
    assert question()["id"] in codes(admin, q=question()["question"]["en"])


def test_what_a_company_writes_is_found_by_its_own_words(admin):
    row = published(admin, title_zh="月亮牌加湿器怎么加水", body_zh="拧开水箱盖。", title_en="Filling the moonlight humidifier")
    assert codes(admin, q="月亮牌加湿器")[0] == row["code"] and codes(admin, q="moonlig")[0] == row["code"]
    assert row["code"] in [e["code"] for e in admin.get("/knowledge", **{"from": "own", "limit": 200})["items"]]


def test_words_that_mean_the_same_find_one_another(admin):
    mark = uuid.uuid4().hex[:5]
    row = published(admin, title_zh=f"玄凤{mark}制雾失灵", body_zh="请检查雾化片。")
    assert row["code"] not in codes(admin, q="乌龙喷嚏")
    said = admin.post("/synonym", {"words": f"乌龙喷嚏，玄凤{mark}"})
    assert codes(admin, q="乌龙喷嚏")[0] == row["code"]
    admin.post(f"/synonym/{said['id']}/archive", {"version": said["version"]})
    assert row["code"] not in codes(admin, q="乌龙喷嚏")


@pytest.mark.parametrize("words", ["只有一个", "，，", "、".join(f"词{i}" for i in range(21)), "甲、" + "乙" * 41])
def test_a_line_of_the_thesaurus_holds_two_words_or_more(admin, words):
    assert ("words", "field_invalid") in faults(admin.post("/synonym", {"words": words}, status=422), "field", "code")


def test_previews_show_html_as_text(admin):
    html = admin.post("/knowledge/preview", {"text": "# 标题\n<script>alert(1)</script>\n\n[x](javascript:alert(1))"})["html"]
    assert "<h3>标题</h3>" in html and "<script" not in html and "javascript:" not in html
