"""Aliyun's and Tencent Cloud's SMS as the server meets them: signatures, clocks (±15 minutes at Aliyun, ±5 at Tencent), templates, limits and codes as the
documents say (help.aliyun.com/document_detail/419273.html and 101346.html; cloud.tencent.com/document/api/382/55981 and 52072)."""
import datetime
import hashlib
import hmac
import json
import threading
import time
import urllib.parse
import uuid

from side import Handler, Side

ACCESS, SECRET, SIGN, APP = "LTAI5tExample", "s3cretOfTheVendor", "安心售后", "1400006666"
ALIYUN_SKEW_S, TENCENT_SKEW_S = 900, 300
TEMPLATES = {"SMS_100": ["content"], "SMS_200": ["code"], "100": 1, "200": 1}


def sha(data):
    return hashlib.sha256(data).hexdigest()


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256)


class Vendor(Side):
    """`sent`: (number, template, values, our id, serial) of each message that went. `faults`: what the next calls meet: a code, "cut" (sent, no answer), "drop" (neither)."""

    def __init__(self, now=time.time):
        self.now, self.sent, self.faults, self.nonces, self.calls = now, [], [], set(), []
        self.lock = threading.Lock()
        super().__init__(Api)

    def texts(self, phone):
        return [values for to, _template, values, _id, _serial in self.sent if to.endswith(phone)]


class Api(Handler):
    def do_POST(self):
        body = self.body()
        with self.server.lock:
            self.server.calls.append((self.path, dict(self.headers), body))
            answer = self.tencent(body) if self.headers.get("X-TC-Action") else self.aliyun(body)
        if answer is None:
            self.close_connection = True
            return
        status, said = answer
        self.reply(status, json.dumps(said).encode())

    def fault(self):
        return self.server.faults.pop(0) if self.server.faults else None

    def aliyun(self, body):
        def refuse(code, status=400):
            return status, {"Code": code, "Message": code, "RequestId": uuid.uuid4().hex}
        heads = {k.lower(): v for k, v in self.headers.items()}
        path, _, query = self.path.partition("?")
        pairs = urllib.parse.parse_qsl(query, keep_blank_values=True, strict_parsing=True)
        canonical = "&".join(f"{urllib.parse.quote(k, safe='-_.~')}={urllib.parse.quote(v, safe='-_.~')}" for k, v in sorted(pairs))
        names = sorted(["host"] + [h for h in heads if h.startswith("x-acs-")])
        request = "\n".join(["POST", path, canonical] + [f"{n}:{heads[n].strip()}" for n in names] + ["", ";".join(names), sha(body)])
        signature = mac(SECRET.encode(), "ACS3-HMAC-SHA256\n" + sha(request.encode())).hexdigest()
        if heads.get("x-acs-content-sha256") != sha(body) or heads.get("authorization") != f"ACS3-HMAC-SHA256 Credential={ACCESS},SignedHeaders={';'.join(names)},Signature={signature}":
            return refuse("SignatureDoesNotMatch")
        at = datetime.datetime.strptime(heads["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc).timestamp()
        if abs(at - self.server.now()) > ALIYUN_SKEW_S:
            return refuse("InvalidTimeStamp.Expired")
        if heads["x-acs-signature-nonce"] in self.server.nonces:
            return refuse("SignatureNonceUsed")
        self.server.nonces.add(heads["x-acs-signature-nonce"])
        assert (heads["x-acs-action"], heads["x-acs-version"]) == ("SendSms", "2017-05-25")
        asked = dict(pairs)
        values = json.loads(asked["TemplateParam"])
        if asked["SignName"] != SIGN:
            return refuse("isv.SMS_SIGNATURE_ILLEGAL", 200)
        if asked["TemplateCode"] not in TEMPLATES:
            return refuse("isv.SMS_TEMPLATE_ILLEGAL", 200)
        if set(TEMPLATES[asked["TemplateCode"]]) - set(values):
            return refuse("isv.TEMPLATE_MISSING_PARAMETERS", 200)
        return self.finish(asked["PhoneNumbers"], asked["TemplateCode"], values, asked["OutId"], lambda code: refuse(code, 200),
                           lambda serial: (200, {"Code": "OK", "Message": "OK", "BizId": serial, "RequestId": uuid.uuid4().hex}))

    def tencent(self, body):
        def refuse(code):
            return 200, {"Response": {"Error": {"Code": code, "Message": code}, "RequestId": uuid.uuid4().hex}}
        heads = self.headers
        stamp = int(heads["X-TC-Timestamp"])
        day = datetime.datetime.fromtimestamp(stamp, datetime.timezone.utc).strftime("%Y-%m-%d")
        request = f"POST\n/\n\ncontent-type:{heads['Content-Type']}\nhost:{heads['Host']}\n\ncontent-type;host\n{sha(body)}"
        key = mac(mac(mac(("TC3" + SECRET).encode(), day).digest(), "sms").digest(), "tc3_request").digest()
        signature = mac(key, f"TC3-HMAC-SHA256\n{stamp}\n{day}/sms/tc3_request\n{sha(request.encode())}").hexdigest()
        if heads["Authorization"] != f"TC3-HMAC-SHA256 Credential={ACCESS}/{day}/sms/tc3_request, SignedHeaders=content-type;host, Signature={signature}":
            return refuse("AuthFailure.SignatureFailure")
        if abs(stamp - self.server.now()) > TENCENT_SKEW_S:
            return refuse("AuthFailure.SignatureExpire")
        asked = json.loads(body)
        if asked["SmsSdkAppId"] != APP:
            return refuse("UnauthorizedOperation.SmsSdkAppIdVerifyFail")
        number = asked["PhoneNumberSet"][0]

        def status(code, serial=""):
            return 200, {"Response": {"SendStatusSet": [{"SerialNo": serial, "PhoneNumber": number, "Fee": int(bool(serial)), "SessionContext": asked["SessionContext"], "Code": code,
                                                         "Message": code, "IsoCode": "CN"}], "RequestId": uuid.uuid4().hex}}
        if asked["SignName"] != SIGN:
            return status("FailedOperation.SignatureIncorrectOrUnapproved")
        if asked["TemplateId"] not in TEMPLATES:
            return status("FailedOperation.TemplateIncorrectOrUnapproved")
        if len(asked["TemplateParamSet"]) != TEMPLATES[asked["TemplateId"]]:
            return status("InvalidParameterValue.TemplateParameterFormatError")
        return self.finish(number, asked["TemplateId"], asked["TemplateParamSet"], asked["SessionContext"], status, lambda serial: status("Ok", serial))

    def finish(self, number, template, values, own, refuse, good):
        fault = self.fault()
        if fault == "drop":
            return None
        if fault and fault != "cut":
            return refuse(fault)
        serial = f"{len(self.server.sent)}^{uuid.uuid4().hex[:12]}"
        self.server.sent.append((number, template, values, own, serial))
        return None if fault == "cut" else good(serial)


def gateway_of(admin, vendor, kind="aliyun", **more):
    """A gateway that is on, with its secret."""
    own = {"aliyun": "*  = SMS_100 content:text\nsign_in_code = SMS_200 code", "tencent": "* = 100 text\nsign_in_code = 200 code", "generic": ""}[kind]
    row = admin.post("/sms_gateway", {"title": f"短信 {uuid.uuid4().hex[:6]}", "kind": kind, "state": "on", "sign_name": SIGN, "access_id": ACCESS, "app_id": APP if kind == "tencent" else "",
                                      "api_url": vendor.url if kind != "generic" else f"{vendor.url}/send", "templates": own} | more)
    admin.post(f"/sms_gateway/{row['id']}/secret", {"secret": SECRET})
    return admin.get(f"/sms_gateway/{row['id']}")
