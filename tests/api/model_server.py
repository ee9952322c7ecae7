"""An OpenAI-compatible endpoint that plays whatever a test wants: the honest model, the one that obeys an attacker in everything, and broken ones.

`asked` holds every body that came, `keys` the heads of authorization. `answer` is called with (sources, question, body) and gives the text, or a whole reply as a dict,
bytes, or (status, body)."""
import json
import re
import threading

import side


def honest(sources, question, body):
    """Says the first sentences of its first source, cited."""
    if "one word" in body["messages"][0]["content"]:
        return "OK"
    if not sources:
        return "NO_ANSWER"
    if "writing aid" in body["messages"][0]["content"]:
        sentences = [s for s in re.split(r"(?<=\.)\s+", sources[0]["text"]) if s.strip()][:2]
        return " ".join(f"{s.rstrip('.')} [1]." for s in sentences)
    sentences = [s for s in re.split(r"[。\n]", sources[0]["text"]) if s.strip()][:2]
    return "".join(f"{s.strip()}[1]。" for s in sentences)      # as models do: on one line, "2. " before the second


class ModelServer(side.Side):
    path = "/v1"

    def __init__(self, answer=honest):
        self.asked, self.keys, self.answer, self.delay = [], [], answer, threading.Event()
        self.delay.set()
        super().__init__(Handler)

    def close(self):
        self.delay.set()
        super().close()

    def documents(self):
        """What the model was given as data."""
        return [json.loads(b["messages"][1]["content"]) for b in self.asked]


class Handler(side.Handler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.body())
        self.server.asked.append(body)
        self.server.keys.append(self.headers.get("Authorization"))
        document = json.loads(body["messages"][1]["content"])
        if self.path != "/v1/chat/completions":
            return self.reply(404, b'{"error":{"message":"no such path"}}')
        said = self.server.answer(document["sources"], document["question"], body)
        self.server.delay.wait(60)
        if isinstance(said, tuple):
            return self.reply(said[0], said[1] if isinstance(said[1], bytes) else json.dumps(said[1]).encode())
        if isinstance(said, bytes):
            return self.reply(200, said)
        if isinstance(said, str):
            said = {"choices": [{"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 400, "completion_tokens": 60}}
        return self.reply(200, json.dumps(said).encode())


KEY = "sk-anxin-test-0123456789abcdef"


def account_of(admin, server, **more):
    """An endpoint that is set up and on, for everything."""
    row = admin.post("/model_account", {"title": "测试模型", "base_url": server.url, "model": "test-chat", "state": "on", "for_answer": True, "for_phrase": True, "timeout_s": 5} | more)
    admin.post(f"/model_account/{row['id']}/secret", {"secret": KEY})
    return admin.get(f"/model_account/{row['id']}")
