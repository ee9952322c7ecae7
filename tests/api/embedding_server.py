"""An OpenAI-compatible endpoint of embeddings that tells texts apart by what they mean: it has read the pack's phrasings, which the server has not told it.

`asked` holds every list of texts that came. `answer` may be another reply: a function of (texts, vectors) that gives a body as dict or bytes, or (status, body)."""
import hashlib
import json
import random
import threading

import side

DIMENSION = 512


def direction(name, dimension):
    r = random.Random(hashlib.sha256(name.encode()).digest())
    return [r.gauss(0, 1) / dimension ** 0.5 for _ in range(dimension)]


def pairs(text):
    text = "".join(c for c in text.lower() if c.isalnum())
    return {text[i:i + 2] for i in range(len(text) - 1)} or {text}


class EmbeddingServer(side.Side):
    path = "/v1"

    def __init__(self, phrasings, dimension=DIMENSION):
        """phrasings: {id: [text]}; `means`: words that no phrasing has, {word: id}."""
        self.known = [(pairs(text), id) for id, texts in phrasings.items() for text in texts]
        self.dimension, self.means, self.asked, self.keys, self.bodies = dimension, {}, [], [], []
        self.answer, self.delay, self.made = shuffled, threading.Event(), {}
        self.delay.set()
        super().__init__(Handler)

    def close(self):
        self.delay.set()
        super().close()

    def texts(self):
        return [text for asked in self.asked for text in asked]

    def vector(self, text):
        if (text, self.dimension) not in self.made:
            own = pairs(text)
            id = next((id for word, id in self.means.items() if word in text), None)
            if id is None:
                share, id = max((2 * len(own & known) / (len(own) + len(known)), id) for known, id in self.known)
                id = id if share > 0.35 else None
            sum = direction(text, self.dimension)
            if id:
                sum = [0.3 * a + b for a, b in zip(sum, direction(id, self.dimension))]
            self.made[text, self.dimension] = sum
        return self.made[text, self.dimension]


def shuffled(texts, vectors):
    """In any order: each says which text it is for."""
    data = [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(vectors)]
    random.Random(len(texts)).shuffle(data)
    return {"object": "list", "data": data, "model": "test-embed", "usage": {"prompt_tokens": 3 * len(texts), "total_tokens": 3 * len(texts)}}


class Handler(side.Handler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.body())
        texts = body["input"]
        self.server.asked.append(texts)
        self.server.bodies.append(body)
        self.server.keys.append(self.headers.get("Authorization"))
        if self.path != "/v1/embeddings":
            return self.reply(404, b'{"error":{"message":"no such path"}}')
        said = self.server.answer(texts, [self.server.vector(text) for text in texts])
        self.server.delay.wait(60)
        status, said = said if isinstance(said, tuple) else (200, said)
        return self.reply(status, said if isinstance(said, bytes) else json.dumps(said).encode())


KEY = "sk-anxin-vectors-0123456789abcdef"


def account_of(admin, server, **more):
    row = admin.post("/model_account", {"title": "测试向量", "base_url": server.url, "model": "test-embed", "state": "on", "for_embed": True, "timeout_s": 5} | more)
    admin.post(f"/model_account/{row['id']}/secret", {"secret": KEY})
    return admin.get(f"/model_account/{row['id']}")
