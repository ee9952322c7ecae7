"""An OpenID Connect provider as strict as real ones: it demands the registered redirect address, PKCE, the client's secret, and gives each code
once. Keys and signatures are openssl's. `token` and `head` let a test make it lie."""
import base64
import hashlib
import json
import secrets
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


class Key:
    def __init__(self, folder, kid, kind="RS256", bits=2048):
        self.kid, self.kind, self.path = kid, kind, str(Path(folder) / f"{kid}-{secrets.token_hex(4)}.pem")
        options = ["RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}"] if kind == "RS256" else ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        openssl("genpkey", "-algorithm", *options, "-out", self.path)

    @property
    def public(self):
        return openssl("pkey", "-in", self.path, "-pubout")

    @property
    def jwk(self):
        if self.kind == "RS256":
            modulus = openssl("rsa", "-in", self.path, "-noout", "-modulus").decode().strip().partition("=")[2]
            return {"kty": "RSA", "kid": self.kid, "use": "sig", "alg": "RS256", "n": b64(bytes.fromhex(modulus)), "e": "AQAB"}
        point = openssl("pkey", "-in", self.path, "-pubout", "-outform", "DER")[-64:]
        return {"kty": "EC", "kid": self.kid, "use": "sig", "crv": "P-256", "x": b64(point[:32]), "y": b64(point[32:])}

    def sign(self, data):
        signature = openssl("dgst", "-sha256", "-sign", self.path, data=data)
        if self.kind == "RS256":
            return signature
        numbers, at = b"", 2    # SEQUENCE of two INTEGERs → r and s of 32 bytes
        for _ in range(2):
            n = signature[at + 1]
            numbers += signature[at + 2:at + 2 + n].lstrip(b"\0").rjust(32, b"\0")
            at += 2 + n
        return numbers

    def jwt(self, claims, head=None, sign=None):
        head = {"alg": self.kind, "kid": self.kid, "typ": "JWT"} | (head or {})
        text = ".".join(b64(json.dumps(part).encode()) for part in ({k: v for k, v in head.items() if v is not None}, claims))
        return f"{text}.{b64((sign or self.sign)(text.encode()))}"


class IdentityProvider:
    """client_id, secret and redirect are what was registered; person: the claims of whoever is signed in there."""

    def __init__(self, folder, now_s, kind="RS256"):
        self.folder, self.now_s = folder, now_s
        self.client_id, self.secret, self.redirect = "anxin-desk", "s&cret %:/ä", None
        self.keys = [Key(folder, "first", kind)]
        self.person = {"sub": "person-1", "email": "li@example.cn", "email_verified": True, "name": "李工", "preferred_username": "li.gong"}
        self.codes, self.asked, self.about, self.token, self.head, self.sign, self.ways = {}, [], {}, {}, {}, None, None
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                provider.asked.append(self.path)
                self.say(*provider.document(self.path))

            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                provider.asked.append(self.path)
                self.say(*provider.exchange(form, self.headers.get("Authorization")))

            def say(self, status, body, headers=()):
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def document(self, path):
        place, _, query = path.partition("?")
        if place == "/authorize":   # for browsers: whoever is signed in there agrees
            return 302, {}, [("Location", self.agree(f"{self.issuer}{path}"))]
        if place == "/.well-known/openid-configuration":
            return 200, {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize", "token_endpoint": f"{self.issuer}/token",
                         "jwks_uri": f"{self.issuer}/keys", "authorization_response_iss_parameter_supported": True} | self.about
        if place == "/keys":
            return 200, {"keys": [key.jwk for key in self.keys]}
        return 404, {}

    def agree(self, url, person=None):
        """Signed in and agreed: where the browser is sent back to."""
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        assert asked["response_type"] == "code" and "openid" in asked["scope"].split() and asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == self.client_id and asked["redirect_uri"] == self.redirect, asked
        assert len(asked["state"]) >= 43 and len(asked["nonce"]) >= 43 and len(asked["code_challenge"]) == 43
        code = secrets.token_urlsafe(24)
        self.codes[code] = (asked, dict(person or self.person))
        return f"{self.redirect}?{urllib.parse.urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def proves(self, form, authorization):
        if self.ways == "client_secret_post":
            return form.get("client_id") == self.client_id and form.get("client_secret") == self.secret
        if self.secret is None:
            return form.get("client_id") == self.client_id and not authorization
        pair = f"{urllib.parse.quote(self.client_id, safe='')}:{urllib.parse.quote(self.secret, safe='')}"
        return authorization == "Basic " + base64.b64encode(pair.encode()).decode()

    def exchange(self, form, authorization):
        if not self.proves(form, authorization):
            return 401, {"error": "invalid_client"}
        asked, person = self.codes.pop(form.get("code"), (None, None))
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if not asked or form["grant_type"] != "authorization_code" or form["redirect_uri"] != asked["redirect_uri"] or challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = self.now_s()
        claims = {"iss": self.issuer, "aud": self.client_id, "iat": now, "exp": now + 300, "nonce": asked["nonce"]} | person | self.token
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self.keys[-1].jwt(claims, self.head, self.sign)}
