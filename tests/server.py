"""One `anxin serve` for tests: on data of its own, on SQLite or PostgreSQL, started, stopped, killed.

A demo company is loaded once per engine and copied for every server, so that each test may do what it likes to its own. A server
that ends with a sanitizer's complaint, or with another code than 0 when asked to stop, fails the test that used it.
"""
import os
import re
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import time
import uuid
from contextlib import closing
from pathlib import Path

import httpx
import psycopg

ROOT = Path(__file__).resolve().parents[1]
ENGINES = ("sqlite", "postgresql")
START_S = 30
STOP_S = 30
OPERATOR = "the operator of the tests"  # who may read the figures
ACCOUNT = re.compile(r"^\s*([a-z][a-z0-9_.-]+)\s+(\S{6,})(?:\s|$)", re.M)  # as `anxin demo` prints them, administrator first
COMPLAINTS = ("ERROR: AddressSanitizer", "runtime error:", "ERROR: LeakSanitizer", "Assertion")


def binary(release=False):
    return os.environ["ANXIN_RELEASE_BIN" if release else "ANXIN_BIN"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Database:
    """A database of its own inside the PostgreSQL of this test run."""

    def __init__(self, template=None):
        self.name = f"anxin_{uuid.uuid4().hex[:12]}"
        self.execute(f"CREATE DATABASE {self.name}" + (f" TEMPLATE {template.name}" if template else ""))

    @property
    def uri(self):
        return os.environ["ANXIN_TEST_PG"].replace("/postgres?", f"/{self.name}?")

    def execute(self, statement):
        with psycopg.connect(os.environ["ANXIN_TEST_PG"], autocommit=True) as connection:
            connection.execute(statement)

    def drop(self):
        self.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


class Company:
    """What one server keeps: a data folder and, on PostgreSQL, a database; (account, password) of its staff, administrator first.
    `copy` gives another with the same contents."""

    def __init__(self, engine, folder, database=None, accounts=()):
        self.engine, self.folder, self.database, self.accounts = engine, Path(folder), database, accounts

    @classmethod
    def empty(cls, engine, folder, accounts=()):
        """One that nothing has been stored for yet."""
        return cls(engine, folder, Database() if engine == "postgresql" else None, accounts)

    @classmethod
    def demo(cls, engine, folder):
        company = cls.empty(engine, folder)
        said = subprocess.run([binary(), "demo", *company.options(), "small", "open"], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        company.accounts = ACCOUNT.findall(said.stdout)
        return company

    def copy(self, folder):
        shutil.copytree(self.folder, folder)
        return Company(self.engine, folder, Database(self.database) if self.database else None, self.accounts)

    def options(self):
        return ["--data", str(self.folder), *(["--db", self.database.uri] if self.database else [])]

    def execute(self, statement):
        """Changes the stored rows behind the server's back, while it is down."""
        if self.database:
            with psycopg.connect(self.database.uri, autocommit=True) as connection:
                connection.execute("SET search_path TO anxin")
                connection.execute(statement)
            return
        with closing(sqlite3.connect(self.folder / "data.db")) as connection, connection:
            connection.execute(statement)

    def drop(self):
        if self.database:
            self.database.drop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Clock:
    """The time of day of the servers that are given it, moved by hand. It shows the present time at first, and stands."""

    def __init__(self, path):
        self.path = path
        self.set(int(time.time() * 1000))

    def set(self, ms):
        self.ms = ms
        with open(self.path, "r+b" if os.path.exists(self.path) else "wb") as file:
            file.write(struct.pack("=q", ms))       # in place and in one go: servers have the file mapped

    def move(self, seconds):
        self.set(self.ms + int(seconds * 1000))


class Server:
    def __init__(self, company, release=False, environment=None, clock=None, options=()):
        self.company, self.release, self.environment, self.clock, self.options = company, release, environment or {}, clock, options
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = company.folder.with_suffix(".log")
        self.process = None
        self.inherit = ()  # descriptors that it gets

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [binary(self.release), "serve", *self.company.options(), "--listen", f"127.0.0.1:{self.port}",
                 "--web", str(ROOT / "web/dist"), *(["--test-clock", str(self.clock.path)] if self.clock else []), *self.options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=self.inherit, env=os.environ | {"ANXIN_OPERATOR_TOKEN": OPERATOR} | self.environment)
        started = time.monotonic()
        while not self.answers():
            assert self.process.poll() is None, f"the server ended:\n{self.tail()}"
            assert time.monotonic() - started < START_S, f"no answer:\n{self.tail()}"
            time.sleep(0.02)
        return self

    def answers(self):
        try:
            return httpx.get(f"{self.url}/api/v1/session", timeout=5, verify=False).status_code in (200, 401)
        except httpx.HTTPError:
            return False

    def stop(self):
        assert self.process.poll() is None, f"the server ended by itself:\n{self.tail(200)}"
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_S)
        self.process = None
        text = self.log.read_text(errors="replace")
        assert not any(complaint in text for complaint in COMPLAINTS), self.tail(200)
        assert code == 0, f"ended with {code}:\n{self.tail()}"

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def tail(self, lines=40):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        if self.process and kind:
            self.kill()
        elif self.process:
            self.stop()
