"""Values for any record, made from what /meta says of it: good ones for every type of field, and bad ones that must be refused."""
import itertools

counter = itertools.count(1)

# What a record's own rules demand beyond the types of its fields.
OWN_RULES = {
    "user": {"account": lambda n: f"tester{n}"},
    "role": {"permissions": lambda n: ["ticket.read"]},
}

GOOD = {
    "code": lambda n, f: f"T{n:0{max(f['least'] - 1, 1)}d}"[: f["most"] or 100],
    "text": lambda n, f: f"第 {n} 行文字，second line",
    "choice": lambda n, f: f["choices"][0]["value"],
    "day": lambda n, f: "2026-03-08",
    "time": lambda n, f: 1795329120000 + n,
    "money": lambda n, f: max(f["least"], 1990),
    "count": lambda n, f: max(f["least"], 3),
    "int": lambda n, f: max(f["least"], 3),
    "real": lambda n, f: max(f["least"], 1.5),
    "flag": lambda n, f: True,
    "json": lambda n, f: {"k": [n]},
    "bytes": lambda n, f: "Zm9v",
    "name": lambda n, f: f"王小{n}",
    "phone": lambda n, f: f"138{n:08d}",
    "email": lambda n, f: f"tester{n}@example.com",
    "place": lambda n, f: f"人民路 {n} 号",
    "sealed": lambda n, f: f"只给有权的人看 {n}",
}

BAD = {
    "code": [5, "x" * 10001],
    "text": [5, {}, "x" * 100001],
    "choice": ["no such choice", 5],
    "ref": ["abc", "999999999999999999", 5],
    "day": ["2026-02-30", "yesterday", 20260308],
    "time": ["now", -(2**70)],
    "money": ["12.50", 1.5, 2**70],
    "count": [-1, "3", 1.5],
    "int": ["3", 1.5, 2**70],
    "real": ["1.5", [], {}],
    "flag": ["yes", 1, "true"],
    "json": [],
    "bytes": ["not base64!", 5],
    "name": [5, [], "x" * 10001],
    "phone": ["12", "telephone", 13800138000],
    "email": ["nobody", "a@", 5],
    "place": [5, [], "x" * 100001],
    "sealed": [5, [], "x" * 1000001],
}


def settable(record):
    return [f for f in record["fields"] if not f["system"]]


def good(client, meta, field, record_name):
    """A value that the field takes; what it refers to is taken from the company, or made."""
    n = next(counter)
    own = OWN_RULES.get(record_name, {}).get(field["name"])
    if own:
        return own(n)
    if field["type"] != "ref":
        return GOOD[field["type"]](n, field)
    found = client.get(f"/{field['to']}", limit=1)["items"]
    return found[0]["id"] if found else make(client, meta, field["to"])["id"]


def body(client, meta, name, only_required=False):
    record = meta[name]
    return {f["name"]: good(client, meta, f, name) for f in settable(record) if f["required"] or not only_required}


def make(client, meta, name):
    return client.post(f"/{name}", body(client, meta, name))
