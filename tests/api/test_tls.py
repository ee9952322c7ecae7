"""TLS by the server itself: requests, live events, refusals, renewal without a restart, and everything that must not work."""
import json
import os
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager

import pytest
from websockets.sync.client import connect

from client import Client
from listener import Listener
from patience import wait_for
from server import STOP_S, Server, binary


def certificate(folder, name, days=90, key="rsa"):
    """A key and its certificate for 127.0.0.1, signed by itself; (certificate, key)."""
    made = folder / f"{name}.pem", folder / f"{name}.key"
    kind = ["rsa:2048"] if key == "rsa" else ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-keyout", made[1], "-out", made[0], "-days", str(days), "-subj", f"/CN={name}",
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True, stderr=subprocess.DEVNULL)
    return made


class Secure(Server):
    def __init__(self, company, pair, **more):
        super().__init__(company, options=("--tls-certificate", str(pair[0]), "--tls-key", str(pair[1]), "--set", "http.tls_look=1", *more.pop("options", ())), **more)
        self.url = f"https://127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificate"), "first")


@pytest.fixture(scope="module")
def server(engine, demos, tmp_path_factory, pair):
    company = demos(engine).copy(tmp_path_factory.mktemp("tls") / "data")
    with Secure(company, pair) as running:
        yield running
    company.drop()


def trusting(pair, least=None, most=None):
    context = ssl.create_default_context(cafile=pair[0])
    if least:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = least
    if most:
        context.maximum_version = most
    return context


@contextmanager
def wire(server, context):
    with socket.create_connection(("127.0.0.1", server.port), 10) as plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as sealed:
        yield sealed


def answer_of(sealed):
    data = b""
    while piece := sealed.recv(65536):
        data += piece
    return data


def name_of(server, *pairs):
    """Whose certificate it shows."""
    for pair in pairs:
        try:
            with wire(server, trusting(pair)) as sealed:
                return sealed.getpeercert()["subject"][0][0][1]
        except ssl.SSLCertVerificationError:
            continue
    return None


def test_people_sign_in_and_their_cookies_are_for_https_alone(server, pair):
    client = Client(server.url)
    answer = client.http.post("/session", json=dict(zip(("account", "password"), server.company.accounts[0])))
    assert answer.status_code == 201 and "; Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"] == "max-age=2592000"
    assert len(client.http.get("/ticket").json()["items"]) > 0
    with wire(server, trusting(pair)) as sealed:    # verified, too
        sealed.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert answer_of(sealed).startswith(b"HTTP/1.1 200")


def test_live_events_go_through_it_and_end_well(server):
    client = Client(server.url).sign_in(*server.company.accounts[0])
    headers = {"Origin": server.url, "Cookie": "; ".join(f"{k}={v}" for k, v in client.http.cookies.items())}
    context = ssl._create_unverified_context()
    for _ in range(5):
        with connect(server.url.replace("https", "wss") + "/api/v1/stream", additional_headers=headers, compression=None, ssl=context) as live:
            live.recv(timeout=10)
            ticket = client.get("/ticket", limit=1)["items"][0]["id"]
            live.send(json.dumps({"op": "subscribe", "topics": [f"ticket:{ticket}"]}))
            live.send(json.dumps({"op": "subscribe", "topics": ["nothing:1"]}))
            while json.loads(live.recv(timeout=10)).get("topic") != "nothing:1":
                pass
            text = "很长的一句话" * 500
            client.post(f"/ticket/{ticket}/comment", {"text": text, "visibility": "internal"})
            while json.loads(live.recv(timeout=10)).get("op") != "event":
                pass
    wait_for(lambda: descriptors(server) < 200)


def descriptors(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def test_what_is_upgraded_is_given_back_when_it_ends(server):
    client = Client(server.url).sign_in(*server.company.accounts[0])
    before = descriptors(server)
    lives = [Listener(server, client, ssl=ssl._create_unverified_context()).socket for _ in range(20)]
    assert descriptors(server) > before + 20
    for live in lives[:10]:
        live.close()
    for live in lives[10:]:
        live.socket.shutdown(socket.SHUT_RDWR)      # gone without a word
    wait_for(lambda: descriptors(server) <= before + 5)


def test_refusals_in_the_middle_of_a_large_body_are_sealed_too(server, pair):
    for head in (b"Content-Length: 90000000", b"Transfer-Encoding: chunked\r\nX-Bad: a\rb"):
        with wire(server, trusting(pair)) as sealed:
            sealed.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" + head + b"\r\n\r\n" + b"x" * 100000)
            said = answer_of(sealed)
            assert said.startswith(b"HTTP/1.1 4") and b'"error"' in said


@pytest.mark.parametrize("version, works", [(ssl.TLSVersion.TLSv1, False), (ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)])
def test_nothing_older_than_tls_1_2(server, pair, version, works):
    try:
        with wire(server, trusting(pair, version, version)) as sealed:
            spoke = sealed.version()
    except (ssl.SSLError, ConnectionResetError):
        spoke = None
    assert bool(spoke) is works


def test_plain_requests_are_not_answered(server):
    with socket.create_connection(("127.0.0.1", server.port), 10) as plain:
        plain.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        try:
            assert b"HTTP/" not in plain.recv(65536)
        except ConnectionResetError:
            pass


def test_slow_handshakes_hold_nobody_else_and_are_cut_off(engine, demos, tmp_path, pair):
    company = demos(engine).copy(tmp_path / "data")
    with Secure(company, pair, options=("--set", "http.head_time=2")) as server:
        slow = [socket.create_connection(("127.0.0.1", server.port), 30) for _ in range(50)]
        for one in slow:
            one.sendall(b"\x16\x03\x01\x02\x00\x01\x00")     # the beginning of a hello
        started = time.monotonic()
        assert Client(server.url).http.get("/health").status_code == 200
        assert time.monotonic() - started < 2, "others wait for the slow"
        for one in slow:
            while one.recv(1000):
                pass
        assert time.monotonic() - started < 15
    company.drop()


def test_a_renewed_certificate_serves_without_a_restart_and_a_bad_one_does_not(engine, demos, tmp_path):
    company = demos(engine).copy(tmp_path / "data")
    first, second, odd = (certificate(tmp_path, name, key=key) for name, key in (("one", "rsa"), ("two", "ec"), ("odd", "rsa")))
    live = tmp_path / "live.pem", tmp_path / "live.key"
    put = lambda source, place: (place.with_suffix(".new").write_bytes(source.read_bytes()), os.replace(place.with_suffix(".new"), place))
    for source, place in zip(first, live):
        put(source, place)
    with Secure(company, live) as server:
        client = Client(server.url).sign_in(*company.accounts[0])
        assert name_of(server, first, second) == "one"
        put(odd[0], live[0])                                # a certificate of another key
        wait_for(lambda: "new certificate not taken" in server.tail(200))
        assert "the key is not the one of the certificate" in server.tail(200) and name_of(server, first, second, odd) == "one"
        for source, place in zip(second, live):
            put(source, place)
        wait_for(lambda: name_of(server, first, second) == "two")
        assert client.get("/session")["user"], "whoever was in stays in"
        live[1].write_text("nothing")
        wait_for(lambda: "holds no PEM key" in server.tail(200))
        assert name_of(server, first, second) == "two"
    company.drop()


@pytest.mark.parametrize("spoil, why", [
    ("other key", "the key is not the one of the certificate"), ("no key", "the key file cannot be opened"), ("no certificate", "the certificate file cannot be opened"),
    ("empty certificate", "the certificate file holds no PEM certificate"), ("key with a password", "the key file holds no PEM key without a password"),
])
def test_a_pair_that_does_not_serve_is_refused_at_start_in_words(engine, demos, tmp_path, pair, spoil, why):
    company = demos(engine).copy(tmp_path / "data")
    chain, key = (str(one) for one in pair)
    if spoil == "other key":
        key = str(certificate(tmp_path, "other")[1])
    elif spoil == "key with a password":
        key = str(tmp_path / "closed.key")
        subprocess.run(["openssl", "pkey", "-in", pair[1], "-aes256", "-passout", "pass:x", "-out", key], check=True)
    elif spoil == "empty certificate":
        chain = str(tmp_path / "empty.pem")
        open(chain, "w").close()
    else:
        chain, key = (chain, str(tmp_path / "none")) if spoil == "no key" else (str(tmp_path / "none"), key)
    run = subprocess.run([binary(), "serve", *company.options(), "--listen", "127.0.0.1:0", "--tls-certificate", chain, "--tls-key", key],
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=STOP_S)
    assert run.returncode != 0 and why in run.stdout, run.stdout
    company.drop()


def test_one_without_the_other_is_refused(tmp_path, pair):
    run = subprocess.run([binary(), "serve", "--data", str(tmp_path / "x"), "--tls-certificate", str(pair[0])], capture_output=True, text=True, timeout=STOP_S)
    assert run.returncode != 0 and "go together" in run.stderr


@pytest.mark.parametrize("days, word", [(90, "ok"), (5, "warn")])
def test_the_doctor_says_how_long_the_certificate_is_good(demos, tmp_path, days, word):
    company = demos("sqlite").copy(tmp_path / "data")
    chain, key = certificate(tmp_path, "shown", days)
    doctor = [binary(), "doctor", *company.options(), "--tls-certificate", str(chain), "--tls-key"]
    said = subprocess.run([*doctor, str(key)], capture_output=True, text=True).stdout
    line = next(one for one in said.splitlines() if "certificate" in one)
    assert line.startswith(word) and "more days" in line, said
    other = certificate(tmp_path, "other")[1]
    said = subprocess.run([*doctor, str(other)], capture_output=True, text=True).stdout
    assert "bad   certificate: the key is not the one of the certificate" in said, said
    company.drop()
