"""Snippets: words kept once, placed in articles by name, changed once for all of them, and not put away while they stand somewhere."""
import copy
import uuid

import pytest
from definitions import faults
from test_bot import bot, customer, talk  # noqa: F401
from test_file import png, upload
from test_help import read, reader  # noqa: F401
from test_knowledge import act, article, entry, published, tree
from test_templates import agent

from patience import wait_for

pytestmark = pytest.mark.quick


def snippet(admin, zh="拨打 400-800-1234，每天 8:00–20:00", en="Call 400-800-1234, 8 am to 8 pm", **more):
    return admin.post("/snippet", {"name": f"服务电话{uuid.uuid4().hex[:6]}", "text_zh": zh, "text_en": en, **more})


def mark(row):
    return f"{{{{snippet.{row['name']}}}}}"


def test_changed_once_it_is_changed_everywhere(admin, reader):  # noqa: F811
    said = snippet(admin, en="")
    row = published(admin, body_zh=f"先断电。\n\n{mark(said)}。", body_en=f"Cut the power. {mark(said)}")
    page = f"/help/article/{row['code']}"
    assert "400-800-1234" in read(reader, page, lang="zh").words and "400-800-1234" in read(reader, page, lang="en").words
    word = f"新号{uuid.uuid4().hex[:6]}"
    said = admin.patch(f"/snippet/{said['id']}", {"version": said["version"], "text_zh": f"打 {word}", "text_en": f"Ring {word}"})
    assert f"打 {word}" in read(reader, page, lang="zh").words and f"Ring {word}" in read(reader, page, lang="en").words
    assert reader.get("/help/suggest", params={"q": word}).json()["items"][0]["url"].startswith(page), "and it is found by them"
    preview = {"text": f"**{mark(said)}**"}
    assert admin.post("/knowledge/preview", preview)["html"] == f"<p><strong>打 {word}</strong></p>\n"
    assert admin.post("/knowledge/preview", {**preview, "language": "en"})["html"] == f"<p><strong>Ring {word}</strong></p>\n"
    assert entry(admin, row["code"])["row"]["body_zh"] == f"先断电。\n\n{mark(said)}。", "who edits sees the name"


def test_a_step_of_a_fault_tree_holds_one_too(admin, reader):  # noqa: F811
    said = snippet(admin)
    shape = copy.deepcopy(tree())
    end = next(name for name, node in shape["nodes"].items() if "end" in node)
    shape["nodes"][end]["tell"] = {"zh": f"请{mark(said)}", "en": f"Please: {mark(said)}"}
    row = published(admin, kind="fault_tree", body_zh="", tree=shape)
    assert "请拨打 400" in read(reader, f"/help/article/{row['code']}/step/{end}", lang="zh").words
    assert "Please: Call 400" in read(reader, f"/help/article/{row['code']}/step/{end}", lang="en").words
    assert [u["code"] for u in admin.get(f"/snippet/{said['id']}/use")["items"]] == [row["code"]]


def test_where_it_stands_is_listed_and_it_stays_as_long(admin):
    said, other = snippet(admin), snippet(admin)
    assert admin.get(f"/snippet/{said['id']}/use")["items"] == []
    row = article(admin, body_zh=f"{mark(said)} {mark(other)}", title_zh="草稿也算")
    assert admin.get(f"/snippet/{said['id']}/use")["items"] == [{"code": row["code"], "title": {"zh": "草稿也算", "en": "草稿也算"}, "state": "draft"}]
    refused = admin.post(f"/snippet/{said['id']}/archive", {"version": said["version"]}, status=409)
    assert refused["error"]["code"] == "snippet_used" and row["code"] in refused["error"]["message"]
    row = admin.patch(f"/article/{row['id']}", {"version": row["version"], "body_zh": mark(other)})
    said = admin.post(f"/snippet/{said['id']}/archive", {"version": said["version"]})
    refused = admin.patch(f"/article/{row['id']}", {"version": row["version"], "body_zh": mark(said)}, status=422)
    assert faults(refused, "field", "code") == [("body_zh", "snippet_unknown")]
    admin.post(f"/snippet/{said['id']}/restore", {"version": said["version"]})
    admin.patch(f"/article/{row['id']}", {"version": row["version"], "body_zh": mark(said)})


@pytest.mark.parametrize("text", ["{{snippet.没有的}}", "{{snippet.}}", "{{snippet.没有收尾"])
def test_a_name_that_there_is_not_is_refused_by_field(admin, text):
    for field in ("body_zh", "body_en"):
        assert faults(admin.post("/article", {"code": f"S-{uuid.uuid4().hex[:8]}", "title_zh": "片段", field: text}, status=422), "field", "code") == [(field, "snippet_unknown")]


def test_braces_of_other_kinds_are_words(admin):
    article(admin, body_zh="模板写作 {{ticket.no}}，或 {{snippet")


@pytest.mark.parametrize(("fields", "field", "code"), [
    ({"text_zh": "见 {{snippet.甲}}"}, "text_zh", "snippet_plain"), ({"text_en": "![x](file:12)"}, "text_en", "snippet_plain"),
    ({"name": "甲}乙"}, "name", "field_invalid"), ({"text_zh": "长" * 1001}, "text_zh", "field_too_long")])
def test_what_is_no_snippet_is_refused_by_field(admin, fields, field, code):
    wrong = {"name": f"片段{uuid.uuid4().hex[:6]}", "text_zh": "八点到二十点", **fields}
    assert faults(admin.post("/snippet", wrong, status=422), "field", "code") == [(field, code)]


def test_a_name_is_given_once_and_never_changed(admin):
    said = snippet(admin)
    assert ("name", "field_taken") in faults(admin.post("/snippet", {"name": said["name"], "text_zh": "另一个"}, status=422), "field", "code")
    admin.patch(f"/snippet/{said['id']}", {"version": said["version"], "name": "别的"}, status=422)


def test_pieces_put_together_open_no_file_of_others(admin, server, reader):  # noqa: F811
    author = agent(server, admin, ["article.read", "article.create", "article.change", "article.publish", "snippet.create", "snippet.read", "file.read"])
    theirs = upload(admin, "a.png", png(20, 20))
    said = author.post("/snippet", {"name": f"拼{uuid.uuid4().hex[:6]}", "text_zh": f"le:{theirs})"})
    row = author.post("/article", {"code": f"S-{uuid.uuid4().hex[:8]}", "title_zh": "拼", "body_zh": f"![图](fi{mark(said)}"})
    act(author, row, "publish")
    assert not read(reader, f"/help/article/{row['code']}").all("img")
    assert reader.get(f"/help/picture/{row['code']}/{theirs}").status_code == 404


def test_the_answer_of_the_bot_says_it(admin, talk):  # noqa: F811
    said = snippet(admin)
    picture = upload(admin, "a.png", png(20, 20))
    row = published(admin, title_zh="加湿器附近门店在哪查", body_zh=f"请{mark(said)}查询。\n\n![门店的招牌](file:{picture})\n\n![](file:{picture})")
    admin.post("/phrasing", {"article": row["code"], "text": "加湿器附近哪里有门店"})
    wait_for(lambda: admin.get("/knowledge/learning")["ready"], 120)
    answer = talk("加湿器附近哪里有门店")["text"]
    assert "请拨打 400-800-1234" in answer and "【门店的招牌】" in answer and "file:" not in answer
