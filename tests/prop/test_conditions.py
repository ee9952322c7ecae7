"""A condition holds for the same rows in memory, on SQLite, on PostgreSQL, and for a model that reads it off a tree.

Hypothesis makes a small world (things, devices, products, tags) full of borders, values that are missing and texts that trouble databases,
and conditions over it of every operator and type. expr_probe gives its three answers, the model the fourth.
"""
import datetime
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

WORLDS = {"quick": 25, "full": 200, "long": 2500}[os.environ.get("ANXIN_TEST_LEVEL", "full")]
CONDITIONS = 12  # of each world: 30,000 cases at level long; three engines answer each, so level full takes a minute for its 2,400
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


# -- worlds -------------------------------------------------------------------------------------------------------------------------

def maybe(strategy, none):
    return st.one_of(st.just(none), strategy, strategy, strategy)


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


@st.composite
def environments(draw):
    name = draw(st.sampled_from(ZONES))
    now = draw(st.one_of(st.integers(1_290_000_000_000, 1_900_000_000_000), st.sampled_from([1325239200000, 1709164800000, 1540695600000, 1767196800000])))
    return {"now": now, "zone": model.zone(name), "name": name, "me": draw(st.sampled_from([0, 1, 5])), "my_team": draw(st.sampled_from([0, 2])),
            "my_region": draw(st.sampled_from([0, 3]))}


def things(env):
    time, day, text = st.sampled_from(borders(env)), st.sampled_from(day_borders(env)), st.sampled_from(TEXTS)
    return st.fixed_dictionaries({
        "grade": st.sampled_from(CHOICES["grade"] + [""]), "state": maybe(st.sampled_from(CHOICES["state"]), None), "no": st.sampled_from(TEXTS + [""]),
        "batch": maybe(text, None), "title": text, "note": maybe(text, None), "device_id": maybe(st.sampled_from(IDS), 0),
        "spare_id": maybe(st.sampled_from(IDS), None), "owner_id": maybe(st.sampled_from(IDS), 0), "maker_id": maybe(st.sampled_from(IDS), 0),
        "team_id": maybe(st.sampled_from(IDS), None), "times": st.sampled_from([n for n in NUMBERS if n >= 0]), "rank": st.sampled_from(NUMBERS),
        "fee": maybe(st.sampled_from(NUMBERS), None), "weight": st.sampled_from([float(r) for r in REALS]),
        "heat": maybe(st.sampled_from([float(r) for r in REALS]), None), "urgent": st.sampled_from([0, 1]), "seen": st.sampled_from([None, 0, 1]),
        "opened_at": time, "solved_at": maybe(time, 0), "due_at": st.one_of(time, time, st.sampled_from([0, model.FAR])), "closed_at": maybe(time, None),
        "bought_on": maybe(day, 0), "ends_on": maybe(day, None)})


@st.composite
def worlds(draw):
    env = draw(environments())
    rows = draw(st.lists(things(env), min_size=2, max_size=6))
    products = {i: {"id": i, "code": draw(st.sampled_from(TEXTS)), "price": draw(st.sampled_from([None, 0, 5]))} for i in (1, 2)}
    devices = {i: {"id": i, "serial": draw(st.sampled_from(TEXTS)), "note": draw(maybe(st.sampled_from(TEXTS), None)),
                   "product_id": draw(st.sampled_from([0, 1, 2, 3])), "installed_on": draw(maybe(st.sampled_from(day_borders(env)), 0)),
                   "seen_at": draw(maybe(st.sampled_from(borders(env)), None))} for i in (1, 2, 3)}
    words = {}
    for kind, many in (("tag", ["a", "ab", "zz"]), ("device_tag", TEXTS[:3]), ("phone", ["13800138000", "02188886666"])):
        for i in range(1, len(rows) + 1 if kind != "device_tag" else 4):
            words[kind, i] = draw(st.sets(st.sampled_from(many), max_size=1 if kind == "phone" else 3))
    return env, {"thing": {i: row | {"id": i} for i, row in enumerate(rows, 1)}, "device": devices, "product": products, "words": words}


# -- conditions -----------------------------------------------------------------------------------------------------------------------

def words_of_time(kind):
    shifts = st.sampled_from([(0, None), (-1, "d"), (3, "d"), (-1, "w"), (-1, "mo"), (1, "mo"), (-1, "y"), (13, "mo")])
    days = st.builds(lambda w, s: ("word", w, *s), st.sampled_from(WORDS[:3]), shifts)
    words = st.one_of(days, st.sampled_from(WORDS).map(lambda w: ("word", w, 0, None)))
    if kind == "day":
        return words
    exact = st.sampled_from([(0, None), (-2, "h"), (2, "h"), (-3, "d"), (90, "min"), (-30, "s"), (1, "w"), (-1, "mo"), (1, "y")])
    return st.one_of(words, st.builds(lambda s: ("word", "now", *s), exact))


def operands(env, path, op):
    kind = model.FIELDS[path][0]
    same = [p for p in model.FIELDS if model.FIELDS[p][0] == kind and (kind != "id" or "device" in p and "." not in p)]
    if kind in ("choice", "code", "text", "set", "sealed"):
        return st.sampled_from(CHOICES.get(path) or (PHONES if kind == "sealed" else TEXTS[:5] if kind == "set" else TEXTS)).map(lambda t: ("text", t))
    number = st.sampled_from(NUMBERS if kind == "number" else IDS).map(lambda n: ("number", str(n)))
    shifts = {"time": [(0, None), (2, "h"), (-1, "d"), (-1, "w")], "day": [(0, None), (-1, "d"), (1, "w")]}.get(kind, [(0, None)])
    field = st.builds(lambda p, s: ("field", p, *s), st.sampled_from(same), st.sampled_from(shifts))
    plain = {"number": number, "real": st.sampled_from(REALS).map(lambda r: ("number", r)), "flag": st.booleans().map(lambda f: ("flag", f)),
             "id": st.one_of(number, st.sampled_from(["me", "my_team", "my_region"]).map(lambda w: ("word", w, 0, None)))}.get(kind)
    if kind in ("time", "day"):
        dates = st.sampled_from(day_borders(env)).map(lambda d: ("day", model.EPOCH + datetime.timedelta(d)))
        plain = st.one_of(words_of_time(kind), words_of_time(kind), dates)
    if kind == "time":
        plain = st.one_of(plain, st.sampled_from(borders(env)).map(lambda ms: ("instant", ms)))
    fields_too = op not in ("in", "not in") and kind in ("number", "time", "day") or (kind == "id" and path in ("device_id", "spare_id") and op in ("=", "!="))
    return st.one_of(plain, plain, field) if fields_too else plain


PATHS = {kind: sorted(p for p in model.FIELDS if model.FIELDS[p][0] == kind) for kind in OPS}
KINDS = sorted(OPS) + ["time", "time", "time", "day", "day", "text", "code"]  # what has more to go wrong is asked more often


@st.composite
def atoms(draw, env):
    path = draw(st.sampled_from(PATHS[draw(st.sampled_from(KINDS))]))
    kind = model.FIELDS[path][0]
    if kind not in ("sealed",) and draw(st.integers(0, 11)) == 7:
        return "atom", "", path, draw(st.sampled_from(["is none", "is not none"])), []
    if kind in ("time", "day") and draw(st.integers(0, 3)) == 2:
        units = ["d", "w", "mo", "y"] + (["s", "min", "h"] if kind == "time" else [])
        duration = "duration", draw(st.sampled_from([0, 1, 2, 3, 7, 13, 90])), draw(st.sampled_from(units))
        return "atom", draw(st.sampled_from(["age", "until"])), path, draw(st.sampled_from(["<", "<=", ">", ">="])), [duration]
    op = draw(st.sampled_from(OPS[kind]))
    most = 3 if op.split()[-1] in ("in", "any", "all", "none") else 1
    return "atom", "", path, op, draw(st.lists(operands(env, path, op), min_size=1, max_size=most))


@st.composite
def conditions(draw, env, depth=3):
    """Mostly groups, so that atoms meet."""
    what = draw(st.sampled_from(["group"] * 5 + ["not"] * 2 + ["atom"] * (6 - depth) + ["constant"])) if depth else "atom"
    if what == "group":
        return draw(st.sampled_from(["and", "or"])), draw(st.lists(conditions(env, depth - 1), min_size=2, max_size=3))
    if what == "not":
        return "not", draw(conditions(env, depth - 1))
    return draw(st.sampled_from([("true",), ("false",)])) if what == "constant" else draw(atoms(env))


# -- the probe ------------------------------------------------------------------------------------------------------------------------

class Probe:
    def __init__(self, pg):
        path = next((p for p in PROBE if p.exists()), None)
        assert path, "build first: ninja -C build/asan"
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"ANXIN_TEST_PG": pg})

    def ask(self, lines):
        self.process.stdin.write("".join(line + "\n" for line in lines))
        self.process.stdin.flush()
        return [self.process.stdout.readline().rstrip("\n") for _ in lines]


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
    @given(made=worlds(), data=st.data())
    def check(made, data):
        env, world = made
        trees = [data.draw(conditions(env)) for _ in range(CONDITIONS)]
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
    assert cases["asked"] >= WORLDS * CONDITIONS
    assert min(cases["some"], cases["none"], cases["all"]) > cases["asked"] // 10, cases


def test_the_probe_says_what_is_wrong_and_where(probe):
    answers = probe.ask([f"ask 0 UTC 0 0 0 {text}" for text in ("grade = foo", "title < 3", "grade = urgent and bar = 1", "grade ==")])
    assert answers == ["refused\tfield_choice\t8", "refused\texpr_operator\t0", "refused\texpr_field\t19", "refused\texpr_syntax\t7"]
