"""A real Dovecot and a real Postfix on loopback, in a folder of their own: people have mailboxes there, and so has the company.

Every address of example.test has a mailbox, made when the first mail comes; what is behind a plus belongs to the same box. Mail to nobody@ is taken and bounced, to refused@ it is refused. Both run as whoever runs
the tests; Postfix wants root, so without it the tests that need it are left out; where root misses a package they fail."""
import email
import email.policy
import imaplib
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from pathlib import Path

PASSWORD = "geheim-Post"
DOMAIN = "example.test"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def left_out():
    """Why these tests are left out here; None: they run. For root a package that is missing is a fault of the machine, but not in the quick tests."""
    if os.getuid() != 0:
        return "Postfix wants root"
    missing = [p for p in ("/usr/sbin/dovecot", "/usr/lib/dovecot/lmtp", "/usr/sbin/postfix") if not Path(p).exists()]
    why = f"needs Debian's dovecot-imapd, dovecot-lmtpd, postfix: {', '.join(missing)} missing"
    if missing and os.environ.get("ANXIN_TEST_LEVEL", "full") != "quick":
        raise RuntimeError(why)
    return why if missing else None


class MailServer:
    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="anxin-mail-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.imap_port, self.smtp_port, self.lmtp_port, self.tls_port = (free_port() for _ in range(4))
        self._certificate()
        self._dovecot()
        self._postfix()
        self.start_imap()
        subprocess.run(["/usr/sbin/postfix", "-c", str(self.folder / "postfix"), "start"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait(self.smtp_port)

    def _wait(self, port):
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", port), 1):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"nothing at {port}; see {self.folder}")

    def _certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem", "-days", "2", "-subj", "/CN=localhost"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _dovecot(self):
        f, user = self.folder, "nobody"
        uid, gid = pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid
        (f / "mail").mkdir()
        os.chown(f / "mail", uid, gid)
        (f / "dovecot.conf").write_text(f"""
base_dir = {f}/run
state_dir = {f}/run
log_path = {f}/dovecot.log
instance_name = anxin-{f.name}
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{f}/cert.pem
ssl_key = <{f}/key.pem
disable_plaintext_auth = no
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{f}/mail/%n
recipient_delimiter = +
auth_mechanisms = plain login
auth_failure_delay = 0
mail_max_userip_connections = 200
service imap-login {{
  inet_listener imap {{
    port = {self.imap_port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {self.lmtp_port}
  }}
}}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={f}/mail/%n allow_all_users=yes
}}
""")

    def _postfix(self):
        f = self.folder
        for name in ("postfix", "spool", "data"):
            (f / name).mkdir()
        shutil.copy("/etc/postfix/postfix-files", f / "postfix/postfix-files")
        os.chown(f / "data", pwd.getpwnam("postfix").pw_uid, -1)
        (f / "postfix/master.cf").write_text(f"""
127.0.0.1:{self.smtp_port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
""")
        (f / "postfix/main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {f}/spool
data_directory = {f}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.{DOMAIN}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = {DOMAIN}
virtual_transport = lmtp:inet:127.0.0.1:{self.lmtp_port}
transport_maps = inline:{{ nobody@{DOMAIN}=error:5.1.1_no_such_person }}
smtpd_reject_unlisted_recipient = no
recipient_delimiter = +
message_size_limit = 60000000
virtual_mailbox_limit = 0
smtpd_recipient_restrictions = check_recipient_access inline:{{ refused@{DOMAIN}=REJECT }}, permit_mynetworks, reject
smtputf8_enable = no
maillog_file = {f}/spool/postfix.log
maillog_file_prefixes = {f}
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
""")

    def start_imap(self):
        subprocess.run(["/usr/sbin/dovecot", "-c", str(self.folder / "dovecot.conf")], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait(self.imap_port)

    def stop_imap(self):
        subprocess.run(["/usr/sbin/dovecot", "-c", str(self.folder / "dovecot.conf"), "stop"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.imap_port), 1).close()
            except OSError:
                return
            time.sleep(0.05)
        raise AssertionError(f"still somebody at {self.imap_port}; see {self.folder}")

    def close(self):
        subprocess.run(["/usr/sbin/postfix", "-c", str(self.folder / "postfix"), "stop"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        subprocess.run(["/usr/sbin/dovecot", "-c", str(self.folder / "dovecot.conf"), "stop"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)

    # What people do ----------------------------------------------------------------------------------------------------

    def send(self, message, to, sender=None):
        """message: EmailMessage or bytes as they stand."""
        raw = message if isinstance(message, bytes) else message.as_bytes(policy=email.policy.SMTP)
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as s:
            s.sendmail(sender if sender is not None else "someone@" + DOMAIN, [to], raw)

    def box(self, address):
        m = imaplib.IMAP4("127.0.0.1", self.imap_port)
        m.login(address, PASSWORD)
        m.select("INBOX")
        return m

    def append(self, address, raw, count=1):
        m = self.box(address)
        for one in [raw] if count == 1 else raw:
            m.append("INBOX", None, None, one)
        m.logout()

    def mails(self, address):
        m = self.box(address)
        _, found = m.search(None, "ALL")
        out = [email.message_from_bytes(m.fetch(n, "(BODY.PEEK[])")[1][0][1], policy=email.policy.default) for n in found[0].split()]
        m.logout()
        return out

    def renumber(self, address):
        """The box gets another UIDVALIDITY, its mails other UIDs."""
        for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache", "dovecot-uidvalidity"):
            for path in (self.folder / "mail" / address.split("@")[0]).glob(name + "*"):
                path.unlink()
