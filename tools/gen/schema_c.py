"""Writes gen/schema.h and gen/schema.c: a struct, a shape, queries and typed functions for each table, and the migrations.

A row's functions are called ticket_row_insert, _get, _update, _remove, so that a domain may have its own ticket_create.
"""
import hashlib

from schema import STATISTICS
from source import ENGINES, POSTGRESQL, c_string, spell, tokens

CAST = {'INT': 'bigint', 'REAL': 'double precision', 'TEXT': 'text', 'BYTES': 'bytea'}


def parameter(engine, number, type):
    """How a parameter is written: SQLite counts by ?N, PostgreSQL must be told the type on the wire."""
    if engine == POSTGRESQL:
        return f'${number}::{"jsonb" if type.name == "json" else CAST[type.kind]}'
    return f'?{number}'


def name(word):
    return spell(tokens(word, 'generated'))


class Query:
    """A query as C needs it. sql: by engine; table: the one it writes, or whose row it gets; None: none, or more than one."""

    def __init__(self, name, sql, in_shape, row_shape, flags, table=None):
        self.name, self.sql, self.in_shape, self.row_shape, self.flags, self.table = name, sql, in_shape, row_shape, flags, table

    def write(self, number, tables):
        """tables: names of all tables, in the order of their numbers, which begin with 1. One outside of the schema has the next."""
        numbers = {None: 0} | {t: at for at, t in enumerate(tables, 1)}
        shape = [f'&{s}' if s else 'NULL' for s in (self.in_shape, self.row_shape)]
        texts = ',\n\t'.join(c_string(self.sql[e]) for e in ENGINES)
        return (f'const struct query query_{self.name} = {{ "{self.name}", {{\n\t{texts} }},\n'
                f'\t{shape[0]}, {shape[1]}, {" | ".join(self.flags) or "0"}, {number}, {numbers.get(self.table, len(numbers))} }};\n')


def struct(name, members):
    """members: (name, type). A table's struct, a query's parameters or its row."""
    lines = ''.join(f'\t{type.declare(member)};\n' for member, type in members)
    return f'struct {name} {{\n{lines}}};\n'


def shape(name, members, static, label=None):
    """members: (name, type, nullable)."""
    lines = ''.join(f'\tMEMBER(struct {name}, {member}, {type.name}{", .flags = MEMBER_NULLABLE" if nullable else ""}),\n'
                    for member, type, nullable in members)
    return (f'static const struct member members_{name}[] = {{\n{lines}}};\n'
            f'{"static " if static else ""}const struct shape shape_{name} = SHAPE("{label or name}", struct {name}, members_{name});\n')


def columns_of(table):
    return [(c.name, c.type, c.nullable) for c in table.columns]


def key_types(table):
    return [(k, table.column(k).type) for k in table.key]


def where_key(table, engine, numbers):
    return ' AND '.join(f'{name(k)} = {parameter(engine, numbers[k], table.column(k).type)}' for k in table.key)


def table_queries(table):
    """insert, get, update (None when all is key), remove."""
    numbers = {c.name: at for at, c in enumerate(table.columns, 1)}
    key_numbers = {k: at for at, k in enumerate(table.key, 1)}
    rest = [c for c in table.columns if c.name not in table.key]
    versioned, quoted = bool(table.column('version')), name(table.name)
    texts = {what: {} for what in ('insert', 'get', 'update', 'remove')}
    for engine in ENGINES:
        def value(c):
            text = parameter(engine, numbers[c.name], c.type)
            default = f"{c.default}::jsonb" if engine == POSTGRESQL and c.type.name == 'json' else c.default
            return f'coalesce({text}, {default})' if c.default and not c.nullable else text
        names = ', '.join(name(c.name) for c in table.columns)
        texts['insert'][engine] = f'INSERT INTO {quoted} ({names}) VALUES ({", ".join(map(value, table.columns))})'
        texts['get'][engine] = f'SELECT {names} FROM {quoted} WHERE {where_key(table, engine, key_numbers)}'
        sets = ', '.join(f'{name(c.name)} = ' + ('version + 1' if c.name == 'version' else value(c)) for c in rest)
        check = f' AND version = {parameter(engine, numbers["version"], table.column("version").type)}' if versioned else ''
        texts['update'][engine] = f'UPDATE {quoted} SET {sets} WHERE {where_key(table, engine, numbers)}{check}'
        texts['remove'][engine] = f'DELETE FROM {quoted} WHERE {where_key(table, engine, key_numbers)}'
    row, key = f'shape_{table.name}', f'shape_{table.name}_key'
    scope = [] if table.has_tenant else ['QUERY_ALL_TENANTS']
    kept = table.has_tenant and len(table.key) <= 2 and all(type.kind == 'INT' for _, type in key_types(table))
    queries = {'insert': Query(f'{table.name}_row_insert', texts['insert'], row, None, ['QUERY_WRITES', 'QUERY_INSERTS_ROW'] + scope, table.name),
               'get': Query(f'{table.name}_row_get', texts['get'], key, row, ['QUERY_HOT'] + ['QUERY_KEPT'] * kept + scope, table.name),
               'update': Query(f'{table.name}_row_update', texts['update'], row, None, ['QUERY_WRITES'] + scope, table.name),
               'remove': Query(f'{table.name}_row_remove', texts['remove'], key, None, ['QUERY_WRITES'] + scope, table.name)}
    if not rest:
        del queries['update']
    return queries


def key_arguments(table):
    return ''.join(f', {type.declare(k)}' for k, type in key_types(table) if k != 'tenant')


def functions(table):
    """(declaration, body) of the typed functions."""
    t, row, version = table.name, f'struct {table.name} *row', bool(table.column('version'))
    key = ', '.join('.tenant = c->tenant' if k == 'tenant' else f'.{k} = {k}' for k in table.key)
    tenant = '\trow->tenant = c->tenant;\n' if table.column('tenant') and table.has_tenant else ''
    fresh = '\tif (row->version == 0)\n\t\trow->version = 1;\n' if version else ''
    yield (f'int {t}_row_insert(struct ctx *c, {row})',
           f'{tenant}{fresh}\treturn db_exec(c->db, c->arena, &query_{t}_row_insert, row, NULL);\n')
    yield (f'int {t}_row_get(struct ctx *c{key_arguments(table)}, {row})',
           f'\treturn db_one(c->db, c->arena, &query_{t}_row_get, &(struct {t}_key){{ {key} }}, row);\n')
    if any(c.name not in table.key for c in table.columns):
        missed = 'ERR_VERSION_CONFLICT' if version else 'ERR_NOT_FOUND'
        yield (f'int {t}_row_update(struct ctx *c, {row})',
               f'\tint64_t changed = 0;\n{tenant}'
               f'\tTRY(db_exec(c->db, c->arena, &query_{t}_row_update, row, &changed));\n'
               f'\tif (changed == 0)\n\t\treturn {missed};\n' + ('\trow->version++;\n' if version else '') + '\treturn 0;\n')
    yield (f'int {t}_row_remove(struct ctx *c{key_arguments(table)})',
           f'\tint64_t changed = 0;\n'
           f'\tTRY(db_exec(c->db, c->arena, &query_{t}_row_remove, (&(struct {t}_key){{ {key} }}), &changed));\n'
           '\treturn changed ? 0 : ERR_NOT_FOUND;\n')


HEADER = '''/* Generated by tools/gen from schema/: the tables as structs. Not edited by hand.
 *
 * x_row_insert sets tenant (from the context) and version (1 when 0); a NULL (NULL_INT, NaN) in a column with a default
 * takes the default. x_row_update changes the row of this key if its version is still row->version and counts it up, else
 * ERR_VERSION_CONFLICT. x_row_get and x_row_remove: ERR_NOT_FOUND. */
#pragma once

#include "db/db.h"

'''


def write_header(schemas):
    out = HEADER
    for table in (table for schema in schemas for table in schema.tables.values()):
        members = [(c.name, c.type) for c in table.columns]
        out += f'/* {table.purpose} */\n' + struct(table.name, members)
        out += struct(f'{table.name}_key', key_types(table))
        out += f'extern const struct shape shape_{table.name}, shape_{table.name}_key;\nextern const struct table table_{table.name};\n'
        out += ''.join(f'{declaration} MUST_CHECK;\n' for declaration, _ in functions(table)) + '\n'
    return out


def write_source(schemas, folder):
    """(C text, names of the queries and of the tables in the order of their numbers)."""
    tables = [t for schema in schemas for t in schema.tables]
    out, names = f'/* Generated by tools/gen from schema/. Not edited by hand. */\n#include "{folder}/schema.h"\n\n#include "db/migrate.h"\n\n', []
    for table in (table for schema in schemas for table in schema.tables.values()):
        queries = table_queries(table)
        out += shape(table.name, columns_of(table), False)
        out += shape(f'{table.name}_key', [(k, type, False) for k, type in key_types(table)], False)
        for query in queries.values():
            out += query.write(len(names), tables)
            names.append(query.name)
        members = ', '.join(f'.{what} = &query_{query.name}' for what, query in queries.items())
        out += f'const struct table table_{table.name} = {{ .name = "{table.name}", .row = &shape_{table.name}, {members} }};\n'
        out += ''.join(f'\n{declaration}\n{{\n{body}}}\n' for declaration, body in functions(table)) + '\n'
    listed = ', '.join(f'&table_{t}' for t in tables)
    out += f'const struct table *const all_tables[] = {{ {listed or "NULL"} }};\nconst size_t table_count = {len(tables)};\n\n'
    return out + ''.join(map(write_steps, schemas)), names, tables


def write_steps(schema):
    store, domains = schema.store, ';\n'.join(schema.domains()) + ';\n'
    out = f'static const struct migration {store}_steps[] = {{\n'
    for step in schema.steps:
        texts = [''.join(f'{s};\n' for s in step.sql[engine]) for engine in ENGINES]
        sum = hashlib.sha256('\0'.join(texts).encode()).hexdigest()
        tables = ''.join(f'"{t}", ' for t in sorted(step.rows_change))
        out += (f'\t{{ {step.number}, "{step.name}", "{sum}", (const char *const[]){{ {tables}NULL }}, {{\n\t'
                + ',\n\t'.join(map(c_string, texts)) + ' } },\n')
    return out + (f'\t{{ 0 }}\n}};\nconst struct migrations {store}_migrations = {{ {store}_steps, {len(schema.steps)},\n'
                  f'\t{c_string(domains)},\n\t{c_string(STATISTICS)} }};\n\n')
