"""What a company says otherwise is understood soon after, by it alone, and over a restart."""
import uuid

from test_bot import Talk, bot, customer, talk  # noqa: F401
from test_company_command import enter, run
from test_knowledge import act, article, new_code

from patience import wait_for
from server import Server

LEARNED_S = 120      # with sanitizers; ./dev bench says how long it really takes


def learned(admin):
    return wait_for(lambda: admin.get("/knowledge/learning")["ready"], LEARNED_S)


def asked(admin, question):
    """The first that comes to mind, by a set of one question."""
    row = admin.post("/question_set", {"name": f"一问 {uuid.uuid4().hex[:8]}"})
    admin.post("/question_line", {"set_id": row["id"], "question": question, "expected": "OOS"})
    run = admin.post(f"/question_set/{row['id']}/try", {})
    done = wait_for(lambda: (r := admin.get(f"/evaluation/{run['id']}"))["state"] == "done" and r, LEARNED_S)
    return admin.get(f"/evaluation/{done['id']}/answer")["items"][0]


def test_a_phrasing_of_the_companys_own_is_understood_by_the_bot_and_forgotten_again(admin, talk):
    words = f"铁柜子唱大戏{uuid.uuid4().hex[:4]}"
    row = admin.post("/phrasing", {"article": "A02", "text": words})
    learned(admin)
    assert asked(admin, words)["given"] == "A02"
    talk(words)
    assert talk.turn()["article"] == "A02"
    assert admin.get(f"/conversation/{talk.id}/assist")["answers"][0]["code"] == "A02", "whoever answers is helped by what the bot has learned"
    before = admin.get("/knowledge/learning")["version"]
    admin.post(f"/phrasing/{row['id']}/archive", {"version": row["version"]})
    assert admin.get("/knowledge/learning")["version"] != before
    learned(admin)
    assert asked(admin, words)["confidence"] < 90


def test_an_article_of_ones_own_answers_once_it_is_published_and_no_more_once_it_is_retired(admin):
    code = new_code()
    row = article(admin, code=code, product="fridge", title_zh="冰箱的香薰盒怎么换", body_zh="抽出旧盒，推入新盒。")
    words = "冰箱里那个香薰盒咋换新的"
    assert asked(admin, words)["given"] != code
    row = act(admin, row, "publish")
    learned(admin)
    assert asked(admin, words)["given"] == code
    act(admin, row, "retire")
    assert asked(admin, words)["given"] != code


def test_what_one_company_teaches_no_other_is_told(company):
    words = f"白盒子打摆子{uuid.uuid4().hex[:4]}"
    account, password = company.accounts[0]
    with Server(company) as server:
        assert run(company, "add", "north", "北方电器", "--admin", account, "--pack", "appliance").returncode == 0
        first, second = enter(server, account, "demo", password=password), enter(server, account, "north")
        first.post("/phrasing", {"article": "A02", "text": words})
        learned(first)
        assert asked(first, words)["given"] == "A02"
        other = second.get("/knowledge/learning")
        assert (other["products"], other["ready"]) == ([], True)
        assert asked(second, words)["confidence"] < 90


def test_it_is_known_after_a_restart_without_learning_again(company):
    words = f"黑匣子吐白沫{uuid.uuid4().hex[:4]}"
    account, password = company.accounts[0]
    with Server(company) as server:
        admin = enter(server, account, password=password)
        admin.post("/phrasing", {"article": "A02", "text": words})
        learned(admin)
        version = admin.get("/knowledge/learning")["version"]
    with Server(company) as server:
        said = enter(server, account, password=password).get("/knowledge/learning")
        assert (said["ready"], said["version"]) == (True, version), "found in its file with the first question"


def test_an_edit_that_a_kill_came_after_is_learned_when_the_server_is_back(company):
    account, password = company.accounts[0]
    server = Server(company).start()
    admin = enter(server, account, password=password)
    admin.post("/phrasing", {"article": "A02", "text": f"灰箱子冒冷汗{uuid.uuid4().hex[:4]}"})
    server.kill()
    with Server(company) as server:
        learned(enter(server, account, password=password))
