"""Vectors from an endpoint of the company's choice: learned in the background, asked with a question, and missed by nobody when they do not come.

The server understands by words alone here, of a part of the pack that is learned in a moment: there is no model of language beside it."""
import json
import random
import subprocess
import uuid
from pathlib import Path

import people
import pytest
from definitions import faults
from embedding_server import DIMENSION, KEY, EmbeddingServer, account_of, direction, shuffled
from model_world import World as Base
from patience import wait_for

from client import Client
from server import Clock, Server, binary

PACK = Path(__file__).resolve().parents[2] / "packs" / "appliance" / "knowledge"
QUESTIONS = {"air_conditioner": ("A01", "A02", "A03", "A04", "A05"), "fridge": ("B01", "B02", "B03", "B04"), "washer": ("C01", "C02", "C03", "C04"), "general": ("W01", "W02", "W03")}
EDITED = "washer"         # of which all is learned once somebody says something of it otherwise
LEARNED_S = 120


@pytest.fixture(scope="session")
def part(tmp_path_factory):
    """(folder of the knowledge of a part of the pack without a model, {id: what the endpoint takes for its phrasings})"""
    folder = tmp_path_factory.mktemp("part")
    phrasings = {}
    for product, ids in QUESTIONS.items():
        whole = json.loads((PACK / product / "questions.json").read_text())
        chosen = [q for q in whole if q["id"] in ids]
        phrasings |= {q["id"]: [q["question"]["zh"], q["question"]["en"], *q["phrasings"]] for q in (whole if product == EDITED else chosen)}
        for q in chosen:
            q["phrasings"] = q["phrasings"][:24]
        (folder / "source" / product).mkdir(parents=True)
        (folder / "source" / product / "questions.json").write_text(json.dumps(chosen, ensure_ascii=False))
    (folder / "source" / "words.json").write_text((PACK / "words.json").read_text())
    lines = [line for line in (PACK / "out_of_scope.txt").read_text().splitlines() if line and line[0] != "#"]
    (folder / "source" / "out_of_scope.txt").write_text("\n".join(lines[:90]) + "\n")
    subprocess.run([binary(), "learn", folder / "source", "-", "-", folder / "appliance.knowledge"], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    return folder, phrasings


class World(Base):
    """As for language models, with another endpoint."""

    def __init__(self, company, folder, part, **more):
        self.folder, self.phrasings = part
        self.company, self.clock = company, Clock(folder / "clock")
        self.model = EmbeddingServer(self.phrasings, **more)
        self.start()
        self.set("bot.receive", "first")
        self.phone = people.new_phone()
        self.record = self.admin.post("/customer", {"name": "欧阳晓丽", "phone": self.phone})
        self.customer = people.sign_in(self.server.url, self.admin, self.phone)

    def start(self):
        self.server = Server(self.company, clock=self.clock, environment={"ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8", "ANXIN_UNDERSTANDING": str(self.folder)})
        self.server.__enter__()
        self.admin = Client(self.server.url).sign_in(*self.company.accounts[0])

    def state(self):
        return self.admin.get("/knowledge/learning")["embedding"]

    def learned(self, state="on"):
        return wait_for(lambda: (s := self.state())["state"] == state and s["newest"] and s, LEARNED_S, why=lambda: str(self.state()), clock=self.clock)

    def understood(self, text):
        """(what the bot did, of which article)"""
        id, _ = self.talk(text)
        turn = self.turn(id)
        return turn["did"], turn["article"]


@pytest.fixture(scope="module")
def world(engine, demos, tmp_path_factory, part):
    folder = tmp_path_factory.mktemp("embedding")
    copy = demos(engine).copy(folder / "data")
    made = World(copy, folder, part)
    made.model.means = {"铁皮人哭鼻子": "A02"}
    made.account = account_of(made.admin, made.model)
    made.learned()
    yield made
    made.close()
    copy.drop()


@pytest.fixture(autouse=True)
def well_again(request):
    yield
    if "world" in request.fixturenames:
        world = request.getfixturevalue("world")
        world.model.answer, world.model.dimension = shuffled, DIMENSION
        world.model.delay.set()
        if world.admin.get(f"/model_account/{world.account['id']}")["state"] != "on":
            world.change(state="on")
        world.clock.move(180)


STRANGE = "铁皮人哭鼻子"         # no word of it is in any phrasing


def strange():
    """Another each time; by letters, for some figures behind one are the code of a fault."""
    return STRANGE + "".join(random.choice("jkqvwxz") for _ in range(5))


# Learned ------------------------------------------------------------------------------------------------------------------------


def test_each_phrasing_is_fetched_once_in_batches_with_the_key_and_the_space_holds(world):
    state, texts = world.state(), world.model.texts()
    phrasings = [t for t in texts if STRANGE not in t]
    assert state["state"] == "on" and state["dimension"] == DIMENSION and state["have"] == state["wanted"] > 300
    assert len(phrasings) == len(set(phrasings)) and max(map(len, world.model.asked)) <= 64
    assert world.model.keys[-1] == f"Bearer {KEY}" and {b["model"] for b in world.model.bodies} == {"test-embed"}
    assert state["samples"] >= 40 and state["precision"] >= 0.85 and abs(state["confidence"] - state["precision"]) < 0.15
    assert state["first"] > state["first_by_words"]


def test_what_the_endpoint_alone_understands_is_answered(world):
    assert world.understood(strange()) == ("answer", "A02")
    call = world.call()
    assert (call["purpose"], call["outcome"], call["asked_tokens"]) == ("embed", "said", 3)


def test_switched_off_all_is_as_before_at_once(world):
    words = strange()
    assert world.understood(words) == ("answer", "A02")
    world.change(state="off")
    asked = len(world.model.asked)
    assert world.understood(words)[0] != "answer" and world.state() is None
    assert world.understood("空调漏水怎么处理") == ("answer", "A02") and len(world.model.asked) == asked


def test_after_a_restart_nothing_is_fetched_again(world):
    world.server.__exit__(None, None, None)
    asked = len(world.model.asked)
    world.start()
    world.customer = people.sign_in(world.server.url, world.admin, world.phone)
    assert world.learned()["have"] > 300
    assert world.understood(strange()) == ("answer", "A02")
    assert [len(texts) for texts in world.model.asked[asked:]] == [1], "only the question"


def test_an_edit_fetches_its_own_words_and_no_others_and_is_understood(world):
    world.model.means |= {"白盒子打摆子": "C04", "绿箱子翻跟头": "C04"}
    world.admin.post("/phrasing", {"article": "C04", "text": "白盒子打摆子"})        # the first edit of a product brings all of its pack's, more than the part that is learned here
    world.learned()
    asked, had = len(world.model.asked), world.state()["have"]
    row = world.admin.post("/phrasing", {"article": "C04", "text": "绿箱子翻跟头"})
    assert world.learned()["have"] == had + 1
    assert world.model.asked[asked:] == [["绿箱子翻跟头"]]
    assert world.understood("绿箱子翻跟头啦") == ("answer", "C04")
    world.admin.post(f"/phrasing/{row['id']}/archive", {"version": row["version"]})
    wait_for(lambda: (world.state()["have"], world.state()["kept"]) == (had, had), LEARNED_S, clock=world.clock)
    world.learned()


# Told ---------------------------------------------------------------------------------------------------------------------------


def test_nothing_that_tells_of_anybody_leaves_the_house(world):
    asked = len(world.model.asked)
    world.talk(f"{STRANGE}，我叫欧阳晓丽，电话 13912345678，住杭州市西湖区文三路 90 号 3 幢 502，订单 TB20261122887766，邮箱 li@example.cn")
    sent = json.dumps(world.model.bodies[asked:], ensure_ascii=False)
    assert len(world.model.asked) == asked + 1 and STRANGE in sent
    for part_of in ("欧阳", "晓丽", "13912345678", "文三路", "887766", "li@", "example.cn", world.phone, KEY):
        assert part_of not in sent, part_of
    assert set(world.model.bodies[-1]) == {"model", "input", "encoding_format"}


def test_danger_waits_for_nobody_and_who_took_back_consent_is_understood_without(world):
    asked = len(world.model.asked)
    world.talk("冰箱后面冒烟了，有糊味")
    consent = world.admin.post("/consent", {"customer_id": world.record["id"], "purpose": "service"})
    consent = world.admin.patch(f"/consent/{consent['id']}", {"version": consent["version"], "state": "withdrawn"})
    assert world.understood("空调漏水怎么处理啊") == ("answer", "A02")
    assert len(world.model.asked) == asked
    world.admin.post(f"/consent/{consent['id']}/archive", {"version": consent["version"]})


def test_what_customers_wrote_is_kept_nowhere(world):
    kept = world.state()["kept"]
    assert world.understood(strange()) == ("answer", "A02")
    assert world.state()["kept"] == kept


# Failing ------------------------------------------------------------------------------------------------------------------------

BAD = {
    "busy": lambda texts, vectors: (429, {"error": {"message": f"slow down, {KEY}"}}),
    "broken": lambda texts, vectors: (500, b"<html>"),
    "garbage": lambda texts, vectors: b"\x00\xff not json",
    "nothing": lambda texts, vectors: {"data": []},
    "too_few": lambda texts, vectors: shuffled(texts[:-1], vectors[:-1]),
    "twice": lambda texts, vectors: {"data": [{"index": 0, "embedding": v} for v in vectors] * 2},
    "no_index": lambda texts, vectors: {"data": [{"embedding": v} for v in vectors]},
    "not_a_number": lambda texts, vectors: json.dumps(shuffled(texts, [[float("nan")] * DIMENSION for _ in vectors])).encode(),
    "words": lambda texts, vectors: shuffled(texts, [["0.1"] * DIMENSION for _ in vectors]),
    "nought": lambda texts, vectors: shuffled(texts, [[0.0] * DIMENSION for _ in vectors]),
    "other_length": lambda texts, vectors: shuffled(texts, [v[:256] for v in vectors]),
    "base64": lambda texts, vectors: shuffled(texts, ["AAAAAAAAAAA=" for _ in vectors]),
}


@pytest.mark.parametrize("how", BAD)
def test_a_question_is_never_lost_to_an_endpoint_that_is_wrong(world, how):
    world.model.answer, asked = BAD[how], len(world.model.asked)
    assert world.understood(f"空调漏水怎么处理{'啊' * (1 + list(BAD).index(how))}") == ("answer", "A02")
    assert len(world.model.asked) == asked + 1, "it was asked"
    call = world.call()
    assert (call["purpose"], call["outcome"]) == ("embed", "failed")
    assert call["reason"] == {"busy": "busy", "broken": "down", "other_length": "dimension"}.get(how, "garbage")
    assert KEY not in json.dumps(world.admin.get("/model_call", limit=50)["items"])


def test_one_that_is_slow_is_not_waited_for(world):
    world.model.delay.clear()
    assert world.understood("空调漏水怎么处理呢呢") == ("answer", "A02")
    assert world.call()["outcome"] == "late"


def test_three_failures_in_a_row_are_followed_by_a_minute_without_calls(world):
    world.model.answer = BAD["broken"]
    for i in range(3):
        world.talk(f"空调漏水怎么处理第{i}次")
    asked = len(world.model.asked)
    assert world.understood("空调漏水怎么处理又一次") == ("answer", "A02")
    assert len(world.model.asked) == asked and world.call()["outcome"] == "pause"


def test_the_days_tokens_are_a_wall_of_their_own(world):
    world.set("model.daily_embed_tokens", 1)
    asked = len(world.model.asked)
    assert world.understood("空调漏水怎么处理没钱了") == ("answer", "A02")
    assert len(world.model.asked) == asked and world.call()["outcome"] == "budget"
    usage = world.admin.get("/model_usage")
    assert usage["daily_embed_tokens"] == 1 and usage["items"][0]["embed_tokens"] > 1000 and usage["items"][0]["tokens"] < 1000
    world.set("model.daily_embed_tokens", 2000000)


# Set up -------------------------------------------------------------------------------------------------------------------------


def test_a_try_tells_length_and_time_or_what_is_wrong(world):
    said = world.admin.post(f"/model_account/{world.account['id']}/try", {})
    assert said["good"] and f"{DIMENSION} 维" in said["text"]["zh"] and "毫秒" in said["text"]["zh"]
    world.model.answer = BAD["words"]
    said = world.admin.post(f"/model_account/{world.account['id']}/try", {})
    assert not said["good"] and "向量模型" in said["text"]["zh"]


def test_one_model_does_not_do_both(world):
    said = world.admin.post("/model_account", {"title": "两用", "base_url": world.model.url, "model": "m", "state": "off", "for_embed": True, "for_answer": True}, status=422)
    assert ("for_embed", "field_invalid") in faults(said, "field", "code")


def test_a_trial_is_understood_by_the_endpoint_too(world):
    row = world.admin.post("/question_set", {"name": f"一问 {uuid.uuid4().hex[:8]}"})
    words = strange()
    world.admin.post("/question_line", {"set_id": row["id"], "question": words, "expected": "A02"})
    run = world.admin.post(f"/question_set/{row['id']}/try", {})
    wait_for(lambda: world.admin.get(f"/evaluation/{run['id']}")["state"] == "done", LEARNED_S, clock=world.clock)
    given = world.admin.get(f"/evaluation/{run['id']}/answer")["items"][0]
    assert given["given"] == "A02" and given["decision"] in ("answer", "flow")


def test_vectors_of_another_length_are_taken_over_by_a_try_and_fetched_anew(world):
    world.model.dimension = 96
    assert world.understood("空调漏水怎么处理变了") == ("answer", "A02")
    assert world.call()["reason"] == "dimension"
    said = world.admin.post(f"/model_account/{world.account['id']}/try", {})
    assert said["good"] and "96 维" in said["text"]["zh"]
    assert world.learned()["dimension"] == 96
    assert world.understood(strange()) == ("answer", "A02")
    world.model.dimension = DIMENSION
    world.admin.post(f"/model_account/{world.account['id']}/try", {})
    assert world.learned()["dimension"] == DIMENSION


# Others -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def other(engine, demos, tmp_path, part):
    copy = demos(engine).copy(tmp_path / "data")
    made = World(copy, tmp_path, part, dimension=64)
    yield made
    made.close()
    copy.drop()


def test_an_endpoint_that_is_changed_while_it_is_asked_is_asked_for_nothing_twice(other):
    other.model.delay.clear()
    account = account_of(other.admin, other.model, timeout_s=20)
    wait_for(lambda: other.model.asked, clock=other.clock)
    other.admin.patch(f"/model_account/{account['id']}", {"version": account["version"], "title": "改了名"})
    other.model.delay.set()
    wait_for(lambda: (s := other.state())["have"] == s["wanted"] > 300, LEARNED_S, why=lambda: str(other.state()), clock=other.clock)
    texts = other.model.texts()
    assert len(texts) == len(set(texts))


def test_vectors_that_tell_nothing_decide_nothing(other):
    """Confidence does not hold in such a space: it is never answered by, and offers one choice at most."""
    other.model.vector = lambda text: direction(text, 64)
    before = other.understood("空调漏水怎么处理")
    other.account = account_of(other.admin, other.model)
    state = other.learned("offers")
    assert state["first"] <= state["first_by_words"] or state["precision"] < 0.85 or state["confidence"] - state["precision"] > 0.06 or state["oos_answered"] > 0.15
    assert other.understood("空调漏水怎么处理") == before == ("answer", "A02")
    assert other.understood(strange())[0] != "answer"


def test_one_that_fails_while_phrasings_are_fetched_is_asked_again_later(other):
    other.model.answer = BAD["busy"]
    other.account = account_of(other.admin, other.model)
    wait_for(lambda: len(other.model.asked) >= 2, clock=other.clock)
    assert other.state()["state"] == "fetching" and other.understood("空调漏水怎么处理") == ("answer", "A02")
    other.model.answer = shuffled
    wait_for(lambda: other.clock.move(30) or other.state()["state"] != "fetching", LEARNED_S)
    other.learned()


def test_without_model_and_without_endpoint_the_bot_still_understands(other):
    """As on a processor without AVX2: words alone."""
    assert not (other.folder / "e5-small-q4.bin").exists() and other.state() is None
    assert other.understood("空调漏水怎么处理") == ("answer", "A02")
    assert other.understood("我要找个真人说话")[0] == "hand_over"
    other.admin.post("/phrasing", {"article": "C04", "text": "白盒子打摆子"})
    wait_for(lambda: other.admin.get("/knowledge/learning")["ready"], LEARNED_S, clock=other.clock)
    assert other.understood("白盒子打摆子") == ("answer", "C04")
