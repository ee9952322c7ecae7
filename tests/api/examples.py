"""Values for any record, made from what /meta says of it: good ones for every type of field, and bad ones that must be refused."""
import itertools
import json
from datetime import date, datetime, timedelta, timezone

counter = itertools.count(1)

# What a record's own rules demand beyond the types of its fields.
OWN_RULES = {
    "user": {"account": lambda n: f"tester{n}"},
    "device": {"serial": lambda n: f"T{n:07d}"},
    "ticket": {"symptoms": lambda n: ["frost"]},
    "compensation": {"device_id": lambda n: None, "approver_id": lambda n: None},
    "macro": {"record": lambda n: "customer", "actions": lambda n: [{"do": "set", "field": "note", "value": f"T{n}"}]},
    "view": {"record": lambda n: "customer", "condition": lambda n: f"created_at < now - {n}d"},
    "rule": {"object": lambda n: "ticket", "state": lambda n: "draft", "events": lambda n: ["created"], "event_data": lambda n: {"measure": "solution"},
             "changed": lambda n: ["title"], "condition": lambda n: "grade = urgent", "actions": lambda n: [{"do": "move", "action": "accept"}]},
    "sign_in_provider": {"issuer": lambda n: f"https://10.{n % 250}.0.1", "domains": lambda n: f"a{n}.cn b.cn", "state": lambda n: "off"},
    "shift_kind": {"hours": lambda n: "22:00-08:00"},
    "shift": {"day": lambda n: str(date(2030, 1, 1) + timedelta(n)), "hours": lambda n: f"08:00-{10 + n % 10}:30"},
    "absence": {"from_at": lambda n: 1900000000000 + n * 86400000, "to_at": lambda n: 1900000000000 + n * 86400000 + 3600000, "cover_id": lambda n: None},
    # Not required, and a text: other tests make devices and have nothing to choose.
    "flow": {"object": lambda n: "compensation", "state": lambda n: "draft", "states": lambda n: [], "moves": lambda n: [{"move": "withdraw", "zh": f"撤回 {n}"}]},
    "report_form": {"pack": lambda n: "appliance", "state": lambda n: "draft", "scenes": lambda n: [{"name": "repair", "label": {"zh": f"报修 {n}"}}], "symptoms": lambda n: {"fridge": [{"code": "frost", "off": True}]}},
    "custom_field": {"object": lambda n: "device", "code": lambda n: f"c{n}", "choices": lambda n: [], "required": lambda n: False, "readers": lambda n: [], "scenes": lambda n: ["repair"]},
    "web_chat": {"state": lambda n: "off", "origins": lambda n: f"https://shop{n}.example.cn", "colour": lambda n: f"#0b66{n % 256:02x}"},
    "article": {"product": lambda n: "fridge", "models": lambda n: [f"M{n}"], "tree": lambda n: {"start": f"a{n}"}, "see": lambda n: ["A01"]},
    "phrasing": {"article": lambda n: "A01", "source": lambda n: "editor"},
    "question_line": {"expected": lambda n: ["A01", "A02", "OOS"][n % 3]},
    "snippet": {"name": lambda n: f"电话{n}"},
    "synonym": {"words": lambda n: f"不凉{n}、没冷气{n}"},
    "quality_rule": {"kind": lambda n: "forbidden", "words": lambda n: f"nobody says {n}", "messages": lambda n: 1},
    "chat_queue": {"condition": lambda n: f'customer.note = "nobody {n}"', "overflow_id": lambda n: None},      # for conversations that nobody opens
    "model_account": {"base_url": lambda n: f"https://model{n}.example.cn/v1", "state": lambda n: "off", "for_embed": lambda n: False},
    "mail_account": {"address": lambda n: f"help{n}@example.cn", "imap_host": lambda n: f"imap{n}.example.cn", "smtp_host": lambda n: f"smtp{n}.example.cn", "state": lambda n: "off"},
    "wechat_account": {"app_id": lambda n: f"wx{n:016d}", "open_kfid": lambda n: f"wk{n}", "api_url": lambda n: f"https://wechat{n}.example.cn", "state": lambda n: "off"},
    "sms_gateway": {"api_url": lambda n: f"https://sms{n}.example.cn", "templates": lambda n: f"* = SMS_{n} text", "state": lambda n: "off"},
    "phone_line": {"dial_url": lambda n: f"https://cti{n}.example.cn/dial", "record_hosts": lambda n: f"rec{n}.example.cn", "state": lambda n: "off"},
    "webhook": {"url": lambda n: f"https://erp{n}.example.cn/hook"},
    "calendar": {"form": lambda n: {"name": {"zh": "白班", "en": "Day shift"}, "zone": "Asia/Shanghai", "holidays": ["china"],
                                    "week": [{"days": ["mon", "fri"], "hours": ["09:00-12:00", "13:00-18:00"]}]}},
    "clock_measure": {"object": lambda n: "ticket", "run_when": lambda n: "state = new", "pause_when": lambda n: 'title = "x"',
                      "cancel_when": lambda n: "state = cancelled"},
    "clock_policy": {"object": lambda n: "ticket", "measure": lambda n: "solution", "condition": lambda n: "grade = urgent",
                     "ladder": lambda n: [{"percent": 150, "to": "supervisor"}]},
    "promise": {"object": lambda n: "ticket", "measure": lambda n: "closed_loop", "condition": lambda n: "grade = urgent", "target": lambda n: 90 + n % 90 / 10},
    "role": {"permissions": lambda n: ["ticket.read"], "second_factor": lambda n: False,
             "conditions": lambda n: [{"record": "ticket", "where": f"remind_count < {n}"}], "masks": lambda n: ["ticket.description"]},  # with one its people would not get in by the password alone
}


def number(n, field):
    """Another one each time, as far as the field lets it."""
    least = max(field["least"], 3)
    return least + n % min(200, field["most"] - least + 1 if field["most"] else 200)


GOOD = {
    "code": lambda n, f: f"T{n:0{max(f['least'] - 1, 1)}d}"[: f["most"] or 100],
    "text": lambda n, f: f"第 {n} 行文字，second line",
    "choice": lambda n, f: f["choices"][0]["value"],
    "day": lambda n, f: "1969-07-20" if n % 2 else "2026-03-08",
    "time": lambda n, f: 1795329120000 + 1000 * n,
    "money": number,
    "count": number,
    "int": number,
    "real": lambda n, f: number(n, f) - 0.5,
    "flag": lambda n, f: True,
    "json": lambda n, f: {"k": [n]},
    "tags": lambda n, f: [f"T{n}", "每次都有"],
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
    "tags": ["T1", {}, [5], ["a,b"], [""], ["x" * 41]],
    "bytes": ["not base64!", 5],
    "name": [5, [], "x" * 10001],
    "phone": ["12", "telephone", 13800138000],
    "email": ["nobody", "a@", 5],
    "place": [5, [], "x" * 100001],
    "sealed": [5, [], "x" * 1000001],
}

# The same in the cells of a sheet, where everything is text.
BAD_CELLS = {
    "code": ["x" * 10001],
    "text": ["x" * 30001],
    "choice": ["no such choice"],
    "ref": ["no such thing"],
    "day": ["2026-02-30", "yesterday"],
    "time": ["now", "2026-02-30 10:00"],
    "money": ["12.505", "much"],
    "count": ["-1", "three", "1.5"],
    "int": ["three", "1.5", "9" * 30],
    "real": ["one", "1.5.5", "1e999", "nan"],
    "flag": ["perhaps"],
    "json": ["{", "a"],
    "tags": ["x" * 41],
    "bytes": ["not base64!"],
    "name": ["x" * 10001],
    "phone": ["12", "telephone"],
    "email": ["nobody", "a@"],
    "place": ["x" * 10001],
    "sealed": ["x" * 30001],
}
COMPANY_ZONE = timezone(timedelta(hours=8))


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
    if field["to"] == "role":  # some hold rights that nobody who makes users has
        return next(r["id"] for r in client.get("/role", limit=200)["items"] if r["code"] == "agent")
    found = client.get(f"/{field['to']}", limit=1)["items"]
    return found[0]["id"] if found else make(client, meta, field["to"])["id"]


# Where either of two fields is required, which neither says of itself: a shift has hours of its own or those of its pattern.
ONE_OF = {"shift": "hours"}


def body(client, meta, name, only_required=False):
    record = meta[name]
    return {f["name"]: good(client, meta, f, name) for f in settable(record) if f["required"] or f["name"] == ONE_OF.get(name) or not only_required}


def make(client, meta, name):
    return client.post(f"/{name}", body(client, meta, name))


def naming(client, meta, name, row_id):
    """Words by which people name a row in a sheet: one of its unique codes, else its phone."""
    row = client.get(f"/{name}/{row_id}")
    for field in meta[name]["fields"]:
        if field["type"] == "code" and field["unique"] and row[field["name"]]:
            return row[field["name"]]
    return client.post(f"/{name}/{row_id}/reveal", {"field": "phone", "purpose": "导入"})["value"]


def said(field, value):
    """A value in words, as a sheet in English holds it."""
    if value is None:
        return ""
    words = {
        "choice": lambda: next((c["label"]["en"] for c in field["choices"] if c["value"] == value), value),
        "money": lambda: f"{value / 100:.2f}",
        "flag": lambda: "yes" if value else "no",
        "time": lambda: datetime.fromtimestamp(value // 1000, COMPANY_ZONE).strftime("%Y-%m-%d %H:%M:%S"),
        "tags": lambda: ",".join(value),
        "json": lambda: json.dumps(value, ensure_ascii=False, separators=(",", ":")),
    }
    return words.get(field["type"], lambda: str(value))()


def cell(client, meta, field, values):
    """A field's value of a body as a cell that imports it."""
    value = values[field["name"]]
    return naming(client, meta, field["to"], value) if field["type"] == "ref" and value else said(field, value)
