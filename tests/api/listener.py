"""Somebody who listens to live events."""
import json
import time

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


class Listener:
    """A person's socket; it is left open when the test ends, and closed with the process."""

    def __init__(self, server, client, path="/stream", **more):
        headers = {"Origin": server.url}
        if client.http.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in client.http.cookies.items())
        if "Authorization" in client.http.headers:
            headers["Authorization"] = client.http.headers["Authorization"]
        self.socket = connect(server.url.replace("http", "ws") + f"/api/v1{path}", additional_headers=headers, compression=None, **more).__enter__()
        self.socket.recv(timeout=10)

    def subscribe(self, *topics):
        self.socket.send(json.dumps({"op": "subscribe", "topics": topics}))

    def signal(self, topic, what="typing"):
        self.socket.send(json.dumps({"op": "signal", "topic": topic, "what": what}))

    def heard(self, until, seconds=10):
        """Everything that it hears, up to and with the first that `until` holds for."""
        end, heard = time.monotonic() + seconds, []
        while not (heard and until(heard[-1])):
            heard.append(json.loads(self.socket.recv(timeout=max(0.01, end - time.monotonic()))))
        return heard

    def hears(self, wanted, seconds=10):
        """True once it hears of an event for which `wanted` holds; False when the connection ends first."""
        until = time.monotonic() + seconds
        try:
            while time.monotonic() < until:
                heard = json.loads(self.socket.recv(timeout=max(0.01, until - time.monotonic())))
                if heard.get("op") == "event" and wanted(heard):
                    return True
        except ConnectionClosed:
            return False
        raise AssertionError("neither heard nor ended")
