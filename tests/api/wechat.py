"""WeChat and WeCom as the server meets them: an API that enforces tokens, windows, quotas and codes, and deliveries that are signed, encrypted and
repeated as theirs are.

Where shared/facts say nothing, the source stands beside the line; what no source settles is marked "unverified" and is listed in docs/guide/operator.
"""
import base64
import ctypes
import ctypes.util
import hashlib
import json
import os
import re
import socket
import struct
import threading
import time
import urllib.parse
import uuid

import httpx
from side import Handler, Side

TOKEN, AES_KEY, APP, SECRET = "anxin_token", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "wx49f0ab532d5d035a", "s3cret_of_the_app"
CORP, KFID = "ww1234567890abcdef", "wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q"
TOKEN_S = 7200
FIRST_NUMBER = 1864323726461255680      # of messages; larger than a double holds, as in their examples


# Signing and sealing: shared/facts/wechat.md -------------------------------------------------------------------------------


def sign(*parts):
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


CRYPTO = ctypes.CDLL(ctypes.util.find_library("crypto"))
for name in ("EVP_CIPHER_CTX_new", "EVP_aes_256_cbc"):
    getattr(CRYPTO, name).restype = ctypes.c_void_p


def _aes(data, key, encrypts):
    """AES-256-CBC of whole blocks by OpenSSL, the IV the key's first half."""
    context, out, n = ctypes.c_void_p(CRYPTO.EVP_CIPHER_CTX_new()), ctypes.create_string_buffer(len(data) + 32), ctypes.c_int()
    assert CRYPTO.EVP_CipherInit_ex(context, ctypes.c_void_p(CRYPTO.EVP_aes_256_cbc()), None, key, key[:16], int(encrypts)) == 1
    CRYPTO.EVP_CIPHER_CTX_set_padding(context, 0)
    assert CRYPTO.EVP_CipherUpdate(context, out, ctypes.byref(n), data, len(data)) == 1 and n.value == len(data)
    CRYPTO.EVP_CIPHER_CTX_free(context)
    return out.raw[:len(data)]


def _key(text):
    return base64.b64decode(text + "=")         # Python's decoder ignores spare bits


def seal(text, app=APP, aes=AES_KEY):
    body = text.encode()
    plain = os.urandom(16) + struct.pack(">I", len(body)) + body + app.encode()
    pad = 32 - len(plain) % 32
    return base64.b64encode(_aes(plain + bytes([pad]) * pad, _key(aes), True)).decode()


def unseal(sealed, app=APP, aes=AES_KEY):
    plain = _aes(base64.b64decode(sealed), _key(aes), False)
    plain = plain[:-plain[-1]]
    n = struct.unpack(">I", plain[16:20])[0]
    assert plain[20 + n:] == app.encode()
    return plain[20:20 + n].decode()


def xml(**fields):
    def value(v):
        return "".join(f"<{k}>{value(w)}</{k}>" for k, w in v.items()) if isinstance(v, dict) else str(v) if isinstance(v, (int, float)) else f"<![CDATA[{v}]]>"
    return "<xml>" + value(fields) + "</xml>"


class Deliverer:
    """Posts to a callback as WeChat does."""

    def __init__(self, url, callback, now=time.time, mode="safe", app=APP, aes=AES_KEY, token=TOKEN):
        self.url, self.now, self.mode, self.app, self.aes, self.token = f"{url}/api/v1/wechat/{callback}", now, mode, app, aes, token
        self.http = httpx.Client(timeout=20, trust_env=False)

    def verify(self, echo="8273645", sealed=False, **change):
        stamp, nonce = str(int(self.now())), uuid.uuid4().hex[:10]
        text = seal(echo, self.app, self.aes) if sealed else echo
        query = {"timestamp": stamp, "nonce": nonce, "echostr": text}
        query |= {"msg_signature": sign(self.token, stamp, nonce, text)} if sealed else {"signature": sign(self.token, stamp, nonce)}
        return self.http.get(self.url, params=query | change)

    def message(self, openid, content="你好", kind="text", at=None, **more):
        fields = {"ToUserName": "gh_1", "FromUserName": openid, "CreateTime": int(at or self.now()), "MsgType": kind}
        if kind == "text":
            fields["Content"] = content
        if kind != "event":
            fields["MsgId"] = more.pop("id", None) or uuid.uuid4().int % 10**18
        return fields | more

    def post(self, fields, as_json=False, **change):
        """One try. change: query parameters that are other than they should be."""
        body = json.dumps(fields, ensure_ascii=False) if as_json else xml(**fields)
        stamp, nonce = str(int(self.now())), uuid.uuid4().hex[:10]
        query = {"signature": sign(self.token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
        if self.mode != "plain":
            sealed = seal(body, self.app, self.aes)
            query |= {"encrypt_type": "aes", "msg_signature": sign(self.token, stamp, nonce, sealed)}
            outer = {"ToUserName": fields.get("ToUserName", "gh_1"), "Encrypt": sealed}
            if self.mode == "compat":
                outer = fields | outer
            body = json.dumps(outer) if as_json else xml(**outer)
        return self.http.post(self.url, params=query | change, content=body.encode(), headers={"Content-Type": "application/json" if as_json else "text/xml"})

    def deliver(self, fields, tries=3):
        """As they do: again when there is no answer within five seconds, three times in all. True when it was taken."""
        for _ in range(tries):
            try:
                answer = self.post(fields)
                if answer.status_code == 200:
                    return True
            except httpx.HTTPError:
                pass
        return False

    def write(self, openid, content="你好", **more):
        answer = self.post(self.message(openid, content, **more))
        assert (answer.status_code, answer.text) == (200, "success"), answer.text


class WeChat(Side):
    """The API. `now` is its clock; `sent` what reached people: (openid, text).

    `templates` is what the account has, by their name: (kind, keywords); `notices` what was told: (openid, template, values, body); `subscribed` how often
    somebody agreed to a template: {(openid, template): n}.

    A file is sent as "[image] name"; `got` has what is in it: (openid, type, bytes). `uploads` is temporary media by its name.
    `faults` is what the next calls of sending meet: "busy" (-1, nothing sent), "cut" (sent, but no answer), "drop" (neither), "gateway" (sent, but a proxy in
    between gives up and says 504), a number: that code. `token_fault`, `sync_fault` and `upload_fault` are the same of those calls, `sync_page` what the next
    pages say besides. What is asked of a path in `slow` is done, and answered once `gate` is open."""

    def __init__(self, now=time.time, window_s=48 * 3600, quota=5):
        self.now, self.window_s, self.quota = now, window_s, quota
        self.sent, self.calls, self.faults, self.people, self.media, self.unions = [], [], [], {}, {}, {}
        self.token, self.kf_token, self.token_until, self.tokens, self.forced, self.delay_s, self.blocked = None, None, 0, 0, 0, 0, set()
        self.menus, self.welcomes, self.greeted = {}, {}, []
        self.templates, self.notices, self.subscribed, self.unfollowed, self.by_client_id = {}, [], {}, set(), {}
        self.uploads, self.got, self.upload_fault = {}, [], []
        self.kf_messages, self.kf_ids, self.kf_state, self.sync_fault, self.sync_page, self.token_fault = [], set(), {}, [], [], []
        self.slow, self.gate = set(), threading.Event()
        self.lock = threading.RLock()
        super().__init__(Api)

    def wrote(self, openid):
        """A person's own message: the quota is set anew, it does not add up."""
        self.people[openid] = {"at": self.now(), "left": self.quota}

    def left(self, openid):
        who = self.people.get(openid)
        return who["left"] if who and self.now() < who["at"] + self.window_s else 0

    def new_token(self):
        self.tokens += 1
        self.token, self.token_until = f"T{self.tokens}-" + "x" * 500, self.now() + TOKEN_S     # ≥ 512 characters are to be kept
        return self.token

    def next_number(self):
        return FIRST_NUMBER + len(self.notices)

    def number_of(self, notice):
        return FIRST_NUMBER + self.notices.index(notice)

    def kf_write(self, person, content="你好", **more):
        self.wrote(person)
        self.kf_messages.append({"msgid": uuid.uuid4().hex, "open_kfid": KFID, "external_userid": person, "send_time": int(self.now()), "origin": 3, "msgtype": "text", "text": {"content": content}} | more)

    def kf_event(self, person, kind, **more):
        # developer.work.weixin.qq.com/document/path/94670: whom it is about stands in the event alone
        event = {"event_type": kind, "open_kfid": KFID, "external_userid": person} | more
        self.kf_messages.append({"msgid": uuid.uuid4().hex, "send_time": int(self.now()), "origin": 4, "msgtype": "event", "event": event})

    def kf_enter(self, person):
        """She opens the chat, and the event allows one greeting."""
        code = f"WELCOME{uuid.uuid4().hex}"
        self.welcomes[code] = self.now() + 20
        self.kf_event(person, "enter_session", scene="", welcome_code=code)
        return code


class Refused(Exception):
    pass


def form(kind, body):
    """The one part of a form: its name, its file's, what it says of itself, and content."""
    boundary = kind.split("boundary=")[1].encode()
    assert body.startswith(b"--" + boundary + b"\r\n") and body.endswith(b"\r\n--" + boundary + b"--\r\n")
    head, content = body[len(boundary) + 4:-len(boundary) - 8].split(b"\r\n\r\n", 1)
    found = re.search(r'form-data; name="([^"]*)"; filename="([^"]*)"; filelength=(\d+)\r\nContent-Type: (\S+)$', head.decode())
    assert found and int(found[3]) == len(content), head
    return {"name": found[1], "file": found[2], "type": found[4], "content": content}


# What is taken as temporary media: kinds and megabytes. developers.weixin.qq.com …/New_temporary_materials.html (voice ≤ 60 s is not looked at here),
# developer.work.weixin.qq.com/document/path/90253
MEDIA = {
    "official": {"image": ({"image/jpeg", "image/png", "image/gif"}, 10), "voice": ({"audio/amr", "audio/mpeg"}, 2), "video": ({"video/mp4"}, 10)},
    "kf": {"image": ({"image/jpeg", "image/png"}, 10), "voice": ({"audio/amr"}, 2), "video": ({"video/mp4"}, 10), "file": (None, 20)},
}
MEDIA_S = 3 * 24 * 3600


# 订阅消息参数值内容限制说明, developers.weixin.qq.com …/subscribe-message.html: the same for templates of official accounts by category (for them: unverified).
# That a value which does not fit is answered by 47003 stands in subscribeMessage.send; of message/template/send it is unverified.
CLOCK, DAY = r"\d{1,2}:\d{2}(:\d{2})?", r"(\d{4}年\d{1,2}月(\d{1,2}日)?|\d{1,2}月\d{1,2}日|\d{4}([-/.])\d{1,2}(\3\d{1,2})?)"
LIMITS = {
    "thing": r"[^\x00-\x1f]{1,20}", "character_string": r"[!-~]{1,32}", "time": rf"({DAY} )?{CLOCK}", "date": rf"{DAY}( {CLOCK})?", "phrase": r"[\u4e00-\u9fff]{1,5}",
    "name": r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .·'-]{1,20}", "phone_number": r"[0-9+() -]{1,17}", "number": r"\d{1,32}(\.\d+)?",
}


class Api(Handler):
    protocol_version = "HTTP/1.1"

    def answer(self, body, kind="application/json"):
        self.reply(200, body if isinstance(body, bytes) else json.dumps(body).encode(), kind)

    def do_GET(self):
        self.handle_call({})

    def do_POST(self):
        body = self.body()
        self.handle_call(form(self.headers["Content-Type"], body) if self.headers["Content-Type"].startswith("multipart/") else json.loads(body))

    def handle_call(self, body):
        world = self.server
        url = urllib.parse.urlsplit(self.path)
        self.query = dict(urllib.parse.parse_qsl(url.query))
        if world.delay_s:
            time.sleep(world.delay_s)           # a slow server, as the client sees it: not a test that waits
        with world.lock:
            world.calls.append((url.path, body))
            try:
                method = self.ROUTES[url.path]
                if url.path not in ("/cgi-bin/stable_token", "/cgi-bin/gettoken"):
                    self.check_token()
                result = method(self, body)
            except Refused as refused:
                result = {"errcode": refused.args[0], "errmsg": "refused"}
        if url.path in world.slow:
            world.gate.wait()
        if result == "gateway":
            self.reply(504, b"<html>504 Gateway Time-out</html>", "text/html")
            return
        if result is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.answer(*result) if isinstance(result, tuple) else self.answer(result)

    def check_token(self):
        world = self.server
        given = self.query.get("access_token")
        if not given:
            raise Refused(41001)
        if given not in (world.token, world.kf_token):
            raise Refused(40001)
        if world.now() >= world.token_until:
            raise Refused(42001)

    def stable_token(self, body):
        """The same token as long as it lives; a forced one only every 30 s, 20 a day."""
        world = self.server
        if self.take_fault(world.token_fault) == "drop":
            return None
        if body.get("grant_type") != "client_credential":
            raise Refused(40002)
        if body.get("appid") != APP:
            raise Refused(40013)
        if body.get("secret") != SECRET:
            raise Refused(40125)
        if not world.token or world.now() >= world.token_until - 300 or body.get("force_refresh"):
            world.forced += bool(body.get("force_refresh"))
            world.new_token()
        return {"access_token": world.token, "expires_in": int(world.token_until - world.now())}

    def corp_token(self, _body):
        # developer.work.weixin.qq.com/document/path/91039: the same token until it ends
        world = self.server
        if self.take_fault(world.token_fault) == "drop":
            return None
        if self.query.get("corpid") != CORP:
            raise Refused(40013)
        if self.query.get("corpsecret") != SECRET:
            raise Refused(40001)
        world.kf_token = world.kf_token or "K-" + "y" * 500
        world.token_until = world.token_until or world.now() + TOKEN_S
        return {"errcode": 0, "errmsg": "ok", "access_token": world.kf_token, "expires_in": TOKEN_S}

    def take_fault(self, faults):
        fault = faults.pop(0) if faults else None
        if fault == "busy":
            raise Refused(-1)
        if isinstance(fault, int):
            raise Refused(fault)
        return fault

    def spend(self, openid, quota_code, window_code):
        world = self.server
        who = world.people.get(openid)
        if openid in world.blocked:
            raise Refused(48002)
        if not who:
            raise Refused(40003)
        if world.now() >= who["at"] + world.window_s:
            raise Refused(window_code)
        if who["left"] <= 0:
            raise Refused(quota_code)
        who["left"] -= 1

    def custom_send(self, body):
        fault = self.take_fault(self.server.faults)
        if fault == "drop":
            return None
        text = self.content_of(body, ("text", "image", "voice", "msgmenu"))
        self.spend(body["touser"], 45047, 45015)
        self.hand_over(body, text)
        return self.answer_of(fault, {"errcode": 0, "errmsg": "ok"})

    def answer_of(self, fault, good):
        return {"cut": None, "gateway": "gateway"}.get(fault, good)

    def content_of(self, body, kinds):
        kind = body["msgtype"]
        if kind not in kinds:
            raise Refused(40008)                # invalid message type: Global_Return_Code
        if kind == "msgmenu":
            return self.menu_of(body["touser"], body[kind])
        if kind == "text":
            if len(body["text"]["content"].encode()) > 2048:
                raise Refused(45002)
            return body["text"]["content"]
        found = self.server.uploads.get(body[kind]["media_id"])
        if not found or found["kind"] != kind or self.server.now() >= found["until"]:
            raise Refused(40007)
        return f"[{kind}] {found['file']}"

    def menu_of(self, openid, menu):
        # 94677: head ≤ 1,024 bytes, at most 10 entries, each ≤ 128 bytes; of an official account no limits are documented: unverified
        entries = [one.get("click", one) for one in menu["list"]]
        if len(menu["head_content"].encode()) > 1024 or not 0 < len(entries) <= 10 or any(not 0 < len(e["content"].encode()) <= 128 or not 0 < len(e["id"]) <= 128 for e in entries):
            raise Refused(40058)
        if self.path.startswith("/cgi-bin/kf/") != all(one.get("type") == "click" for one in menu["list"]):
            raise Refused(40058)
        self.server.menus[openid] = entries
        return menu["head_content"]

    def hand_over(self, body, text):
        world, kind = self.server, body["msgtype"]
        world.sent.append((body["touser"], text))
        if kind not in ("text", "msgmenu"):
            world.got.append((body["touser"], kind, world.uploads[body[kind]["media_id"]]["content"]))

    def media_upload(self, body):
        world, kind = self.server, self.query.get("type")
        if world.upload_fault:
            fault = world.upload_fault.pop(0)
            if fault == "drop":
                return None
            raise Refused(fault)
        rules = MEDIA["kf" if self.query.get("access_token") == world.kf_token else "official"]
        if kind not in rules:
            raise Refused(40004)                # invalid media type
        types, most = rules[kind]
        if body["name"] != "media":
            raise Refused(41005)                # media data missing
        if (types and body["type"] not in types) or len(body["content"]) <= 5:
            raise Refused(40005)
        if len(body["content"]) > most * 1024 * 1024:
            raise Refused(45001)
        name = f"m{len(world.uploads)}_{uuid.uuid4().hex}"
        world.uploads[name] = body | {"kind": kind, "until": world.now() + MEDIA_S}
        return {"type": kind, "media_id": name, "created_at": int(world.now())}

    def media_get(self, _body):
        found = self.server.media.get(self.query.get("media_id"))
        if not found:
            raise Refused(40007)                # invalid media_id: Global_Return_Code
        return found

    def user_info(self, _body):
        openid = self.query["openid"]
        return {"subscribe": 1, "openid": openid, "unionid": self.server.unions.get(openid, f"union_{openid}")}

    def batchget(self, body):
        # developer.work.weixin.qq.com/document/path/95159
        return {"errcode": 0, "errmsg": "ok", "customer_list": [{"external_userid": one, "nickname": "x", "unionid": self.server.unions.get(one, f"union_{one}")} for one in body["external_userid_list"]], "invalid_external_userid": []}

    def sync_msg(self, body):
        """The cursor says how far; a call without one begins at the oldest."""
        world = self.server
        if self.take_fault(world.sync_fault) == "drop":
            return None
        start, most = int(body.get("cursor") or 0), body["limit"]
        page = world.kf_messages[start:start + most]
        more = world.sync_page.pop(0)(start, page) if world.sync_page else {}
        return {"errcode": 0, "errmsg": "ok", "next_cursor": str(start + len(page)), "has_more": int(start + len(page) < len(world.kf_messages)), "msg_list": page} | more

    def kf_send(self, body):
        world = self.server
        fault = self.take_fault(self.server.faults)
        if fault == "drop":
            return None
        if len(body["msgid"]) > 32 or not body["msgid"].replace("_", "").replace("-", "").isalnum():
            raise Refused(40058)
        if body["msgid"] in world.kf_ids:
            raise Refused(95012)                # unverified: which code a msgid that was used gets; the documents say only that it is an error
        if world.kf_state.get(body["touser"], 0) not in (0, 1):
            raise Refused(95018)
        text = self.content_of(body, ("text", "image", "voice", "video", "file", "msgmenu"))
        self.spend(body["touser"], 95001, 95013)        # unverified: the two codes; document 94677 lists the limits without them
        world.kf_ids.add(body["msgid"])
        self.hand_over(body, text)
        return self.answer_of(fault, {"errcode": 0, "errmsg": "ok", "msgid": body["msgid"]})

    def kf_greet(self, body):
        # developer.work.weixin.qq.com/document/path/95122: by the code of an enter_session event, within 20 seconds, once
        until = self.server.welcomes.pop(body["code"], 0)
        if self.server.now() >= until:
            raise Refused(95017)                # unverified: which code a welcome_code that was used or is over gets
        self.server.greeted.append((body["code"], self.content_of(body, ("text", "msgmenu"))))
        return {"errcode": 0, "errmsg": "ok", "msgid": uuid.uuid4().hex}

    def check_notice(self, body, kind):
        world, openid = self.server, body["touser"]
        if not openid or openid.startswith("bad"):
            raise Refused(40003)
        known = world.templates.get(body.get("template_id"))
        if not known or known[0] != kind:
            raise Refused(40037)
        values = {name: one["value"] for name, one in body["data"].items()}
        if set(values) != set(known[1]) or any(not re.fullmatch(LIMITS[re.match("[a-z_]+", name)[0]], value) for name, value in values.items()):
            raise Refused(47003)
        return openid, values

    def told(self, body, openid, values, fault):
        world = self.server
        number = world.next_number()
        world.notices.append((openid, body["template_id"], values, body))
        return self.answer_of(fault, {"errcode": 0, "errmsg": "ok", "msgid": number})

    def template_send(self, body):
        """By client_msg_id it is sent once in ten minutes; which answer a repetition gets is not documented: unverified."""
        world, fault = self.server, self.take_fault(self.server.faults)
        if fault == "drop":
            return None
        openid, values = self.check_notice(body, "template")
        if openid in world.unfollowed:
            raise Refused(43004)
        key = (openid, body.get("client_msg_id"))
        if key[1] and world.now() - world.by_client_id.get(key, -9999) < 600:
            raise Refused(43116)
        world.by_client_id[key] = world.now()
        return self.told(body, openid, values, fault)

    def subscribe_send(self, body):
        """An agreement is worth one message (一次性订阅)."""
        world, fault = self.server, self.take_fault(self.server.faults)
        if fault == "drop":
            return None
        openid, values = self.check_notice(body, "subscribe")
        if body.get("page", "pages/x").startswith("/"):
            raise Refused(41030)
        if world.subscribed.get((openid, body["template_id"]), 0) <= 0:
            raise Refused(43101)
        world.subscribed[openid, body["template_id"]] -= 1
        return self.told(body, openid, values, fault)

    def kf_trans(self, body):
        # developer.work.weixin.qq.com/document/path/94669
        self.server.kf_state[body["external_userid"]] = body["service_state"]
        return {"errcode": 0, "errmsg": "ok"}

    ROUTES = {
        "/cgi-bin/message/template/send": template_send, "/cgi-bin/message/subscribe/send": subscribe_send, "/cgi-bin/message/subscribe/bizsend": subscribe_send,
        "/cgi-bin/stable_token": stable_token, "/cgi-bin/gettoken": corp_token, "/cgi-bin/message/custom/send": custom_send, "/cgi-bin/media/get": media_get, "/cgi-bin/media/upload": media_upload, "/cgi-bin/user/info": user_info,
        "/cgi-bin/kf/customer/batchget": batchget, "/cgi-bin/kf/sync_msg": sync_msg, "/cgi-bin/kf/send_msg": kf_send, "/cgi-bin/kf/send_msg_on_event": kf_greet, "/cgi-bin/kf/service_state/trans": kf_trans,
    }


def account_of(admin, wechat, kind="official", **more):
    """An account that is set up and on."""
    fields = {"title": f"测试账号 {uuid.uuid4().hex[:6]}", "kind": kind, "app_id": CORP if kind == "kf" else APP, "api_url": wechat.url, "state": "on"}
    row = admin.post("/wechat_account", fields | ({"open_kfid": KFID} if kind == "kf" else {}) | more)
    admin.post(f"/wechat_account/{row['id']}/secret", {"secret": SECRET, "token": TOKEN, "aes_key": AES_KEY})
    return admin.get(f"/wechat_account/{row['id']}")
