"""Somebody outside who takes POSTs: an SMS gateway, another system with webhooks, whoever keeps the heads of the audit."""
import http.server
import json
import threading


class Gateway(http.server.ThreadingHTTPServer):
    """Takes POSTs; answers with the next of `answers`, then 200, and with the place where `location` sends to.

    `got` holds (status, heads, body) of each as it came, `calls` what is asked of most: (status, Idempotency-Key, Authorization, the JSON)."""

    def __init__(self, answers=()):
        self.answers, self.got, self.location = list(answers), [], None
        super().__init__(("127.0.0.1", 0), Taker)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def calls(self):
        return [(status, heads.get("Idempotency-Key"), heads.get("Authorization"), json.loads(body)) for status, heads, body in self.got]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/send"

    def close(self):
        self.shutdown()
        self.server_close()


class Taker(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.server.got.append((status, dict(self.headers), body))
        self.send_response(status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass
