"""What a company writes itself (flows, report forms, rules, …): made by a test, out of force after it, and how the server says what does not hold."""
import itertools
from contextlib import contextmanager

numbers = itertools.count(1)


def switch_off(admin, record, id):
    return admin.patch(f"/{record}/{id}", {"version": admin.get(f"/{record}/{id}")["version"], "state": "off"})


@contextmanager
def making(admin, record):
    """A maker of one record, each with a name of its own; what is in force belongs to the whole company, and is taken away at the end."""
    made = []

    def make(state="on", status=201, **fields):
        row = admin.post(f"/{record}", {"name": f"{record} {next(numbers)}", "state": state} | fields, status=status)
        if status == 201:
            made.append(row["id"])
        return row
    yield make
    for row in (admin.get(f"/{record}/{id}") for id in made):
        if row["state"] == "on" and not row["archived_at"]:
            for stage in row.get("states", []):
                admin.post("/flow/empty", {"object": row["object"], "from": stage["code"], "to": ""})
            switch_off(admin, record, row["id"])


def faults(answer, *words):
    """What is wrong with which field: (field, code), or with other words of it."""
    return [tuple(f[word] for word in words or ("field", "code")) for f in answer["error"]["fields"]]


def is_refused_at(answer, place):
    return any(field.startswith(place) for (field,) in faults(answer, "field"))
