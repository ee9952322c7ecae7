"""The simulated WeChat and an SMS gateway for tests in other languages: told what to do by lines of JSON, one answer a line.

{"do":"write","server":…,"callback":…,"openid":…,"text":…} · {"do":"close","openid":…}: the window is over · {"do":"sent","openid":…} · {"do":"sms"} · {"do":"template","id":…,"kind":…,"keywords":[…]} ·
{"do":"notices","openid":…} · {"do":"refuse","code":…}: the next call of sending"""
import json
import sys

from gateway import Gateway
from wechat import Deliverer, WeChat


def answer(wechat, sms, ask):
    if ask["do"] == "write":
        wechat.wrote(ask["openid"])
        Deliverer(ask["server"], ask["callback"]).write(ask["openid"], ask["text"])
        return True
    if ask["do"] == "say":              # and it is answered at once
        answer = Deliverer(ask["server"], ask["callback"])
        return answer.post(answer.message(ask["openid"], ask["text"])).status_code == 200
    if ask["do"] == "close":
        wechat.people[ask["openid"]]["at"] -= wechat.window_s
        return True
    if ask["do"] == "sent":
        return [text for openid, text in wechat.sent if openid == ask["openid"]]
    if ask["do"] == "template":
        wechat.templates[ask["id"]] = (ask["kind"], ask["keywords"])
        return True
    if ask["do"] == "notices":
        return [values for openid, _template, values, _body in wechat.notices if openid == ask["openid"]]
    if ask["do"] == "refuse":
        wechat.faults.append(ask["code"])
        return True
    return [body for _status, _key, _bearer, body in sms.calls]


def main():
    wechat, sms = WeChat(), Gateway()
    print(json.dumps({"api": wechat.url, "sms": sms.url}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(wechat, sms, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
