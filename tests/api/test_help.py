"""The public help centre: what is published for everybody, in two languages, without a script, and safe whatever an article holds."""
import re
import struct
import uuid
import xml.etree.ElementTree
from html.parser import HTMLParser

import httpx
import people
import pytest
from definitions import faults
from test_file import png, upload
from test_knowledge import act, article, entry, published, question, tree, written
from test_templates import agent

pytestmark = pytest.mark.quick
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>\' & <b>'
VOID = {"meta", "link", "input", "img", "br", "hr"}


class Page(HTMLParser):
    """The elements of a page as a browser sees them; what is not closed rightly is told."""

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.elements, self.words = [], [], [], ""
        self.feed(text)
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        self.words += data

    def all(self, tag):
        return [a for t, a in self.elements if t == tag]


@pytest.fixture
def reader(server):
    """Somebody with a browser and no account."""
    with httpx.Client(base_url=server.url, transport=httpx.HTTPTransport(local_address=people.new_address()), headers={"Accept-Language": "zh-CN"}) as client:
        yield client


def read(reader, path, status=200, **query):
    answer = reader.get(path, params=query or None)
    assert answer.status_code == status, answer.text[:300]
    page = Page(answer.text)
    assert not page.wrong and answer.text.startswith("<!doctype html>"), page.wrong
    assert [s for s in page.all("script")] == [{"src": "/help/help.js", "defer": None}], "one script, none inline"
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert not str(attributes.get("href", "")).lower().startswith(("javascript:", "data:", "//"))
    return page


def shown(page):
    return {re.sub(r"\?.*", "", a["href"]).removeprefix("/help/article/") for a in page.all("a") if a["href"].startswith("/help/article/")}


# What is there ------------------------------------------------------------------------------------------------------------------

def test_the_way_from_home_to_an_answer_in_both_languages(reader):
    q = question()
    product = next(p for p, other in written("questions") if other["id"] == q["id"])
    for lang, other in (("zh", "en"), ("en", "zh")):
        home = read(reader, "/help", lang=lang)
        assert f"/help/product/{product}?lang={lang}" in [a["href"] for a in home.all("a")]
        assert q["id"] in shown(read(reader, f"/help/product/{product}", lang=lang))
        page = read(reader, f"/help/article/{q['id']}", lang=lang)
        assert q["question"][lang] in page.words and q["question"][other] not in page.words
        assert re.sub(r"\W", "", q["answer"][lang].split("\n")[0]) in re.sub(r"\W", "", page.words)
        assert [a["href"] for a in page.all("a") if a.get("hreflang")] == [f"/help/article/{q['id']}?lang={other}"]


def test_only_what_is_published_for_everybody_is_there(admin, reader):
    word = f"密语{uuid.uuid4().hex[:6]}"
    draft = article(admin, title_zh=f"{word}草稿")
    staff, customers = (published(admin, title_zh=f"{word}{a}", audience=a) for a in ("staff", "customer"))
    gone = act(admin, published(admin, title_zh=f"{word}下架"), "retire")
    there = published(admin, title_zh=f"{word}公开")
    for row in (draft, staff, customers, gone):
        read(reader, f"/help/article/{row['code']}", status=404)
    assert word in read(reader, f"/help/article/{there['code']}").words
    assert shown(read(reader, "/help/search", q=word)) == {there["code"]}
    urls = {e.text for e in xml.etree.ElementTree.fromstring(reader.get("/help/sitemap.xml").content).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    assert {u.rsplit("/", 1)[1] for u in urls if "/article/" in u} & {r["code"] for r in (draft, staff, customers, gone, there)} == {there["code"]}


def test_a_change_is_there_at_once(admin, reader):
    row = published(admin, title_zh="第一版")
    page = reader.get(f"/help/article/{row['code']}")
    assert reader.get(f"/help/article/{row['code']}", headers={"If-None-Match": page.headers["etag"]}).status_code == 304
    admin.patch(f"/article/{row['id']}", {"version": row["version"], "title_zh": "第二版"})
    again = reader.get(f"/help/article/{row['code']}", headers={"If-None-Match": page.headers["etag"]})
    assert again.status_code == 200 and "第二版" in again.text and "max-age" in again.headers["cache-control"]


def test_pages_are_of_one_kind_and_run_nothing_of_others(reader):
    headers = reader.get("/help").headers
    assert headers["content-type"] == "text/html; charset=utf-8" and headers["x-content-type-options"] == "nosniff"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "'unsafe" not in policy and "frame-ancestors 'none'" in policy


# Hostile text ---------------------------------------------------------------------------------------------------------------------

def test_whatever_an_article_holds_is_text(admin, reader):
    row = published(admin, title_zh=HOSTILE, title_en=HOSTILE, body_zh=f"# {HOSTILE}\n\n[x](javascript:alert(1)) ![{HOSTILE}](https://elsewhere.example/x)\n\n`{HOSTILE}`",
                    source=HOSTILE, danger="heat", act="report")
    for path in (f"/help/article/{row['code']}", "/help"):
        page = read(reader, path)
        assert not page.all("img") and not page.all("b")
    assert HOSTILE.replace("'", "").split("<b>")[0].strip() in read(reader, f"/help/article/{row['code']}").words.replace("'", "")
    assert HOSTILE in reader.get("/help/suggest", params={"q": "script alert onerror"}).json()["items"][0]["title"]


def test_whatever_a_tree_holds_is_text(admin, reader):
    said = {"zh": HOSTILE, "en": HOSTILE}
    nodes = tree()["nodes"]
    row = published(admin, kind="fault_tree", body_zh="", tree={"start": "a", "nodes": {
        "a": {"ask": said, "hint": said, "choices": [{"say": said, "go": "b"}, {"say": said, "go": "c"}]}, "b": {"tell": said, "end": "stop"}, "c": nodes["c"]}})
    for node in "abc":
        page = read(reader, f"/help/article/{row['code']}/step/{node}")
        assert not page.all("img")


@pytest.mark.parametrize("path", ["/help/search", "/help/code"])
def test_what_is_asked_comes_back_as_text(reader, path):
    page = read(reader, path, q=HOSTILE, code=HOSTILE, product=HOSTILE, lang=HOSTILE)
    assert HOSTILE in [i.get("value") for i in page.all("input")] + [page.words] or HOSTILE in page.words
    read(reader, "/help/article/%22%3E%3Cscript%3E", status=404)
    read(reader, "/help/product/%22%3E%3Cscript%3E", status=404)


# Finding -----------------------------------------------------------------------------------------------------------------------------

def test_answers_come_while_one_types(reader):
    q = question()
    found = reader.get("/help/suggest", params={"q": q["phrasings"][0], "lang": "en"}).json()["items"]
    assert q["question"]["en"] in [i["title"] for i in found] and all(i["url"].endswith("?lang=en") for i in found) and len(found) <= 6
    assert reader.get("/help/suggest", params={"q": ""}).json() == {"items": []}


def test_a_fault_code_is_found_as_it_is_typed(reader):
    product, c = written("codes")[0]
    for typed in (c["code"], c["code"].lower(), f" {c['code'][0]}-{c['code'][1:]} "):
        page = read(reader, "/help/code", product=product, code=typed)
        assert f"{product}-{c['code']}" in shown(page)
    page = read(reader, f"/help/article/{product}-{c['code']}")
    assert c["meaning"]["zh"] in page.words and c["models"][0] in page.words, "it says whose code it is"
    assert "ZZ99" in read(reader, "/help/code", code="ZZ99").words


def test_every_step_of_every_tree_is_a_page(admin, reader):
    for _, t in written("trees")[:4]:
        todo, seen = [t["start"]], set()
        while todo:
            node = todo.pop()
            if node in seen:
                continue
            seen.add(node)
            page = read(reader, f"/help/article/{t['id']}/step/{node}")
            said = t["nodes"][node]
            assert (said.get("ask") or said["tell"])["zh"].split("\n")[0][:8] in page.words
            todo += [c["go"] for c in said.get("choices", [])]
        assert seen == set(t["nodes"])
        read(reader, f"/help/article/{t['id']}/step/nowhere", status=404)


# Saying -------------------------------------------------------------------------------------------------------------------------------

def test_readers_say_whether_it_helped_without_a_script(admin, server, reader):
    row = published(admin)
    page = read(reader, f"/help/article/{row['code']}")
    forms = [f["action"] for f in page.all("form") if f.get("method") == "post"]
    assert len(forms) == 2
    for action in forms + forms[:1]:
        answer = reader.post(action, headers={"Origin": server.url})
        assert answer.status_code == 303
    assert "谢谢" in read(reader, answer.headers["location"]).words
    head = entry(admin, row["code"])["head"]
    assert (head["helpful"], head["unhelpful"], head["used"]) == (2, 1, 0)


def test_nobody_votes_for_others_or_for_what_is_not_there(admin, server, reader):
    row, draft = published(admin), article(admin)
    assert reader.post(f"/help/article/{row['code']}/helpful", headers={"Origin": "https://elsewhere.example"}).status_code == 403
    for code in (draft["code"], "no-such", "%3Cb%3E"):
        assert reader.post(f"/help/article/{code}/helpful", headers={"Origin": server.url}).status_code == 404
    answers = [reader.post(f"/help/article/{row['code']}/helpful", headers={"Origin": server.url}).status_code for _ in range(15)]
    assert answers.count(429) >= 3 and set(answers) == {303, 429}
    assert entry(admin, row["code"])["head"]["helpful"] == answers.count(303)


def test_a_picture_of_an_article_is_seen_by_whoever_may_read_it(admin, server, reader):
    shown_picture, other = (upload(admin, f"{n}.png", png(20, 20)) for n in "ab")
    row = published(admin, body_zh=f"看这里：\n\n![滤网的位置](file:{shown_picture})")
    page = read(reader, f"/help/article/{row['code']}")
    (picture,) = page.all("img")
    assert picture["alt"] == "滤网的位置"
    answer = reader.get(picture["src"])
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/png"
    assert reader.get(f"/help/picture/{row['code']}/{other}").status_code == 404, "the article does not show it"
    assert f'src="/api/v1/file/{shown_picture}/content"' in admin.post("/knowledge/preview", {"text": row["body_zh"]})["html"]
    row = admin.patch(f"/article/{row['id']}", {"version": row["version"], "body_zh": "没有图了"})
    assert reader.get(picture["src"]).status_code == 404
    row = admin.patch(f"/article/{row['id']}", {"version": row["version"], "body_zh": f"![又有了](file:{shown_picture})"})
    assert reader.get(picture["src"]).status_code == 200
    act(admin, row, "retire")
    assert reader.get(picture["src"]).status_code == 404


def test_an_article_names_no_file_of_others(admin, server):
    author = agent(server, admin, ["article.read", "article.create", "article.change", "file.create", "file.read"])
    theirs, sheet = upload(admin, "a.png", png(20, 20)), upload(author, "c.csv", "姓名\n王\n".encode())
    for named, code in ((theirs, "field_reference"), ("999999999999999999", "field_reference"), (f'{sheet} "file:{sheet}"', "media_type")):
        found = faults(author.post("/article", {"code": f"P-{uuid.uuid4().hex[:8]}", "title_zh": "图", "body_zh": f"![x](file:{named})"}, status=422), "field", "code")
        assert found == [("body_zh", code)]


# Videos and files --------------------------------------------------------------------------------------------------------------

def mp4(size=3000):
    """Boxes of a film that no player would show, long enough to be read in ranges."""
    return struct.pack(">I", 20) + b"ftypisom\0\0\2\0isom" + struct.pack(">I", size) + b"mdat" + bytes(n % 251 for n in range(size - 8))


def test_a_video_is_played_and_a_manual_taken_along_by_whoever_may_read_the_article(admin, server, reader):
    film, poster, manual = upload(admin, "换滤网.mp4", mp4()), upload(admin, "封面.png", png(20, 20)), upload(admin, "说明书 A1.pdf", b"%PDF-1.4\n" + b"x" * 2500)
    row = published(admin, body_zh=f'看：\n\n![换滤网的过程](file:{film} "file:{poster}")\n\n![用户手册](file:{manual})')
    page = read(reader, f"/help/article/{row['code']}")
    (video,), (link,) = page.all("video"), [a for a in page.all("a") if a.get("class") == "file"]
    assert "controls" in video and "autoplay" not in video and video["preload"] == "metadata" and video["aria-label"] == "换滤网的过程"
    assert reader.get(video["poster"]).headers["content-type"] == "image/png" and not page.all("img")
    assert "用户手册" in page.words and "说明书 A1.pdf" in page.words and "2.5 KB" in page.words
    taken = reader.get(link["href"])
    assert taken.status_code == 200 and taken.headers["content-type"] == "application/pdf" and taken.headers["content-disposition"].startswith("attachment; ")
    assert "media-src 'self'" in reader.get(f"/help/article/{row['code']}").headers["content-security-policy"]
    html = admin.post("/knowledge/preview", {"text": row["body_zh"]})["html"]
    assert f'src="/api/v1/file/{film}/content"' in html and f'poster="/api/v1/file/{poster}/content"' in html and f'href="/api/v1/file/{manual}/content"' in html
    act(admin, row, "retire")
    assert [reader.get(url).status_code for url in (video["src"], video["poster"], link["href"])] == [404] * 3


def test_a_preview_tells_nothing_of_files_that_one_may_not_read(admin, server):
    author = agent(server, admin, ["article.read", "file.read"])
    theirs = upload(admin, "工资表.pdf", b"%PDF-1.4\n")
    assert author.post("/knowledge/preview", {"text": f"![x](file:{theirs})"})["html"] == "<p>x</p>\n"


def test_a_video_is_read_from_any_place(admin, reader):
    whole = mp4()
    film = upload(admin, "a.mp4", whole)
    row = published(admin, body_zh=f"![片](file:{film})")
    url = read(reader, f"/help/article/{row['code']}").all("video")[0]["src"]
    assert reader.get(url).headers["accept-ranges"] == "bytes"
    for asked, first, last in (("bytes=100-199", 100, 199), ("bytes=2000-", 2000, len(whole) - 1), ("bytes=-10", len(whole) - 10, len(whole) - 1), ("bytes=5-99999999", 5, len(whole) - 1)):
        answer = reader.get(url, headers={"Range": asked})
        assert (answer.status_code, answer.headers["content-range"]) == (206, f"bytes {first}-{last}/{len(whole)}") and answer.content == whole[first:last + 1]
    for asked in ("bytes=1-2,5-6", "pages=1-2", "bytes=9-2", "bytes=-", "bytes=x-1"):
        assert reader.get(url, headers={"Range": asked}).content == whole
    answer = reader.get(url, headers={"Range": f"bytes={len(whole)}-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(whole)}")
    assert admin.http.get(f"/file/{film}/content", headers={"Range": "bytes=100-199"}).content == whole[100:200]
