"""A mail server on this machine: takes what is sent by SMTP, and refuses receivers when it is told to."""
import email
import email.policy
import socketserver
import threading


class Mailbox(socketserver.ThreadingTCPServer):
    """`answers`: to the next receivers named, then 250. `got`: (receivers, the message) of each that was taken; `asked`: every receiver named."""
    allow_reuse_address = daemon_threads = True

    def __init__(self, answers=()):
        self.answers, self.got, self.asked = list(answers), [], []
        super().__init__(("127.0.0.1", 0), Session)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def environment(self):
        return {"ANXIN_SMTP": f"smtp://127.0.0.1:{self.server_address[1]}", "ANXIN_SMTP_TLS": "if_offered", "ANXIN_MAIL_FROM": "service@anxin.example",
                "ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"}

    def to(self, address):
        return [message for receivers, message in self.got if address in receivers]

    def close(self):
        self.shutdown()
        self.server_close()


class Session(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        receivers = []
        self.say("220 mailbox")
        while line := self.rfile.readline():
            word = line.strip().split(b":")[0].split(b" ")[0].upper()
            if word == b"QUIT":
                self.say("221 bye")
                return
            if word == b"RCPT":
                code = self.server.answers.pop(0) if self.server.answers else 250
                address = line.split(b"<")[1].split(b">")[0].decode()
                self.server.asked.append(address)
                receivers += [address] if code == 250 else []
                self.say(f"{code} {'fine' if code == 250 else 'no such mailbox'}")
            elif word == b"DATA":
                self.say("354 go on")
                self.server.got.append((receivers, email.message_from_bytes(self.read_message(), policy=email.policy.default)))
                receivers = []
                self.say("250 taken")
            else:
                self.say("250 fine")

    def read_message(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)
