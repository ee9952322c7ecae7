"""Import of articles: what a Word document becomes, with its pictures; what Markdown, HTML and sheets become by what the page sends; what is refused and leaves
nothing; taken back, done again, and by two at once. Attacks bear the names of shared/facts/attacks.md."""
import re
import struct
import threading
import zlib

import httpx
import pytest
from docx import HEAD, SPACES, docx, heading, link, p, picture, run, step, table, title
from test_file import png, upload
from test_knowledge import entry, new_code, published
from test_templates import agent

pytestmark = pytest.mark.quick
NOTHING_LEFT = {"pictures": 0, "objects": 0, "notes": 0, "comments": 0, "deleted": 0, "hidden": 0, "links": 0}


def read(client, content, name="说明书.docx", **options):
    return client.post("/knowledge/read", {"file_id": upload(client, name, content)}, **{"status": 200} | options)


def whole(mark="保养"):
    return docx(title(f"滤网{mark}"), p("先", run("断电。", "<w:b/>"), "再取下。"), heading("步骤"), step("取下滤网"), p(picture("p1", "滤网位置")), step("冲洗"), table(["现象", "处理"], ["异味", "更换"]),
                p("见", link("h1", "官网"), link("h2", "点我")), pictures=[("p1", png(40, 30))], links=[("h1", "https://example.cn/"), ("h2", "javascript:alert(1)")])


def make(client, said, code, phrasings=(), **options):
    """As the page makes an article of what was read."""
    row = client.post("/article", {"code": code, "kind": "article", "title_zh": said["title"] or code, "body_zh": said["body"]}, **options)
    return [("article", row)] + [("phrasing", client.post("/phrasing", {"article": code, "text": text})) for text in phrasings]


def files_in(body):
    return re.findall(r"\]\(file:(\d+)\)", body)


def shown(server, code):
    return httpx.get(f"{server.url}/help/article/{code}", headers={"Accept-Language": "zh-CN"}).text


# What comes of it ------------------------------------------------------------------------------------------------------------------

def test_a_word_document_becomes_an_article_with_its_picture_and_readers_see_it(server, admin):
    said = read(admin, whole())
    (file_id,) = files_in(said["body"])
    assert said["title"] == "滤网保养"
    assert said["body"] == (f"先**断电**。再取下。\n\n## 步骤\n\n1. 取下滤网\n\n![滤网位置](file:{file_id})\n\n2. 冲洗\n\n- 现象：处理\n- 异味：更换\n\n见[官网](<https://example.cn/>)点我")
    assert said["left"] == NOTHING_LEFT | {"links": 1}
    code = new_code()
    row = make(admin, said, code)[0][1]
    admin.post(f"/article/{row['id']}/action/publish", {"version": row["version"]})
    page = shown(server, code)
    assert "<strong>断电</strong>。" in page and "<li>取下滤网</li>" in page and "javascript:" not in page
    picture = re.search(f'src="(/help/picture/[^"]*{file_id})" alt="滤网位置"', page)[1]
    assert httpx.get(server.url + picture).headers["content-type"] == "image/png"


def test_what_did_not_come_along_is_counted(admin):
    said = read(admin, docx(p("正文", run("暗", "<w:vanish/>"), f"<w:del>{run('删')}</w:del>", f"<w:ins>{run('新')}</w:ins>", '<w:r><w:commentReference w:id="1"/></w:r>', '<w:r><w:footnoteReference w:id="1"/></w:r>',
                                  "<w:r><w:object/></w:r>", picture("p1"), picture("p2")), pictures=[("p1", "https://elsewhere.example/x.png"), ("p2", b"GIF89a-no-picture-that-is-shown")]))
    assert said["body"] == "正文新"
    assert said["left"] == NOTHING_LEFT | {"pictures": 2, "objects": 1, "notes": 1, "comments": 1, "deleted": 1, "hidden": 1}


@pytest.mark.parametrize(("kind", "body"), [("markdown", "1. 断电\n2. 擦拭\n\n![滤网](file:{})"), ("html", "先**断电**，见[说明](<https://a.cn/x>)。\n\n![](file:{})"), ("csv", "抽出旧盒。")])
def test_what_the_page_sends_of_other_formats_holds_its_pictures_and_phrasings(admin, kind, body):
    code = new_code()
    text = body.format(upload(admin, "a.png", png(20, 20)))
    made = make(admin, {"title": f"{kind} {code}", "body": text}, code, [f"{code} 怎么弄", f"{code} 在哪"] if kind == "csv" else ())
    said = entry(admin, code)
    assert (said["row"]["body_zh"], said["head"]["state"]) == (text, "draft")
    assert len(said["phrasings"]) == len(made) - 1


# Taken back, again, at once ----------------------------------------------------------------------------------------------------------

def test_an_import_is_taken_back_and_may_be_done_again(admin):
    code = new_code()
    made = make(admin, read(admin, whole()), code, [f"{code} 怎么洗"])
    for record, row in reversed(made):
        admin.post(f"/{record}/{row['id']}/archive", {"version": row["version"]})
    assert entry(admin, code)["archived"]
    again = read(admin, whole())
    assert files_in(again["body"]) != files_in(made[0][1]["body_zh"])
    make(admin, again, code, status=422)            # a code is given once, put away or not: the page takes the next
    assert make(admin, again, f"{code}-1")[0][1]["state"] == "draft"
    admin.post(f"/article/{made[0][1]['id']}/restore", {"version": made[0][1]["version"] + 1})
    assert entry(admin, code)["row"]["body_zh"] == made[0][1]["body_zh"], "with its picture"


def test_two_people_at_once_have_pictures_of_their_own_and_one_of_them_the_code(server, admin):
    other = agent(server, admin, ["article.create", "article.read", "file.create", "phrasing.create"])
    code, said, rows = new_code(), {}, {}
    gate = threading.Barrier(2, timeout=60)        # where one is refused the other does not wait for ever

    def work(name, client):
        file_id = upload(client, "同一份.docx", whole(code))
        gate.wait()
        said[name] = client.post("/knowledge/read", {"file_id": file_id}, status=200)
        gate.wait()
        answer = client.http.post("/article", json={"code": code, "title_zh": code, "body_zh": said[name]["body"]}, headers={"Idempotency-Key": f"import-{name}-{code}"})
        rows[name] = answer.status_code

    people = [threading.Thread(target=work, args=a) for a in (("one", admin), ("two", other))]
    [t.start() for t in people]
    [t.join() for t in people]
    assert said["one"]["body"] != said["two"]["body"] and said["one"]["left"] == said["two"]["left"]
    assert sorted(rows.values()) == [201, 422]


# Refused, and nothing of it is there ---------------------------------------------------------------------------------------------------

def refused(client, content, status, code, name="a.docx"):
    before = client.get("/article", limit=1, sort="-created_at")["items"]
    answer = read(client, content, name, status=status)
    assert answer["error"]["code"] == code and answer["error"]["message"]
    chinese, english = (client.http.post("/knowledge/read", json={"file_id": upload(client, name, content)}, headers={"Accept-Language": lang}).json()["error"]["message"] for lang in ("zh-CN", "en"))
    assert re.search("[一-鿿]", chinese) and not re.search("[一-鿿]", english)
    assert client.get("/article", limit=1, sort="-created_at")["items"] == before


def xml(body, head=""):
    return HEAD + head + f"<w:document {SPACES}><w:body>{body}</w:body></w:document>"


BAD = {
    "old doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), 415, "document_old"),
    "a picture": (png(20, 20), 415, "document_format"),
    "a text": ("只是文字".encode(), 415, "document_format"),
    "another package": (docx(document=HEAD + "<workbook/>"), 415, "document_format"),
    "cut off": (whole()[:600], 422, "sheet_damaged"),
    "no end": (docx(document=HEAD + f"<w:document {SPACES}><w:body>"), 422, "sheet_damaged"),
    "nothing in it": (docx(p("")), 422, "document_empty"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_document_is_said_in_both_languages_and_changes_nothing(admin, what):
    refused(admin, *BAD[what])


ATTACKS = {
    "zip bomb": (docx(document=xml(p("0" * (8 << 20)))), 413, "document_limit"),
    "entity bomb": (docx(document=xml(p("&c;"), '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>')), 422, "sheet_damaged"),
    "outside entity": (docx(document=xml(p("&x;"), '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>')), 422, "sheet_damaged"),
    "depth": (docx(document=xml("<w:tbl><w:tr><w:tc>" * 40 + p("x") + "</w:tc></w:tr></w:tbl>" * 40)), 413, "document_limit"),
    "overlong UTF-8": (docx(document=xml(p("x")).encode().replace(b">x<", b">\xc0\xaf<")), 422, "sheet_damaged"),
    "huge table": (docx(document=xml("<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val=\"restart\"/></w:tcPr>" + p("字" * 20000) + "</w:tc></w:tr>" + '<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr>' * 500 + "</w:tbl>")), 413, "document_limit"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_on_the_parser_is_stopped(admin, attack):
    refused(admin, *ATTACKS[attack])


def test_attack_many_entries(admin):
    refused(admin, docx(p("x"), parts={f"word/x{i}": b"" for i in range(4100)}), 413, "document_limit")


def bomb_png(side):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("attack", "content"), [
    ("image bomb", bomb_png(30000)), ("SVG XSS", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), (".pht upload", b"<?php system($_GET['x']);"), ("script", b"#!/bin/sh\nreboot\n"), ("program", b"MZ" + bytes(100)),
])
def test_attack_by_a_picture_leaves_it_out(admin, attack, content):
    said = read(admin, docx(p("正文", picture("p1")), pictures=[("p1", content)]))
    assert (said["body"], said["left"]["pictures"]) == ("正文", 1)


@pytest.mark.parametrize("target", ["http://127.0.0.1:1/x.png", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "//elsewhere.example/x.png"])
def test_attack_ssrf_a_picture_that_lies_elsewhere_is_not_fetched(admin, target):
    said = read(admin, docx(p("正文", picture("p1")), pictures=[("p1", target)]))
    assert (said["body"], said["left"]["pictures"]) == ("正文", 1)


def test_attack_path_traversal_reads_nothing_outside_of_the_package(admin):
    rels = f'{HEAD}<Relationships><Relationship Id="p1" Type="x/image" Target="../../../../etc/passwd"/><Relationship Id="p2" Type="x/image" Target="/etc/hostname"/></Relationships>'
    said = read(admin, docx(p("正文", picture("p1"), picture("p2")), parts={"word/_rels/document.xml.rels": rels}))
    assert (said["body"], said["left"]["pictures"]) == ("正文", 2)


def test_attack_xss_words_of_a_document_stay_words(server, admin):
    said = read(admin, docx(p("&lt;script&gt;alert(1)&lt;/script&gt; ![x](file:12) [点](javascript:alert(2))")))
    row = published(admin, body_zh=said["body"])
    page = shown(server, row["code"])
    assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page and 'href="javascript' not in page


def test_attack_foreign_object_somebody_elses_upload_is_not_found(server, admin):
    other = agent(server, admin, ["article.create", "article.read", "file.create"])
    file_id = upload(admin, "a.docx", whole())
    mine, none = (other.post("/knowledge/read", {"file_id": i}, status=404)["error"]["code"] for i in (file_id, "999999999999999999"))
    assert mine == none == "not_found"
    stranger = agent(server, admin, ["article.read", "file.create"])
    stranger.post("/knowledge/read", {"file_id": upload(stranger, "a.docx", whole())}, status=403)
