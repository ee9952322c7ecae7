"""A condition holds for the same rows in memory, on SQLite, on PostgreSQL, and for a model that reads it off a tree.

Hypothesis makes a small world (things, devices, products, tags) full of borders, values that are missing and texts that trouble databases,
and conditions over it of every operator and type. expr_probe gives its three answers, the model the fourth.
"""
import datetime
import functools
import json
import os
import subprocess
from pathlib import Path

import condition_model as model
import pytest
from calendars import hypothesis_run
from generator import ROOT, prepare
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.quick

WORLDS = {"quick": 25, "full": 420, "long": 2500}[os.environ.get("ANXIN_TEST_LEVEL", "full")]
CONDITIONS = 24  # of each world: 10,080 cases at level full, 60,000 at level long; three engines and the model answer each
LEAST = {"quick": 600, "full": 10_000, "long": 50_000}[os.environ.get("ANXIN_TEST_LEVEL", "full")]
PROBE = [ROOT / "build" / kind / "tests/prop/thing/expr_probe" for kind in ("asan", "release")]

ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu", "UTC"]
TEXTS = ["a", "A", "Ab", "zZ", "Zz", "aB%", "_b", "é", "É", "漏水", "漏", "水 漏", "ＡＢ", "a\"b", "a\\b", "a'b", "x; --", "?1", "$1", "100%", "new", "😀a", "ab ", " a"]
CHOICES = {"grade": ["normal", "urgent", "critical"], "state": ["new", "in-work", "now", "closed"]}
NUMBERS = [0, 1, 2, 5, -3, 2**53 + 1, 2**63 - 1, -(2**63 - 1)]
REALS = ["0.1", "1.5", "1.50", "-2", "100", "0.000000001", "12345678.9"]
PHONES = ["13800138000", "138-0013-8000", "02188886666", "110"]
IDS = [1, 2, 3, 4, 5]
OPS = {"number": ["=", "!=", "<", "<=", ">", ">=", "in", "not in"], "real": ["=", "!=", "<", "<=", ">", ">="], "flag": ["=", "!="],
       "time": ["=", "!=", "<", "<=", ">", ">=", "in", "not in"], "day": ["=", "!=", "<", "<=", ">", ">=", "in", "not in"],
       "id": ["=", "!=", "in", "not in"], "choice": ["=", "!=", "in", "not in"],
       "code": ["=", "!=", "in", "not in", "contains", "not contains", "starts", "not starts"],
       "set": ["has any", "has all", "has none"], "sealed": ["=", "!=", "in", "not in"]}
OPS["text"] = OPS["code"]
WORDS = ["today", "yesterday", "tomorrow"] + [f"{a}_{b}" for a in ("last", "this", "next") for b in ("week", "month", "year")]


# -- drawing ------------------------------------------------------------------------------------------------------------------------

# To make a strategy costs more than to draw from it, so what is drawn many times is picked by an index: plain functions of draw.
UP_TO = functools.cache(lambda n: st.integers(0, n - 1))
ENVIRONMENTS = st.fixed_dictionaries({
    "now": st.one_of(st.integers(1_290_000_000_000, 1_900_000_000_000), st.sampled_from([1325239200000, 1709164800000, 1540695600000, 1767196800000])),
    "name": st.sampled_from(ZONES), "me": st.sampled_from([0, 1, 5]), "my_team": st.sampled_from([0, 2]), "my_region": st.sampled_from([0, 3])})


def pick(draw, many):
    return many[draw(UP_TO(len(many)))]


def some_of(draw, many, least, most):
    return [pick(draw, many) for _ in range(least + draw(UP_TO(most - least + 1)))]


def maybe(draw, many, none):
    return pick(draw, many) if draw(UP_TO(4)) else none


# -- worlds -------------------------------------------------------------------------------------------------------------------------

def borders(env):
    """Instants at which the answer of some word changes, and their neighbours."""
    out = [env["now"] + d for d in (0, 7_200_000, -7_200_000, 3 * model.DAY, -3 * model.DAY)]
    for word in WORDS:
        first, last = model.days_of(env, word, 0, None)
        out += [model.instant(env, first), model.instant(env, last + datetime.timedelta(1))]
    return sorted({max(b + d, 0) for b in out for d in (-1, 0, 1)})


def day_borders(env):
    out = set()
    for word in WORDS:
        first, last = model.days_of(env, word, 0, None)
        out |= {(d - model.EPOCH).days + i for d in (first, last) for i in (-1, 0, 1)}
    return sorted(out)


def thing(draw, env):
    times, days, reals = env["borders"], env["day_borders"], [float(r) for r in REALS]
    return {
        "grade": pick(draw, CHOICES["grade"] + [""]), "state": maybe(draw, CHOICES["state"], None), "no": pick(draw, TEXTS + [""]),
        "batch": maybe(draw, TEXTS, None), "title": pick(draw, TEXTS), "note": maybe(draw, TEXTS, None), "device_id": maybe(draw, IDS, 0),
        "spare_id": maybe(draw, IDS, None), "owner_id": maybe(draw, IDS, 0), "maker_id": maybe(draw, IDS, 0),
        "team_id": maybe(draw, IDS, None), "times": pick(draw, [n for n in NUMBERS if n >= 0]), "rank": pick(draw, NUMBERS),
        "fee": maybe(draw, NUMBERS, None), "weight": pick(draw, reals), "heat": maybe(draw, reals, None), "urgent": pick(draw, [0, 1]), "seen": pick(draw, [None, 0, 1]),
        "opened_at": pick(draw, times), "solved_at": maybe(draw, times, 0), "due_at": maybe(draw, times, pick(draw, [0, model.FAR])), "closed_at": maybe(draw, times, None),
        "bought_on": maybe(draw, days, 0), "ends_on": maybe(draw, days, None)}


@st.composite
def worlds(draw):
    env = draw(ENVIRONMENTS)
    env["zone"] = model.zone(env["name"])
    env |= {"borders": borders(env), "day_borders": day_borders(env)}
    rows = [thing(draw, env) for _ in range(2 + draw(UP_TO(5)))]
    products = {i: {"id": i, "code": pick(draw, TEXTS), "price": pick(draw, [None, 0, 5])} for i in (1, 2)}
    devices = {i: {"id": i, "serial": pick(draw, TEXTS), "note": maybe(draw, TEXTS, None), "product_id": pick(draw, [0, 1, 2, 3]),
                   "installed_on": maybe(draw, env["day_borders"], 0), "seen_at": maybe(draw, env["borders"], None)} for i in (1, 2, 3)}
    words = {}
    for kind, many in (("tag", ["a", "ab", "zz"]), ("device_tag", TEXTS[:3]), ("phone", ["13800138000", "02188886666"])):
        for i in range(1, len(rows) + 1 if kind != "device_tag" else 4):
            words[kind, i] = set(some_of(draw, many, 0, 1 if kind == "phone" else 3))
    return env, {"thing": {i: row | {"id": i} for i, row in enumerate(rows, 1)}, "device": devices, "product": products, "words": words}


# -- conditions -----------------------------------------------------------------------------------------------------------------------

SHIFTS = [(0, None), (-1, "d"), (3, "d"), (-1, "w"), (-1, "mo"), (1, "mo"), (-1, "y"), (13, "mo")]
EXACT = [(0, None), (-2, "h"), (2, "h"), (-3, "d"), (90, "min"), (-30, "s"), (1, "w"), (-1, "mo"), (1, "y")]
OF_FIELDS = {"time": [(0, None), (2, "h"), (-1, "d"), (-1, "w")], "day": [(0, None), (-1, "d"), (1, "w")]}
PATHS = {kind: sorted(p for p in model.FIELDS if model.FIELDS[p][0] == kind) for kind in OPS}
SAME = {path: [p for p in model.FIELDS if model.FIELDS[p][0] == kind and (kind != "id" or "device" in p and "." not in p)] for kind in OPS for path in PATHS[kind]}
KINDS = sorted(OPS) + ["time", "time", "time", "day", "day", "text", "code"]  # what has more to go wrong is asked more often


def word_of_time(draw, kind):
    what = draw(UP_TO(4 if kind == "time" else 2))
    if what > 1:
        return "word", "now", *pick(draw, EXACT)
    return ("word", pick(draw, WORDS[:3]), *pick(draw, SHIFTS)) if what else ("word", pick(draw, WORDS), 0, None)


def instant_or_day(draw, env, kind):
    what = draw(UP_TO(6))
    if kind == "time" and what > 2:
        return "instant", pick(draw, env["borders"])
    return word_of_time(draw, kind) if what % 3 else ("day", model.EPOCH + datetime.timedelta(pick(draw, env["day_borders"])))


def operand(draw, env, path, op):
    kind = model.FIELDS[path][0]
    if kind in ("choice", "code", "text", "set", "sealed"):
        return "text", pick(draw, CHOICES.get(path) or (PHONES if kind == "sealed" else TEXTS[:5] if kind == "set" else TEXTS))
    fields_too = op not in ("in", "not in") and kind in ("number", "time", "day") or (kind == "id" and path in ("device_id", "spare_id") and op in ("=", "!="))
    if fields_too and not draw(UP_TO(3)):
        return "field", pick(draw, SAME[path]), *pick(draw, OF_FIELDS.get(kind, [(0, None)]))
    if kind in ("time", "day"):
        return instant_or_day(draw, env, kind)
    if kind == "id" and draw(UP_TO(2)):
        return "word", pick(draw, ["me", "my_team", "my_region"]), 0, None
    return ("flag", bool(draw(UP_TO(2)))) if kind == "flag" else ("number", str(pick(draw, {"number": NUMBERS, "real": REALS, "id": IDS}[kind])))


def atom(draw, env):
    path = pick(draw, PATHS[pick(draw, KINDS)])
    kind = model.FIELDS[path][0]
    if kind not in ("sealed",) and draw(UP_TO(12)) == 7:
        return "atom", "", path, pick(draw, ["is none", "is not none"]), []
    if kind in ("time", "day") and draw(UP_TO(4)) == 2:
        units = ["d", "w", "mo", "y"] + (["s", "min", "h"] if kind == "time" else [])
        duration = "duration", pick(draw, [0, 1, 2, 3, 7, 13, 90]), pick(draw, units)
        return "atom", pick(draw, ["age", "until"]), path, pick(draw, ["<", "<=", ">", ">="]), [duration]
    op = pick(draw, OPS[kind])
    most = 3 if op.split()[-1] in ("in", "any", "all", "none") else 1
    return "atom", "", path, op, [operand(draw, env, path, op) for _ in range(1 + draw(UP_TO(most)))]


def tree(draw, env, depth=3):
    """Mostly groups, so that atoms meet."""
    what = pick(draw, ["group"] * 5 + ["not"] * 2 + ["atom"] * (6 - depth) + ["constant"]) if depth else "atom"
    if what == "group":
        return pick(draw, ["and", "or"]), [tree(draw, env, depth - 1) for _ in range(2 + draw(UP_TO(2)))]
    if what == "not":
        return "not", tree(draw, env, depth - 1)
    return pick(draw, [("true",), ("false",)]) if what == "constant" else atom(draw, env)


@st.composite
def questions(draw):
    """A world and conditions over it."""
    env, world = draw(worlds())
    return env, world, [tree(draw, env) for _ in range(CONDITIONS)]


# -- the probe ------------------------------------------------------------------------------------------------------------------------

class Probe:
    def __init__(self, pg):
        path = next((p for p in PROBE if p.exists()), None)
        assert path, "build first: ninja -C build/asan"
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"ANXIN_TEST_PG": pg})

    def ask(self, lines):
        out = []
        for i in range(0, len(lines), 8):  # as much as the pipes hold
            some = lines[i:i + 8]
            self.process.stdin.write("".join(line + "\n" for line in some))
            self.process.stdin.flush()
            out += [self.process.stdout.readline().rstrip("\n") for _ in some]
        return out


@pytest.fixture(scope="module")
def probe():
    if "ANXIN_TEST_PG" in os.environ:
        os.environ.setdefault("ANXIN_BUILD_PG", os.environ["ANXIN_TEST_PG"])
    with prepare.postgresql_server(Path(ROOT / "tools/dev/pg.sh")) as pg:
        probe = Probe(pg)
        yield probe
        probe.process.stdin.close()
        assert probe.process.wait(10) == 0


def wire(table, row):
    def one(name, value):
        kind = ({"thing": model.THING, "device": model.DEVICE, "product": model.PRODUCT}[table] | {"id": ("id", ())})[name][0]
        if value is None:
            return None
        return {"id": str, "flag": bool, "day": lambda d: str(model.EPOCH + datetime.timedelta(d))}.get(kind, lambda v: v)(value)
    return f"{table} " + json.dumps({name: one(name, value) for name, value in row.items()})


def fill(probe, world):
    lines = ["clear"] + [wire(table, row) for table in ("product", "device", "thing") for row in world[table].values()]
    lines += [f"word {kind} {i} {word}" for (kind, i), words in world["words"].items() for word in sorted(words)]
    probe.ask(lines)


def question(env, tree):
    return f"ask {env['now']} {env['name']} {env['me']} {env['my_team']} {env['my_region']} {model.text_of(tree)}"


# -- what must hold -----------------------------------------------------------------------------------------------------------------

def test_a_condition_holds_for_the_same_rows_everywhere(probe):
    cases = {"asked": 0, "some": 0, "none": 0, "all": 0}

    @hypothesis_run(WORLDS)
    @given(made=questions())
    def check(made):
        env, world, trees = made
        fill(probe, world)
        for tree, answer in zip(trees, probe.ask([question(env, t) for t in trees])):
            wanted = [i for i, thing in world["thing"].items() if model.holds(world, env, thing, tree)]
            said, text, *ids = answer.split("\t")
            assert said == "ok", (answer, model.text_of(tree))
            found = [[int(i) for i in engine.split()] for engine in ids]
            assert found == [wanted] * 3, f"{text}: memory, SQLite, PostgreSQL say {found}, the model says {wanted}"
            cases["asked"] += 1
            cases["none" if not wanted else "all" if len(wanted) == len(world["thing"]) else "some"] += 1

    check()
    assert cases["asked"] >= LEAST
    assert min(cases["some"], cases["none"], cases["all"]) > cases["asked"] // 10, cases


def test_the_probe_says_what_is_wrong_and_where(probe):
    answers = probe.ask([f"ask 0 UTC 0 0 0 {text}" for text in ("grade = foo", "title < 3", "grade = urgent and bar = 1", "grade ==")])
    assert answers == ["refused\tfield_choice\t8", "refused\texpr_operator\t0", "refused\texpr_field\t19", "refused\texpr_syntax\t7"]
