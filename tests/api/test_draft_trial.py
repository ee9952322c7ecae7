"""A draft is tried before it is published: beside what is in force, line by line, and nobody else learns of it."""
import uuid

import pytest
from definitions import faults
from test_bot import Talk, bot, customer, talk  # noqa: F401
from test_company_command import enter, run
from test_evaluation import answers, fill, new_set, tried
from test_knowledge import act, article, entry, published
from test_learning import learned
from test_templates import agent

from client import Client
from patience import wait_for
from server import Server

TRIED_S = 300
LEAK = "冰箱香薰盒的更换"


def said():
    return f"铁鸡窝打呼噜{uuid.uuid4().hex[:6]}"


def drafted(admin, *phrasings, **fields):
    row = article(admin, **{"product": "fridge", "title_zh": f"{LEAK}{uuid.uuid4().hex[:4]}", "body_zh": "抽出旧盒，推入新盒。"} | fields)
    for text in phrasings:
        admin.post("/phrasing", {"article": row["code"], "text": text})
    return row


def begin(admin, row, draft, **options):
    return admin.post(f"/question_set/{row['id']}/try", {"article_id": draft["id"]}, **options)


def over(admin, trial, meanwhile=lambda: None):
    def ended():
        meanwhile()
        return (r := admin.get(f"/evaluation/{trial['id']}"))["state"] != "running" and r
    return wait_for(ended, TRIED_S)


def changes(admin, trial):
    return {i["question"]: i for i in admin.get(f"/evaluation/{trial['id']}/compare")["items"]}


def weeks(admin):
    return admin.get("/knowledge/judged")["weeks"][-1]["lines"]


def test_the_trial_knows_the_draft_and_nobody_else_does(admin, talk):  # noqa: F811
    words = said()
    draft = drafted(admin, words)
    row = new_set(admin)
    fill(admin, row, [(words, draft["code"]), ("空调漏水怎么处理", "A02"), ("今天股票涨了吗", "OOS")])
    before = tried(admin, row)
    assert [w["question"] for w in answers(admin, before, wrong=1)] == [words]
    learned(admin)
    state, lines = admin.get("/knowledge/learning"), weeks(admin)
    trial = over(admin, begin(admin, row, draft))
    assert (trial["state"], trial["done"], trial["article_id"]) == ("done", 3, draft["id"])
    assert trial["sums"]["all"]["top1"] == 1 and trial["sums"]["before"]["all"] == before["sums"]["all"]
    assert {p["product"] for p in trial["sums"]["products"]} >= {"fridge"}
    better, = changes(admin, trial).values()
    assert (better["question"], better["change"], better["given"], better["given_title"]["zh"]) == (words, "better", draft["code"], draft["title_zh"])
    assert better["was"] != draft["code"] and not better["was_decision"] == "answer"
    # the live bot, the company's state and its weeks are as they were
    talk(words)
    assert talk.turn()["article"] != draft["code"]
    now = admin.get("/knowledge/learning")
    assert (now["version"], now["products"], weeks(admin)) == (state["version"], state["products"], lines)
    assert admin.get(f"/article/{draft['id']}") == draft | {"updated_at": draft.get("updated_at")}
    after = tried(admin, row)
    assert (after["knowledge"], after["sums"]) == (before["knowledge"], before["sums"]) and after["knowledge"] != trial["knowledge"]
    # what was promised holds
    live = act(admin, draft, "publish")
    learned(admin)
    kept = tried(admin, row)
    assert kept["sums"]["all"] == trial["sums"]["all"]
    by_line = {a["question"]: (a["given"], a["decision"], a["confidence"]) for a in answers(admin, trial)}
    assert by_line == {a["question"]: (a["given"], a["decision"], a["confidence"]) for a in answers(admin, kept)}
    act(admin, live, "retire")


def test_what_gets_worse_is_told(admin):
    """A draft that keeps to the staff what customers are told now."""
    asked = entry(admin, "A02")["phrasings"][0]["text"]
    draft = article(admin, code="A02", product=entry(admin, "A02")["head"]["product"], title_zh="空调漏水", audience="staff")
    row = new_set(admin)
    fill(admin, row, [(asked, "A02"), ("今天股票涨了吗", "OOS")])
    trial = over(admin, begin(admin, row, draft))
    worse, = changes(admin, trial).values()
    assert (worse["question"], worse["change"], worse["was"]) == (asked, "worse", "A02") and worse["was_decision"] in ("answer", "flow") and worse["given"] != "A02"
    assert trial["sums"]["before"]["all"]["top1"] == 1 and trial["sums"]["all"]["top1"] == 0
    admin.post(f"/article/{draft['id']}/archive", {"version": draft["version"]})


def test_a_draft_over_the_pack_is_tried_as_the_words_in_its_place(admin):
    code = next(e["code"] for e in admin.get("/knowledge", limit=200)["items"] if e["kind"] == "faq" and e["offered"] and e["from"] == "pack" and e["code"] != "A02")
    words = said()
    draft = article(admin, code=code, product=entry(admin, code)["head"]["product"], title_zh=words)
    row = new_set(admin)
    fill(admin, row, [(words, code)])
    draft = act(admin, draft, "submit")         # who reviews tries it as well
    trial = over(admin, begin(admin, row, draft))
    assert trial["sums"]["before"]["all"]["top1"] < trial["sums"]["all"]["top1"] == 1
    assert entry(admin, code)["head"]["title"]["zh"] != words
    admin.post(f"/article/{draft['id']}/archive", {"version": draft["version"]})


@pytest.mark.quick
def test_only_a_draft_is_tried(admin):
    row = new_set(admin)
    fill(admin, row, [("空调漏水", "A02")])
    out = published(admin)
    assert begin(admin, row, out, status=409)["error"]["code"] == "no_draft"
    gone = article(admin)
    admin.post(f"/article/{gone['id']}/archive", {"version": gone["version"]})
    assert begin(admin, row, gone, status=409)["error"]["code"] == "no_draft"
    assert faults(begin(admin, row, {"id": "4611686018427387904"}, status=422), "field", "code") == [("article_id", "field_reference")]
    assert admin.get("/evaluation", condition=f"set_id = {row['id']}")["items"] == []
    act(admin, out, "retire")


def test_another_companys_draft_is_none(company):
    account, password = company.accounts[0]
    with Server(company) as server:
        assert run(company, "add", "north", "北方电器", "--admin", account, "--pack", "appliance").returncode == 0
        first, second = enter(server, account, "demo", password=password), enter(server, account, "north")
        row = new_set(first)
        fill(first, row, [("空调漏水", "A02")])
        other = article(second)
        assert faults(begin(first, row, other, status=422), "field", "code") == [("article_id", "field_reference")]
        assert first.get("/evaluation", condition=f"set_id = {row['id']}")["items"] == []


def test_who_may_not_read_drafts_neither_tries_one_nor_reads_what_came_of_it(server, admin):
    words = said()
    draft = drafted(admin, words)
    row = new_set(admin)
    fill(admin, row, [(words, draft["code"])])
    keeper = agent(server, admin, ["question_set.read", "question_set.change", "evaluation.read"])
    reader = agent(server, admin, ["article.read", "question_set.read", "evaluation.read"])
    for who in (keeper, reader):
        begin(who, row, draft, status=403)
    trial = over(admin, begin(admin, row, draft))
    for path in ("answer", "compare"):
        keeper.get(f"/evaluation/{trial['id']}/{path}", status=403)
        reader.get(f"/evaluation/{trial['id']}/{path}")
    plain = over(keeper, keeper.post(f"/question_set/{row['id']}/try", {}))
    keeper.get(f"/evaluation/{plain['id']}/answer")
    keeper.get(f"/evaluation/{plain['id']}/compare", **{"with": trial["id"]}, status=403)
    assert draft["title_zh"] not in str(keeper.get(f"/evaluation/{trial['id']}"))


@pytest.fixture(scope="module")
def still(timed):
    """Time stands: a draft that has to be learned first waits for the clock."""
    client = Client(timed.url).sign_in(*timed.company.accounts[0])
    client.tick = lambda: timed.clock.move(0.1)        # a learner that is slow has its time
    yield client
    client.close()


def waiting(admin, *phrasings):
    draft = drafted(admin, *(phrasings or (said(),)))
    row = new_set(admin)
    fill(admin, row, [(f"空调漏水 {n}", "A02") for n in range(5)])
    trial = begin(admin, row, draft)
    wait_for(lambda: admin.get(f"/evaluation/{trial['id']}")["knowledge"], TRIED_S)
    return row, draft, trial


def test_a_draft_that_is_archived_or_published_meanwhile_ends_the_trial(still):
    for end in (lambda row: still.post(f"/article/{row['id']}/archive", {"version": row["version"]}), lambda row: act(still, row, "publish")):
        _, draft, trial = waiting(still)
        end(draft)
        ended = over(still, trial, still.tick)
        assert (ended["state"], ended["sums"], ended["done"]) == ("stopped", {"why": "gone"}, 0)


def test_a_draft_that_is_changed_meanwhile_ends_the_trial(still):
    for edit in (lambda row: still.patch(f"/article/{row['id']}", {"version": row["version"], "body_zh": "换一种说法。"}), lambda row: still.post("/phrasing", {"article": row["code"], "text": said()})):
        _, draft, trial = waiting(still)
        edit(draft)
        ended = over(still, trial, still.tick)
        assert (ended["state"], ended["sums"]) == ("stopped", {"why": "changed"})


def test_one_draft_a_company_at_a_time(still):
    _, _, trial = waiting(still)
    other, row = drafted(still), new_set(still)
    fill(still, row, [("空调漏水", "A02")])
    assert begin(still, row, other, status=409)["error"]["code"] == "draft_tried"
    still.post(f"/evaluation/{trial['id']}/stop", {})
    assert over(still, begin(still, row, other), still.tick)["state"] == "done"
