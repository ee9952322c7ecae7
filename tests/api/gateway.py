"""Somebody outside who takes POSTs of JSON: an SMS gateway, whoever keeps the heads of the audit."""
import http.server
import json
import threading


class Gateway(http.server.ThreadingHTTPServer):
    """Takes POSTs; answers with the next of `answers`, then 200."""

    def __init__(self, answers=()):
        self.answers, self.calls = list(answers), []
        super().__init__(("127.0.0.1", 0), Taker)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/send"

    def close(self):
        self.shutdown()
        self.server_close()


class Taker(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.server.calls.append((status, self.headers["Idempotency-Key"], self.headers["Authorization"], body))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass
