"""A hall of its own: a team, people of it who take conversations, a queue that they serve, and customers who come."""
import itertools
import uuid

import people

from client import Client

PASSWORD = "Liuer-2026-warten"
numbers = itertools.count()


def role_of(admin, code):
    return next(r["id"] for r in admin.get("/role", limit=100)["items"] if r["code"] == code)


class Hall:
    def __init__(self, server, admin):
        self.server, self.admin, self.clients = server, admin, []
        self.mark = uuid.uuid4().hex[:6]
        self.team = admin.post("/team", {"name": f"会话组{self.mark}"})["id"]

    def person(self, code="agent", ready=True, **more):
        """Returns a client; its .id is the person's."""
        account = f"chat{self.mark}{next(numbers)}"
        row = self.admin.post("/user", {"account": account, "name": account, "role_id": role_of(self.admin, code), "team_id": self.team} | more)
        setter = Client(self.server.url, address=people.new_address()).sign_in(*self.server.company.accounts[0])     # passwords are limited by address
        setter.post(f"/user/{row['id']}/password", {"password": PASSWORD})
        setter.close()
        client = Client(self.server.url, address=people.new_address()).sign_in(account, PASSWORD)
        client.id = row["id"]
        if ready:
            client.post("/desk/me", {"ready": True})
        self.clients.append(client)
        return client

    def queue(self, **more):
        """For this hall's customers alone, before all others."""
        return self.admin.post("/chat_queue", {"name": f"队列{next(numbers)}", "team_id": self.team, "place": 0, "condition": self.condition()} | more)

    def condition(self, note=None):
        return f'customer.note = "{note or self.mark}"'

    def customer(self, note=None, **more):
        phone = people.new_phone()
        row = self.admin.post("/customer", {"name": "赵小满", "phone": phone, "note": note or self.mark} | more)
        client = people.sign_in(self.server.url, self.admin, phone)
        client.id = row["id"]
        self.clients.append(client)
        return client

    def asks(self, customer=None, text="冰箱不制冷"):
        """The id of the conversation that she opens."""
        customer = customer or self.customer()
        return customer.post("/my/conversation", {"text": text, "external_id": uuid.uuid4().hex})["conversation"]["id"]

    def row(self, conversation):
        return self.admin.get(f"/conversation/{conversation}")

    def act(self, conversation, action, by=None, **more):
        return (by or self.admin).post(f"/conversation/{conversation}/action/{action}", {"version": self.row(conversation)["version"]} | more)

    def close(self):
        for client in self.clients:
            client.close()
