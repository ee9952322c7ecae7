"""Conditions as test_conditions.py understands them: a tree of tuples, its text, and whom it holds for, in plain Python.

A tree is ("true",), ("false",), ("and"|"or", [tree…]), ("not", tree) or ("atom", function, path, operator, [operand…]). An operand is
("number", digits), ("text", s), ("word", w, shift, unit), ("field", path, shift, unit), ("day", date), ("instant", ms), ("flag", bool),
("duration", n, unit). Rows are dicts as the probe takes them; None is what is not there.
"""
import datetime
import re
import zoneinfo

DAY, FAR = 86_400_000, 253402300799999
EPOCH = datetime.date(1970, 1, 1)
UTC = datetime.timezone.utc
EXACT = {"s": 1000, "min": 60_000, "h": 3_600_000, "d": DAY, "w": 7 * DAY}

# name: (type, values that mean none)
PRODUCT = {"code": ("code", ()), "price": ("number", ())}
DEVICE = {"id": ("id", ()), "serial": ("code", ()), "note": ("text", ()), "product_id": ("id", (0,)), "installed_on": ("day", (0,)),
          "seen_at": ("time", ()), "tags": ("set", ())}
THING = {"id": ("id", ()), "grade": ("choice", ()), "state": ("choice", ()), "no": ("code", ()), "batch": ("code", ()), "title": ("text", ()),
         "note": ("text", ()), "device_id": ("id", (0,)), "spare_id": ("id", ()), "owner_id": ("id", (0,)), "maker_id": ("id", (0,)),
         "team_id": ("id", ()), "times": ("number", ()), "rank": ("number", ()), "fee": ("number", ()), "weight": ("real", ()),
         "heat": ("real", ()), "urgent": ("flag", ()), "seen": ("flag", ()), "opened_at": ("time", ()), "solved_at": ("time", (0,)),
         "due_at": ("time", (0, FAR)), "closed_at": ("time", ()), "bought_on": ("day", (0,)), "ends_on": ("day", ()), "tags": ("set", ()),
         "phone": ("sealed", ())}
STEPS = {"device": "device_id", "spare": "spare_id", "product": "product_id"}
FIELDS = {**THING, **{f"{step}.{name}": kind for step in ("device", "spare") for name, kind in DEVICE.items()},
          **{f"{step}.product.{name}": kind for step in ("device", "spare") for name, kind in PRODUCT.items()}}


def fold(text):
    return re.sub("[A-Z]", lambda m: m[0].lower(), text)


# -- time -----------------------------------------------------------------------------------------------------------------------

def wall(env, ms):
    """(day, milliseconds since midnight) on the wall."""
    at = datetime.datetime.fromtimestamp(ms // 1000, UTC).astimezone(env["zone"])
    return at.date(), ((at.hour * 60 + at.minute) * 60 + at.second) * 1000 + ms % 1000


def instant(env, date, ms=0):
    at = datetime.datetime.combine(date, datetime.time()) + datetime.timedelta(milliseconds=ms)
    return int(at.replace(microsecond=0, tzinfo=env["zone"]).timestamp()) * 1000 + ms % 1000


def move_months(date, n):
    year, month = divmod(date.year * 12 + date.month - 1 + n, 12)
    following = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return datetime.date(year, month + 1, min(date.day, (following - datetime.timedelta(1)).day))


def move_day(date, n, unit):
    if unit in ("mo", "y"):
        return move_months(date, n * (12 if unit == "y" else 1))
    return date + datetime.timedelta(n * (7 if unit == "w" else 1))


def move_instant(env, n, unit):
    if unit in EXACT:
        return env["now"] + n * EXACT[unit]
    date, ms = wall(env, env["now"])
    return instant(env, move_day(date, n, unit), ms)


def days_of(env, word, shift, unit):
    """First and last day."""
    today = wall(env, env["now"])[0]
    one = datetime.timedelta(1)
    if word in ("today", "yesterday", "tomorrow"):
        date = today + one * {"today": 0, "yesterday": -1, "tomorrow": 1}[word]
        date = move_day(date, shift, unit) if shift else date
        return date, date
    which, period = word.split("_")
    n = {"last": -1, "this": 0, "next": 1}[which]
    if period == "week":
        monday = today - one * today.weekday() + one * 7 * n
        return monday, monday + one * 6
    first = today.replace(day=1) if period == "month" else today.replace(day=1, month=1)
    months = 1 if period == "month" else 12
    first = move_months(first, months * n)
    return first, move_months(first, months) - one


def span_of(env, kind, operand):
    """The integers an operand stands for, first and last, or None for none at all."""
    what, *rest = operand
    if what == "number":
        return (int(rest[0]),) * 2
    if what == "flag":
        return (int(rest[0]),) * 2
    if what == "instant":
        return (rest[0],) * 2
    if what == "day":
        first = last = rest[0]
    else:
        word, shift, unit = rest
        if word in ("me", "my_team", "my_region"):
            return (env[word],) * 2 if env[word] else None
        if word == "now":
            return (move_instant(env, shift, unit) if shift else env["now"],) * 2
        first, last = days_of(env, word, shift, unit)
    if kind == "day":
        return (first - EPOCH).days, (last - EPOCH).days
    return instant(env, first), instant(env, last + datetime.timedelta(1)) - 1


# -- values ---------------------------------------------------------------------------------------------------------------------

def row_of(world, row, step):
    """The device or product that a step leads to."""
    table = world["product" if step == "product" else "device"]
    return table.get(row[STEPS[step]]) if row else None


def value_of(world, thing, path):
    *steps, name = path.split(".")
    row, kind = thing, "thing"
    for step in steps:
        row, kind = row_of(world, row, step), "device"
    if row is None:
        return None
    if FIELDS[path][0] in ("set", "sealed"):
        return world["words"].get(({"phone": "phone"}.get(name, "tag" if kind == "thing" else "device_tag"), row["id"]), set())
    value = row[name]
    return None if value == "" or (value in FIELDS[path][1] and value is not None) else value


# -- truth ----------------------------------------------------------------------------------------------------------------------

COMPARE = {"=": lambda v, a, b: a <= v <= b, "in": lambda v, a, b: a <= v <= b, "<": lambda v, a, b: v < a, "<=": lambda v, a, b: v <= b,
           ">": lambda v, a, b: v > b, ">=": lambda v, a, b: v >= a}
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
POSITIVE = {"!=": "=", "not in": "in", "not contains": "contains", "not starts": "starts", "has none": "has any", "is none": "is not none"}


def passes_text(kind, op, value, text):
    if kind == "text":
        value, text = fold(value), fold(text)
    return {"contains": text in value, "starts": value.startswith(text)}.get(op, value == text)


def passes_function(env, kind, function, op, value, duration):
    n, unit = duration[1], duration[2]
    n = -n if function == "age" else n
    at = move_instant(env, n, unit) if kind == "time" else (move_day(wall(env, env["now"])[0], n, unit) - EPOCH).days
    return COMPARE[TURNED[op] if function == "age" else op](value, at, at)


def passes_field(world, thing, kind, op, value, operand):
    _, path, shift, unit = operand
    other = value_of(world, thing, path)
    if other is None:
        return False
    other += shift * (EXACT[unit] if kind == "time" else {"d": 1, "w": 7}[unit]) if shift else 0
    return COMPARE[op](value, other, other)


def passes(world, env, thing, kind, function, op, value, operand):
    if function:
        return passes_function(env, kind, function, op, value, operand)
    if kind in ("choice", "code", "text"):
        return passes_text(kind, op, value, operand[1])
    if operand[0] == "field":
        return passes_field(world, thing, kind, op, value, operand)
    if kind == "real":
        number = float(operand[1])
        return COMPARE[op](value, number, number)
    span = span_of(env, kind, operand)
    return span is not None and COMPARE[op](value, *span)


def holds_atom(world, env, thing, function, path, op, operands):
    kind, value = FIELDS[path][0], value_of(world, thing, path)
    if kind in ("set", "sealed"):
        form = {"phone": lambda text: re.sub("[^0-9]", "", text), "tags": fold}.get(path, lambda text: text)  # tags of a thing are kept folded
        texts = {form(o[1]) for o in operands}
        value = value or set()
        return {"is not none": bool(value), "has all": texts <= value}.get(op, bool(texts & value))
    if value is None or op == "is not none":
        return value is not None
    return any(passes(world, env, thing, kind, function, op, value, o) for o in operands)


def holds(world, env, thing, tree):
    what, *rest = tree
    if what in ("true", "false"):
        return what == "true"
    if what == "not":
        return not holds(world, env, thing, rest[0])
    if what in ("and", "or"):
        return (all if what == "and" else any)(holds(world, env, thing, t) for t in rest[0])
    function, path, op, operands = rest
    truth = holds_atom(world, env, thing, function, path, POSITIVE.get(op, op), operands)
    return truth != (op in POSITIVE)


def zone(name):
    return zoneinfo.ZoneInfo(name)


# -- text -----------------------------------------------------------------------------------------------------------------------

def quoted(s):
    return '"' + s.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def shifted(text, shift, unit):
    return f"{text} {'-' if shift < 0 else '+'} {abs(shift)}{unit}" if shift else text


def instant_text(ms):
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=ms)).strftime("%Y-%m-%dT%H:%M:%S") + f".{ms % 1000:03}Z"


def operand_text(kind, operand):
    what, *rest = operand
    if what == "text":
        bare = kind == "choice" and re.fullmatch("[a-z_]+", rest[0]) and rest[0] != "now"
        return rest[0] if bare else quoted(rest[0])
    if what in ("word", "field"):
        return shifted(*rest)
    if what == "flag":
        return "true" if rest[0] else "false"
    return {"number": lambda: rest[0], "day": lambda: str(rest[0]), "duration": lambda: f"{rest[0]}{rest[1]}",
            "instant": lambda: instant_text(rest[0])}[what]()


def text_of(tree):
    """The canonical text."""
    what, *rest = tree
    if what in ("true", "false"):
        return what
    if what == "not":
        return f"not ({text_of(rest[0])})"
    if what in ("and", "or"):
        return f" {what} ".join(f"({text_of(t)})" if t[0] in ("and", "or") else text_of(t) for t in rest[0])
    function, path, op, operands = rest
    term = f"{function}({path})" if function else path
    if op in ("is none", "is not none"):
        return f"{term} {op}"
    texts = ", ".join(operand_text(FIELDS[path][0], o) for o in operands)
    return f"{term} {op} ({texts})" if op.split()[-1] in ("in", "any", "all", "none") else f"{term} {op} {texts}"
