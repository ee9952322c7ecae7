"""Somebody outside who takes POSTs: an SMS gateway, another system with webhooks, whoever keeps the heads of the audit."""
import json

from side import Handler, Side


class Gateway(Side):
    """Takes POSTs; answers with the next of `answers`, then 200, and with the place where `location` sends to.

    `got` holds (status, heads, body) of each as it came, `calls` what is asked of most: (status, Idempotency-Key, Authorization, the JSON)."""

    path = "/send"

    def __init__(self, answers=()):
        self.answers, self.got, self.location = list(answers), [], None
        super().__init__(Taker)

    @property
    def calls(self):
        return [(status, heads.get("Idempotency-Key"), heads.get("Authorization"), json.loads(body)) for status, heads, body in self.got]


class Taker(Handler):
    def do_POST(self):
        body = self.body()
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.server.got.append((status, dict(self.headers), body))
        self.reply(status, **({"Location": self.server.location} if self.server.location else {}))
