"""The API as it describes itself: its operations, and what a company holds for the places in their paths.

A route is known by what its {id} means: the word before it, "ticket" or "my/ticket". Records are found in their list, or made;
what has no list is made here. A word that is neither fails whoever asks for it, so a new kind of route cannot be left out.
"""
import re
from dataclasses import dataclass

import examples
import people
from test_file import png, upload

PLACE = re.compile(r"/api/v1/((?:my/)?[a-z_]+)/\{id\}")


@dataclass
class Operation:
    method: str
    path: str  # as described: /api/v1/ticket/{id}
    spec: dict

    @property
    def kind(self):
        found = PLACE.match(self.path)
        assert found or "{id}" not in self.path, f"what does {{id}} mean in {self.path}?"
        return found and found[1]

    @property
    def queries(self):
        return [p for p in self.spec["parameters"] if p["in"] == "query"]

    def at(self, **words):
        """{name}: a setting is known by its name."""
        return self.path.removeprefix("/api/v1").format(**{"name": "code.life"} | words)


def operations(description):
    return [Operation(method, path, spec) for path, methods in description["paths"].items() for method, spec in methods.items()]


class Company:
    """Objects of one company, by kind: `admin` is signed in to it, `customer` is one of its customers."""

    def __init__(self, admin, customer, customer_id):
        self.admin, self.customer, self.customer_id = admin, customer, customer_id
        self.meta = {record["name"]: record for record in admin.get("/meta")["records"]}
        self.known = {}
        self.makers = {
            "file": lambda: upload(admin, "a.png", png(20, 20)),
            "my/file": lambda: upload(customer, "b.png", png(20, 20), prefix="/my"),
            "my/ticket": lambda: people.report(customer)["id"],
            "invitation": lambda: admin.post(f"/user/{self.record('user')}/invite")["id"],
            "import": lambda: admin.post("/import", {"record": "customer", "file_id": upload(admin, "c.csv", "姓名,电话\n王,13800000001\n".encode())})["id"],
        }

    def one(self, kind):
        """The id of an object of this kind; the same each time."""
        if kind not in self.known:
            self.known[kind] = self.makers[kind]() if kind in self.makers else self.record(kind)
        return self.known[kind]

    def record(self, name):
        if self.meta[name]["creatable"]:
            return examples.make(self.admin, self.meta, name)["id"]
        return self.admin.get(f"/{name}", limit=1)["items"][0]["id"]
