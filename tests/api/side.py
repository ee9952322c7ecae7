"""What stands on the other side of the server in a test: HTTP at a free port of loopback, until it is closed."""
import http.server
import sys
import threading


class Side(http.server.ThreadingHTTPServer):
    """What it remembers is made before this begins to listen. `path`: what its address ends with."""
    path = ""

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}{self.path}"

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):          # a server that is killed in a call is part of tests
            super().handle_error(request, client_address)

    def close(self):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def reply(self, status, data=b"", kind="application/json", **heads):
        self.send_response(status)
        for name, value in (({"Content-Type": kind} if data else {}) | heads | {"Content-Length": str(len(data))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass
