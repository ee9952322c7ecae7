"""Counts promises anew from what happened: tickets, tasks, clocks and their events as the public API gives them, never the sums.

It knows the appliance pack's definitions in words of its own, so that a mistake in the program's is not repeated here.
"""
import collections
import datetime

ZONE_MS = 8 * 3600 * 1000
DAY_MS = 86400 * 1000
MINUTE = 60 * 1000


def day(at):
    return datetime.date(1970, 1, 1) + datetime.timedelta(days=(at + ZONE_MS) // DAY_MS)


def same_period(period, a, b):
    if period == "day":
        return a == b
    if period == "week":
        return a.isocalendar()[:2] == b.isocalendar()[:2]
    return (a.year, a.month) == (b.year, b.month)


class Recount:
    def __init__(self, admin, days=None):
        """days: only what was reported since then, where the rest is known to lie before the periods that are asked for."""
        self.admin = admin
        self.now = admin.get("/promise/figures")["at"]
        since = self.now - days * DAY_MS if days else 0
        self.tickets, self.tasks = [t for t in self.all("/ticket") if t["created_at"] >= since], self.all("/task")
        self.talks, self.inspections = [k for k in self.all("/conversation") if k["created_at"] >= since], self.all("/quality")
        self.turns = collections.defaultdict(list)
        for turn in sorted(self.all("/bot_turn"), key=lambda t: (t["no"], int(t["id"]))):
            self.turns[turn["conversation_id"]].append(turn)
        self.hours = {q["id"]: self.open_hours(q) for q in self.all("/chat_queue")}
        self.clocks = {t["id"]: admin.get("/clock", object=kind, object_id=t["id"])["items"] for kind, rows in (("ticket", self.tickets), ("conversation", self.talks)) for t in rows}
        self.targets = {p["code"]: p["target"] for p in self.all("/promise")}

    def today(self):
        return day(self.now)

    def all(self, path):
        rows, after = [], None
        while True:
            page = self.admin.get(path, limit=200, sort="created_at", **({"after": after} if after else {}))
            rows += page["items"]
            if not (after := page.get("next")):
                return rows

    def open_hours(self, queue):
        """(first, last) hour of a queue that is served at the same hours every day; None: always."""
        if queue["calendar_id"] in (None, "0"):
            return None
        (hours,), = [[days["hours"]] for days in self.admin.get(f"/calendar/{queue['calendar_id']}")["form"]["week"] if len(days["days"]) == 7]
        return tuple(int(hour[:2]) for hour in hours[0].split("-"))

    def is_open(self, talk):
        hours = self.hours.get(talk["queue_id"])
        return not hours or hours[0] <= (talk["asked_at"] + ZONE_MS) % DAY_MS // 3600000 < hours[1]

    def late(self, ticket, measure):
        return next((k["breached_at"] for k in self.clocks[ticket["id"]] if k["measure"] == measure and k["state"] in ("running", "paused") and k["breached_at"]), 0)

    def clock(self, ticket, measure):
        """(since, milliseconds, over) of all rounds together, or None."""
        rounds = sorted((k for k in self.clocks[ticket["id"]] if k["measure"] == measure and k["state"] != "cancelled"), key=lambda k: k["round"])
        if not rounds:
            return None
        over = all(k["state"] == "met" for k in rounds)
        if not over and not any(k["breached_at"] for k in rounds if k["state"] != "met"):
            return None
        spent = sum(k["spent_ms"] if k["state"] == "met" else k["target_ms"] for k in rounds)
        return rounds[0]["from_at"], spent, over

    @staticmethod
    def comes_back(repair, other):
        """The same device, for the same fault, within 30 days."""
        same = not repair["symptoms"] or not other["symptoms"] or set(repair["symptoms"]) & set(other["symptoms"])
        after = repair["solved_at"] < other["created_at"] <= repair["solved_at"] + 30 * DAY_MS
        return bool(after and same and other["device_id"] == repair["device_id"] and other["scene"] == "repair" and other["state"] != "cancelled")

    def cases(self):
        """(code, day, held or None, milliseconds, over)"""
        customers = {c["id"]: c for c in self.all("/customer")}
        tickets = {t["id"]: t for t in self.tickets}
        for t in self.tickets:
            made, is_open = t["created_at"], t["state"] not in ("closed", "cancelled")
            file = customers.get(t["customer_id"])
            yield "one_history", made, bool(file and (file.get("phone") or file.get("email") or file.get("external_no"))), 0, True
            answered = t.get("first_response_at") or 0
            until = answered or self.late(t, "first_response") or self.late(t, "acceptance")
            if until:
                yield "first_response", made, None, until - made, bool(answered)
            for code, measure, grade in (("urgent_response", "first_response", "urgent"), ("critical_response", "first_response", "critical"),
                                         ("acceptance", "acceptance", None), ("contact", "customer_contact", None), ("normal_solution", "solution", "normal"), ("urgent_solution", "solution", "urgent")):
                wanted = grade is None or (t["grade"] == grade and (measure == "first_response" or t["scene"] != "complaint"))
                if wanted and (found := self.clock(t, measure)):
                    yield code, found[0], None, found[1], found[2]
            late = self.late(t, "solution")
            if t["state"] == "closed" or (is_open and (t["reopen_count"] or late)):
                yield "closed_loop", made, t["state"] == "closed", 0, True
            if t["scene"] == "complaint" and (t["state"] == "closed" or (is_open and late)):
                yield "complaint_loop", made, None, (t["closed_at"] if t["state"] == "closed" else late) - made, t["state"] == "closed"
            if t["scene"] == "repair" and t["device_id"] not in (None, "0") and t["solved_at"]:
                yield "first_fix", t["solved_at"], not t["reopen_count"] and not any(self.comes_back(t, other) for other in self.tickets), 0, True
            if t["rating"]:
                yield "satisfaction", t["rated_at"], t["rating"] in ("satisfied", "mostly"), 0, True
        yield from self.cases_of_talks(customers)
        for k in self.tasks:
            about = tickets.get(k["ticket_id"])
            code = {"complaint_call": "complaint_call", "review_call": "review_call"}.get(k["kind"])
            if k["kind"] == "call_back" and about and about["scene"] in ("repair", "installation", "remote"):
                code = "first_call"
            due = k["due_at"] or 0
            if code and k["state"] == "done":
                yield code, k["created_at"], None, k["done_at"] - k["created_at"], True
            elif code and k["state"] == "open" and 0 < due <= self.now:
                yield code, k["created_at"], None, due - k["created_at"], False

    def cases_of_talks(self, customers):
        for k in self.talks:
            file, asked, answered, late = customers.get(k["customer_id"]), k["asked_at"], k["first_response_at"] or 0, self.late(k, "first_response")
            yield "contacts_joined", k["created_at"], bool(file and file["kind"] != "visitor"), 0, True
            if asked and self.is_open(k) and (answered or late):
                yield "chat_first_response", asked, None, (answered or late) - asked, bool(answered)
            if asked and (answered or k["state"] == "closed" or late):
                yield "chat_answered", asked, bool(answered), 0, True
            waited = (k["taken_at"] or (k["closed_at"] if k["state"] == "closed" else self.now)) - asked if asked else -1
            if k["channel"] in ("app", "wechat", "wecom", "web") and self.is_open(k) and waited >= 0 and (k["taken_at"] or waited > MINUTE):
                yield "chat_queue", asked, bool(k["taken_at"]) and waited <= MINUTE, 0, True
            turns, person = self.turns.get(k["id"], []), asked or k["taken_at"] or answered
            verdicts = [t["verdict"] for t in turns if t["verdict"] in ("solved", "unsolved")]
            if any(t["did"] in ("answer", "own", "tree", "flow") for t in turns) and (person or k["state"] == "closed" or verdicts[-1:] == ["solved"] or self.now >= (k["last_at"] // (60 * MINUTE) + 25) * 60 * MINUTE):
                yield "bot_alone", k["created_at"], not person and verdicts[-1:] != ["unsolved"], 0, True
            if k["rating"]:
                yield "chat_satisfaction", k["rated_at"], k["rating"] >= 4, 0, True
        for q in self.inspections:
            if q["state"] != "replaced":
                yield "chat_quality", q["closed_at"], bool(q["compliant"]), 0, True

    def figures(self, period="week", on=None):
        """{code: (cases, held, total milliseconds)} of the period of that day, today unless said."""
        on = on or day(self.now)
        sums = collections.defaultdict(lambda: [0, 0, 0])
        for code, at, held, spent, over in self.cases():
            if not same_period(period, day(at), on):
                continue
            held = (over and spent <= self.targets[code] * MINUTE) if held is None else held
            sums[code][0] += 1
            sums[code][1] += bool(held)
            sums[code][2] += spent
        return {code: tuple(sums[code]) for code in self.targets}
