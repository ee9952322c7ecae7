"""What a stopped installation has stored, read past the program: straight from the database."""
import sqlite3
from collections import Counter

import psycopg


class Stored:
    def __init__(self, company):
        if company.database:
            self.connection = psycopg.connect(company.database.uri)
            self.connection.execute("SET search_path = anxin")
        else:
            self.connection = sqlite3.connect(company.folder / "data.db")

    def rows(self, sql):
        if isinstance(self.connection, psycopg.Connection):
            sql = sql.replace("count(", "pg_catalog.count(")       # the schema has a type of that name
        return self.connection.execute(sql).fetchall()

    def close(self):
        self.connection.close()


def check_stored(company, acknowledged):
    """Acknowledged = stored, once; one created event each; numbers of events without gap or double. Returns the number of tickets."""
    stored = Stored(company)
    try:
        check_tickets(stored, acknowledged)
        check_numbers(stored)
        if not company.database:
            assert stored.rows("PRAGMA integrity_check") == [("ok",)]
            assert stored.rows("PRAGMA foreign_key_check") == []
    finally:
        stored.close()


def check_tickets(stored, acknowledged):
    found = {}
    for title, identity in stored.rows("SELECT title, id FROM ticket"):
        found.setdefault(title, []).append(identity)
    lost = [title for title, identity in acknowledged.items() if found.get(title) != [identity]]
    assert not lost, f"{len(lost)} of {len(acknowledged)} acknowledged are lost, doubled or changed: {[(t, found.get(t)) for t in lost[:3]]}"
    created = Counter(row[0] for row in stored.rows("SELECT object_id FROM event WHERE kind = 'ticket.created'"))
    wrong = [identity for identity in acknowledged.values() if created[identity] != 1]
    assert not wrong, f"{len(wrong)} tickets without exactly one ticket.created"
    numbers = Counter(row[0] for row in stored.rows("SELECT no FROM ticket"))
    assert max(numbers.values()) == 1, "one SR number, two tickets"


def check_numbers(stored):
    for what, sql in {"company": "SELECT tenant, count(*), min(no), max(no), count(DISTINCT no) FROM event GROUP BY tenant",
                      "lane": "SELECT lane, count(*), min(pos), max(pos), count(DISTINCT pos) FROM event GROUP BY lane"}.items():
        for of, count, first, last, different in stored.rows(sql):
            assert (first, last, different) == (1, count, count), f"{what} {of}: {count} events numbered {first} … {last}, {different} different"
    behind = stored.rows("SELECT c.name, c.lane FROM follower_cursor c JOIN lane l ON l.lane = c.lane WHERE c.pos > l.pos")
    assert not behind, f"followers ahead of their lane: {behind}"
