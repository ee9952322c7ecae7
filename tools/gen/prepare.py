"""Both engines at build time, through their own libraries: prepares statements and tells where result columns come from.

The SQLite database is in memory. The PostgreSQL is the one of ANXIN_BUILD_PG, or one started for the purpose and stopped
after; a database of its own is made in it and dropped. Checks nothing itself: sql.py judges what comes back.
"""
import contextlib
import ctypes
import ctypes.util
import os
import secrets
import subprocess
import tempfile
from pathlib import Path

from source import POSTGRESQL, SQLITE
from schema import ALL, APP, STATISTICS


class Refused(Exception):
    """The engine's own words."""


class ResultColumn:
    """A column of a result: its name, where it comes from (or None), and on PostgreSQL its base type."""

    def __init__(self, name, origin, base=None):
        self.name, self.origin, self.base = name, origin, base


def library(name, file, functions):
    found = ctypes.CDLL(ctypes.util.find_library(name) or file)
    for function, result in functions.items():
        getattr(found, function).restype = result
    return found


class Sqlite:
    """A database in memory with the schema applied."""

    def __init__(self, statements):
        text = ctypes.c_char_p
        self.lib = library('sqlite3', 'libsqlite3.so.0', {
            'sqlite3_errmsg': text, 'sqlite3_column_name': text, 'sqlite3_column_table_name': text,
            'sqlite3_column_origin_name': text})
        self.db = ctypes.c_void_p()
        if self.lib.sqlite3_open(b':memory:', ctypes.byref(self.db)):
            raise Refused('SQLite did not open')
        for sql in statements:
            if self.lib.sqlite3_exec(self.db, sql.encode(), None, None, None):
                raise Refused(f'{self.message()}\n  in: {sql}')

    def message(self):
        return self.lib.sqlite3_errmsg(self.db).decode()

    def prepare(self, sql, count):
        statement, tail = ctypes.c_void_p(), ctypes.c_char_p()
        if self.lib.sqlite3_prepare_v2(self.db, sql.encode(), -1, ctypes.byref(statement), ctypes.byref(tail)):
            raise Refused(self.message())
        if tail.value:
            raise Refused(f'more than one statement: {tail.value.decode()[:40]}')
        columns = []
        for at in range(self.lib.sqlite3_column_count(statement)):
            table, column = (f(statement, at) for f in (self.lib.sqlite3_column_table_name, self.lib.sqlite3_column_origin_name))
            origin = (table.decode(), column.decode()) if table and column else None
            columns.append(ResultColumn(self.lib.sqlite3_column_name(statement, at).decode(), origin))
        self.lib.sqlite3_finalize(statement)
        return columns

    def plan(self, sql):
        """The lines of EXPLAIN QUERY PLAN."""
        statement = ctypes.c_void_p()
        self.lib.sqlite3_column_text.restype = ctypes.c_char_p
        if self.lib.sqlite3_prepare_v2(self.db, f'EXPLAIN QUERY PLAN {sql}'.encode(), -1, ctypes.byref(statement), None):
            raise Refused(self.message())
        lines = []
        while self.lib.sqlite3_step(statement) == 100:
            lines.append(self.lib.sqlite3_column_text(statement, 3).decode())
        self.lib.sqlite3_finalize(statement)
        return lines

    def close(self):
        self.lib.sqlite3_close(self.db)


PG_TUPLES, PG_OK = 2, 1
ROLES = f'''DO $$ BEGIN CREATE ROLE {APP} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE {ALL} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE SCHEMA anxin; GRANT USAGE ON SCHEMA anxin TO {APP}, {ALL}; SET search_path = anxin; SET anxin.tenant = '1';
SET enable_seqscan = off;'''


class Postgresql:
    """A database of our own in a PostgreSQL, with the schema applied."""

    def __init__(self, statements, uri):
        self.libpq()
        self.uri, self.name = uri, f'build_{secrets.token_hex(6)}'
        self.db = self.connect(None)
        self.run(f'CREATE DATABASE {self.name}')
        self.lib.PQfinish(self.db)
        self.db = self.connect(self.name)
        self.run(ROLES)
        for sql in statements:
            self.run(sql)
        self.columns = self.origins()

    def libpq(self):
        text, pointer = ctypes.c_char_p, ctypes.c_void_p
        self.lib = library('pq', 'libpq.so.5', {
            'PQconnectdb': pointer, 'PQconnectdbParams': pointer, 'PQerrorMessage': text, 'PQexec': pointer, 'PQprepare': pointer,
            'PQdescribePrepared': pointer, 'PQresultErrorMessage': text, 'PQfname': text, 'PQgetvalue': text,
            'PQftable': ctypes.c_uint, 'PQftype': ctypes.c_uint})
        for function in ('PQfinish', 'PQclear', 'PQerrorMessage', 'PQstatus', 'PQresultStatus', 'PQresultErrorMessage', 'PQnfields',
                         'PQntuples'):
            getattr(self.lib, function).argtypes = [pointer]

    def connect(self, database):
        pairs = [(b'dbname', self.uri.encode())] + ([(b'dbname', database.encode())] if database else [])
        keys, values = ((ctypes.c_char_p * (len(pairs) + 1))(*(p[i] for p in pairs), None) for i in (0, 1))
        db = ctypes.c_void_p(self.lib.PQconnectdbParams(keys, values, 1))
        if self.lib.PQstatus(db):
            raise Refused(self.lib.PQerrorMessage(db).decode())
        self.run('SET client_min_messages = error', db)
        return db

    def result(self, result, sql):
        result = ctypes.c_void_p(result)
        if self.lib.PQresultStatus(result) not in (PG_OK, PG_TUPLES):
            message = self.lib.PQresultErrorMessage(result).decode().strip()
            self.lib.PQclear(result)
            raise Refused(f'{message}\n  in: {sql}' if sql else message)
        return result

    def run(self, sql, db=None):
        db = db or self.db
        result = self.result(self.lib.PQexec(db, sql.encode()), sql)
        rows = [[self.lib.PQgetvalue(result, r, f).decode() for f in range(self.lib.PQnfields(result))]
                for r in range(self.lib.PQntuples(result))]
        self.lib.PQclear(result)
        return rows

    def origins(self):
        rows = self.run("SELECT a.attrelid::bigint, a.attnum, c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
                        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'anxin' AND a.attnum > 0")
        return {(int(table), int(at)): (name, column) for table, at, name, column in rows}

    def prepare(self, sql, count):
        self.lib.PQclear(self.result(self.lib.PQprepare(self.db, b'q', sql.encode(), 0, None), None))
        try:
            result = self.result(self.lib.PQdescribePrepared(self.db, b'q'), None)
            if self.lib.PQnparams(result) != count:
                raise Refused(f'{self.lib.PQnparams(result)} parameters on PostgreSQL, {count} declared')
            columns = [ResultColumn(self.lib.PQfname(result, at).decode(),
                                    self.columns.get((self.lib.PQftable(result, at), self.lib.PQftablecol(result, at))),
                                    self.lib.PQftype(result, at)) for at in range(self.lib.PQnfields(result))]
            self.lib.PQclear(result)
            return columns
        finally:
            self.run('DEALLOCATE q')

    def plan(self, sql, count, all_tenants):
        """The generic plan as the application's role, sequential scans only where nothing else is possible."""
        self.run(f'SET ROLE {ALL if all_tenants else APP}; SET plan_cache_mode = force_generic_plan')
        try:
            self.run(f'PREPARE q AS {sql}')
            return [row[0] for row in self.run(f'EXPLAIN EXECUTE q{"(" + ", ".join(["NULL"] * count) + ")" if count else ""}')]
        finally:
            self.run('DEALLOCATE ALL; RESET ROLE')

    def close(self):
        self.lib.PQfinish(self.db)
        self.db = self.connect(None)
        self.run(f'DROP DATABASE {self.name} WITH (FORCE)')
        self.lib.PQfinish(self.db)


@contextlib.contextmanager
def postgresql_server(script):
    """The URI of a PostgreSQL in which databases may be made; stopped at the end when it was started here."""
    if os.environ.get('ANXIN_BUILD_PG'):
        yield os.environ['ANXIN_BUILD_PG']
        return
    folder, script = tempfile.mkdtemp(prefix='anxin-build-'), str(Path(script).resolve())
    os.chmod(folder, 0o755)
    try:
        yield subprocess.run([script, 'start', f'{folder}/pg'], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    finally:
        subprocess.run([script, 'stop', f'{folder}/pg'], check=False)
        os.rmdir(folder)


@contextlib.contextmanager
def open_engines(schema, uri):
    """Both engines with all steps of the schema applied, as {engine: connection}."""
    steps = {engine: [sql for step in schema.steps for sql in step.sql[engine]] for engine in (SQLITE, POSTGRESQL)}
    engines = {SQLITE: Sqlite(steps[SQLITE] + [STATISTICS]), POSTGRESQL: Postgresql(list(schema.domains()) + steps[POSTGRESQL], uri)}
    try:
        yield engines
    finally:
        for engine in engines.values():
            engine.close()
