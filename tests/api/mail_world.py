"""The real mail servers of the API tests for tests in other languages: told what to do by lines of JSON, one answer a line.

{"do":"send","from":…,"to":…,"subject":…,"text":…,"answers":message-id or null} · {"do":"mails","of":address}: what lies in that box"""
import email.message
import email.utils
import json
import sys

from mailserver import DOMAIN, PASSWORD, MailServer, left_out


def letter(ask):
    m = email.message.EmailMessage()
    m["From"], m["To"], m["Subject"], m["Message-ID"] = ask["from"], ask["to"], ask["subject"], email.utils.make_msgid(domain="home.test")
    if ask.get("answers"):
        m["In-Reply-To"] = m["References"] = ask["answers"]
    m.set_content(ask["text"])
    return m


def answer(post, ask):
    if ask["do"] == "send":
        post.send(letter(ask), ask["to"], ask["from"])
        return True
    return [{"from": str(m["From"]), "subject": str(m["Subject"]), "id": str(m["Message-ID"]), "answers": str(m["In-Reply-To"] or ""), "reply_to": str(m["Reply-To"] or ""),
             "text": m.get_body(("plain",)).get_content(), "html": bool(m.get_body(("html",)))} for m in post.mails(ask["of"])]


def main():
    if why := left_out():
        print(json.dumps({"missing": why}), flush=True)
        return
    post = MailServer()
    try:
        print(json.dumps({"imap_port": post.imap_port, "smtp_port": post.smtp_port, "domain": DOMAIN, "password": PASSWORD}), flush=True)
        for line in sys.stdin:
            print(json.dumps(answer(post, json.loads(line))), flush=True)
    finally:
        post.close()


if __name__ == "__main__":
    main()
