"""Named SQL in src/**/*.sql to typed C functions.

    -- name: contracts_of_device (device id, at day) many hot
    SELECT c.id, c.level, count(*) AS n:i64 FROM … WHERE d.tenant = $tenant AND d.device_id = $device …;

Kinds: one (a row or ERR_NOT_FOUND), many, exec. Marks: hot, all_tenants "reason". Parameters are typed in the header, `ids id[]` is a
list for `IN ($ids)`; $tenant comes from the context. A direct column takes its type from the schema, by its origin on both
engines; an expression states it (`AS n:i64`, `:i64?` when it may be NULL), and so does a column of an outer-joined table.
A file that begins with `-- store: key` is about the key store.
"""
import re
from pathlib import Path

from prepare import Refused
from schema_c import CAST, Query, parameter, shape, struct
from source import C_WORDS, ENGINES, POSTGRESQL, SQLITE, Fault, Token, engine_blocks, spell, tokens
from tenant import Statement

HEADER = re.compile(r'--\s*name:\s*(\w+)\s*\(([^)]*)\)\s*(one|many|exec)\b\s*(.*)$')
MARK = re.compile(r'\s*(?:(hot|writes)|all_tenants\s+"([^"]+)")')
OIDS = {'INT': {20, 21, 23, 16}, 'REAL': {700, 701}, 'TEXT': {25, 1043, 3802, 19}, 'BYTES': {17}}
OWN_NAMES = {'c', 'row', 'rows', 'n', 'in', 'changed', 'tenant'}


class Parameter:
    def __init__(self, name, type, is_list):
        self.name, self.type, self.is_list = name, type, is_list


class Result:
    """A column of the result: name, type, whether it may be NULL."""

    def __init__(self, name, type, nullable):
        self.name, self.type, self.nullable = name, type, nullable

    def same(self, column):
        return (self.name, self.type, self.nullable) == (column.name, column.type, column.nullable)


class Named:
    """One query of a file: header, tokens for each engine, and what the engines said of it."""

    def __init__(self, path, line, header):
        self.path, self.line = path, line
        self.name, self.kind = header[1], header[3]
        self.hot, self.all_tenants, self.comment = False, None, ''
        self.parameters, self.found, self.stated, self.results, self.table = [], {}, {}, [], None

    def fault(self, message, line=None):
        raise Fault(self.path, line or self.line, f'{self.name}: {message}')

    def order(self):
        """Numbers of the parameters, $tenant first when it is used."""
        used = any(t.text == '$tenant' for found in self.found.values() for t in found)
        names = (['tenant'] if used else []) + [p.name for p in self.parameters]
        return {f'${name}': at for at, name in enumerate(names, 1)}

    @property
    def writes(self):
        return any(self.changes(engine) for engine in ENGINES)

    @property
    def written(self):
        """The table it writes; None for none, or more than one."""
        names = set()
        for engine in ENGINES:
            words = [t.low for t in self.found[engine]]
            for at in self.changes(engine):
                before = {'insert': 'into', 'delete': 'from', 'update': 'update'}[words[at]]
                names.add(words[words.index(before, at) + 1].strip('"'))
        return names.pop() if len(names) == 1 else None

    def changes(self, engine):
        """Where INSERT, UPDATE and DELETE stand, and not in `ON CONFLICT DO UPDATE` or `FOR UPDATE`."""
        found = self.found[engine]
        return [at for at, t in enumerate(found) if t.low in ('insert', 'update', 'delete') and found[at - 1].low not in ('do', 'for')]


def read_queries(path, text, types):
    """All queries of one file."""
    queries, lines = [], text.splitlines()
    starts = [at for at, line in enumerate(lines) if re.match(r'--\s*name:', line)]
    for at, following in zip(starts, starts[1:] + [len(lines)]):
        header = HEADER.match(lines[at])
        if not header:
            raise Fault(path, at + 1, 'a query begins with `-- name: NAME (parameter type, …) one|many|exec [hot]`')
        query = Named(path, at + 1, header)
        query.comment = comment_above(lines, at)
        read_header(query, header, types)
        read_body(query, '\n'.join(lines[at + 1:following]), types)
        queries.append(query)
    if not queries and text.strip():
        raise Fault(path, 1, 'no `-- name:` in this file')
    return queries


def comment_above(lines, at):
    first = at
    while first > 0 and lines[first - 1].startswith('--') and not lines[first - 1].startswith('-- end'):
        first -= 1
    return ' '.join(line.lstrip('- ') for line in lines[first:at])


def read_header(query, header, types):
    if query.name in C_WORDS:
        query.fault('this name is a C keyword')
    for part in filter(None, (p.strip() for p in header[2].split(','))):
        words = part.split()
        is_list = len(words) == 2 and words[1].endswith('[]')
        type = types.get(words[1].removesuffix('[]')) if len(words) == 2 else None
        if not type or words[0] in OWN_NAMES | C_WORDS or is_list and type.kind not in ('INT', 'TEXT'):
            query.fault(f'parameter `{part}` is not a free name and a type of types.def')
        query.parameters.append(Parameter(words[0], type, is_list))
    rest = header[4]
    while rest.strip():
        mark = MARK.match(rest)
        if not mark:
            query.fault(f'`{rest.strip()}` is no mark: hot, all_tenants "reason"')
        query.hot, query.all_tenants = query.hot or mark[1] == 'hot', mark[2] or query.all_tenants
        rest = rest[mark.end():]


def read_body(query, text, types):
    ends = []
    for engine in ENGINES:
        found = []
        for only, line, part in engine_blocks(text, query.path, query.line + 1):
            if only in (None, engine):
                found += tokens(part, query.path, line)
        at = next((i for i, t in enumerate(found) if t.text == ';'), None)
        if at is None or at == 0:
            query.fault('the statement must end with `;`')
        if len(found) > at + 1:
            query.fault('one statement a name', found[at + 1].line)
        ends.append(at)
        query.found[engine] = take_types(query, found[:at], types)
    names = {p.name for p in query.parameters} | {'tenant'}
    for engine in ENGINES:
        for token in query.found[engine]:
            if token.kind == 'parameter' and token.text[1:] not in names:
                query.fault(f'{token.text} is not in the header', token.line)
            if token.text == '?':
                query.fault('parameters are written $name', token.line)


def take_types(query, found, types):
    """Removes `:type` and `:type?` after `AS name` and remembers them."""
    out, at = [], 0
    while at < len(found):
        if found[at].text == ':' and at >= 2 and found[at - 2].low == 'as' and at + 1 < len(found):
            name, type = found[at - 1].low, types.get(found[at + 1].low)
            if not type:
                query.fault(f'{found[at + 1].text} is no type of types.def', found[at + 1].line)
            nullable = at + 2 < len(found) and found[at + 2].text == '?'
            query.stated[name] = (type, nullable, found[at].line)
            at += 3 if nullable else 2
        else:
            out.append(found[at])
            at += 1
    return out


def dialect(query, engine):
    """The text for one engine: parameters numbered, lists unrolled from one value."""
    out, numbers, found, at = [], query.order(), query.found[engine], 0
    known = {p.name: p for p in query.parameters}
    while at < len(found):
        token = found[at]
        if token.kind != 'parameter':
            out.append(token)
            at += 1
            continue
        p = known.get(token.text[1:])
        if p and p.is_list:
            if [t.low for t in found[at - 2:at]] != ['in', '('] or found[at + 1].text != ')':
                query.fault(f'a list stands as IN ({token.text}) only', token.line)
            text, taken = list_text(engine, numbers[token.text], p.type, out[-3:])
            del out[-taken:]
            at += 1                            # its closing parenthesis
        else:
            text = parameter(engine, numbers[token.text], p.type if p else query.tenant_type)
        out.append(Token('raw', text, token.line, token.start, token.end))
        at += 1
    return spell(out)


def list_text(engine, number, type, before):
    """(text for IN or NOT IN a list, how many tokens it stands for)."""
    inverse = before[0].low == 'not'
    if engine == SQLITE:
        return f'{"NOT " if inverse else ""}IN (SELECT value FROM json_each(?{number}))', 3 if inverse else 2
    array = f'${number}::text::bigint[]' if type.kind == 'INT' else f'ARRAY(SELECT jsonb_array_elements_text(${number}::text::jsonb))'
    return f'{"<> ALL" if inverse else "= ANY"} ({array})', 3 if inverse else 2


def judge(query, schema, engines):
    """Prepares the query on both engines and settles its result columns."""
    query.tenant_type = schema.types['tenant_id']
    for engine in ENGINES:
        statement = Statement(query.found[engine], query.path, schema)
        query.named = statement.named
        if not query.all_tenants:
            statement.check()
    query.sql, said, count = {}, {}, len(query.order())
    for engine in ENGINES:
        query.sql[engine] = dialect(query, engine)
        try:
            said[engine] = engines[engine].prepare(query.sql[engine], count)
        except Refused as refused:
            query.fault(f'{engine} says: {refused}')
    names = [c.name for c in said[SQLITE]]
    if names != [c.name for c in said[POSTGRESQL]]:
        query.fault(f'result columns differ: {names} on SQLite, {[c.name for c in said[POSTGRESQL]]} on PostgreSQL')
    if bool(names) != (query.kind != 'exec'):
        query.fault('exec returns no rows; one and many do')
    if len(set(names)) < len(names):
        query.fault(f'two result columns have one name: {names}')
    for name, (_, _, line) in query.stated.items():
        if name not in names:
            query.fault(f'{name}: a type is stated, but it is no result column', line)
    query.results = [settle(query, schema, *both) for both in zip(said[SQLITE], said[POSTGRESQL])]
    whole_table(query, schema)
    if query.hot:
        check_plans(query, schema, engines, count)


def judge_all(queries, schema, engines):
    """Judges each query and names all faults, not only the first."""
    faults = []
    for query in queries:
        try:
            judge(query, schema, engines)
        except Fault as fault:
            faults.append(str(fault))
    if faults:
        raise Refused('\n'.join(faults))


def settle(query, schema, sqlite, postgresql):
    """Type and nullability of one result column, by origin or as stated."""
    name, stated = sqlite.name, query.stated.get(sqlite.name)
    origin = postgresql.origin if query.writes and not sqlite.origin else sqlite.origin
    if origin and origin[0] not in schema.tables:
        origin = None
    direct = origin if origin == postgresql.origin else None
    column = schema.tables[direct[0]].column(direct[1]) if direct else None
    if not stated and (not column or outer_joined(query, direct[0]) and not from_inner_table(query, direct[0], name)):
        why = 'is an expression or of unlike origin' if not column else f'comes from an outer-joined table ({direct[0]})'
        query.fault(f'{name} {why}: state its type, `AS {name}:type` (`?` after it when it may be NULL)')
    if stated and column and stated[0] != column.type:
        query.fault(f'{name} is stated as {stated[0].name} but is {direct[0]}.{direct[1]}, a {column.type.name}', stated[2])
    type = stated[0] if stated else column.type
    if postgresql.base not in OIDS[type.kind]:
        query.fault(f'{name}: PostgreSQL gives something else than {type.name} (type oid {postgresql.base}); CAST(… AS {CAST[type.kind]})')
    if name in C_WORDS or not re.fullmatch(r'[a-z_][a-z0-9_]*', name):
        query.fault(f'{name} cannot be the name of a member: give it one with AS')
    return Result(name, type, stated[1] if stated else column.nullable)


def outer_joined(query, table):
    found = query.found[SQLITE]
    return any(t.low == 'join' and found[at + 1].low == table and 'left' in (found[at - 1].low, found[at - 2].low) for at, t in enumerate(found))


def from_inner_table(query, table, name):
    """A table may stand in a query twice; `a.name` in the list of results tells which one a column is of."""
    found = query.found[SQLITE]
    end = next(at for at, t in enumerate(found) if t.low == 'from')
    of = [found[at].low for at in range(1, end - 2) if found[at - 1].low in ('select', ',') and found[at + 1].text == '.'
          and found[at + 2].low == name and found[at + 3].low in (',', 'from')]
    inner = {n.alias for n in query.named if n.table.name == table and not n.outer}
    return len(of) == 1 and of[0] in inner


def whole_table(query, schema):
    for table in schema.tables.values():
        if len(table.columns) == len(query.results) and all(r.same(c) for r, c in zip(query.results, table.columns)):
            query.table = table.name


def check_plans(query, schema, engines, count):
    """A hot query searches an index for each table. The first rows of all, or of a tenant, it may read in the order of an index."""
    words, plan = [t.low for t in query.found[SQLITE]], engines[SQLITE].plan(query.sql[SQLITE])
    where = words[words.index('where'):] if 'where' in words else []
    first = 'limit' in words and 'and' not in where and not any('TEMP B-TREE' in line for line in plan)
    few = first and not where
    for line in plan:
        scan = re.match(r'SCAN (\w+)', line)
        if scan and not few and 'VIRTUAL TABLE' not in line and scan[1] not in ('CONSTANT',) and 'SUBQUERY' not in line:
            query.fault(f'marked hot, but SQLite reads a whole table: {line}')
        key = schema.tables[query.named[0].table.name].key if len(query.named) == 1 else []
        if re.search(r'INDEX \w+ \(tenant=\?\)$', line) and not first and key != ['tenant']:
            query.fault(f'marked hot, but SQLite reads a whole tenant: {line}')
    for line in engines[POSTGRESQL].plan(query.sql[POSTGRESQL], count, bool(query.all_tenants)):
        if 'Seq Scan' in line:
            query.fault(f'marked hot, but PostgreSQL reads a whole table: {line.strip()}')


# -- C ---------------------------------------------------------------------------------------------------------------------

def in_members(query):
    return [('tenant', query.tenant_type, False)] * ('$tenant' in query.order()) + [(p.name, p.type, p.is_list) for p in query.parameters]


def in_struct(query):
    lines = ''.join(f'\tstruct list {name};\n' if is_list else f'\t{type.declare(name)};\n' for name, type, is_list in in_members(query))
    return f'struct {query.name}_in {{\n{lines}}};\n'


def in_shape(query):
    name = f'{query.name}_in'
    lines = ''.join(f'\tMEMBER(struct {name}, {m}, ' + (f'list, .item = TYPE_{type.name}' if is_list else type.name) + '),\n'
                    for m, type, is_list in in_members(query))
    return (f'static const struct member members_{name}[] = {{\n{lines}}};\n'
            f'static const struct shape shape_{name} = SHAPE("{name}", struct {name}, members_{name});\n')


def row_name(query):
    return query.table or f'{query.name}_row'


def by_struct(query):
    """More parameters than a call reads well with are handed over as a struct."""
    return len(query.parameters) > 6


def declaration(query):
    arguments = ['struct ctx *c']
    if by_struct(query):
        arguments.append(f'struct {query.name}_in *in')
    else:
        for p in query.parameters:
            arguments += [f'const {p.type.declare(f"*{p.name}")}' if p.type.kind == 'INT' else f'const char *const *{p.name}',
                          f'size_t {p.name}_n'] if p.is_list else [p.type.declare(p.name)]
    arguments += {'one': [f'struct {row_name(query)} *row'], 'many': [f'struct {row_name(query)} **rows', 'size_t *n'],
                  'exec': ['int64_t *changed']}[query.kind]
    return f'int {query.name}({", ".join(arguments)})'


def body(query):
    members = ['.tenant = c->tenant'] * ('$tenant' in query.order())
    for p in query.parameters:
        members.append(f'.{p.name} = {{ .at = (void *){p.name}, .n = {p.name}_n }}' if p.is_list else f'.{p.name} = {p.name}')
    if by_struct(query):
        start, given = ('\tin->tenant = c->tenant;\n' if '$tenant' in query.order() else ''), 'in'
    elif members:
        start, given = f'\tstruct {query.name}_in in = {{ {", ".join(members)} }};\n', '&in'
    else:
        start, given = '', 'NULL'
    call = {'one': 'db_one({0}, row)', 'many': 'db_many({0}, (void **)rows, n)', 'exec': 'db_exec({0}, changed)'}[query.kind]
    return start + '\treturn ' + call.format(f'c->db, c->arena, &query_{query.name}, {given}') + ';\n'


def write_header(path, queries, folder):
    out = f'/* Generated by tools/gen from {path}. Not edited by hand. */\n#pragma once\n\n#include "{folder}/schema.h"\n\n'
    for query in queries:
        if in_members(query):
            out += in_struct(query)
        if query.results and not query.table:
            out += struct(f'{query.name}_row', [(r.name, r.type) for r in query.results])
        note = query.comment or {'one': 'One row or ERR_NOT_FOUND.', 'many': '', 'exec': ''}[query.kind]
        out += (f'/* {note} */\n' if note else '') + f'extern const struct query query_{query.name};\n{declaration(query)} MUST_CHECK;\n\n'
    return out


def write_source(headers, queries, before, tables):
    """gen/queries.c. before: names of the queries of the tables, which have the first numbers."""
    out = '/* Generated by tools/gen. Not edited by hand. */\n' + ''.join(f'#include "{h}"\n' for h in headers) + '\n'
    for number, query in enumerate(queries, len(before)):
        flags = ['QUERY_HOT'] * query.hot + ['QUERY_WRITES'] * query.writes + ['QUERY_ALL_TENANTS'] * bool(query.all_tenants)
        given = f'shape_{query.name}_in' if in_members(query) else None
        row = f'shape_{row_name(query)}' if query.results else None
        out += in_shape(query) if given else ''
        if row and not query.table:
            out += shape(f'{query.name}_row', [(r.name, r.type, r.nullable) for r in query.results], True)
        out += Query(query.name, query.sql, given, row, flags, query.written).write(number, tables)
        out += f'\n{declaration(query)}\n{{\n{body(query)}}}\n\n'
    every = before + [q.name for q in queries]
    listed = ''.join(f'\t&query_{name},\n' for name in every)
    table_queries = ''.join(f'extern const struct query query_{name};\n' for name in before)
    return out + f'{table_queries}\nconst struct query *const all_queries[] = {{\n{listed}\tNULL\n}};\nconst size_t query_count = {len(every)};\n'


def store_of(queries_text):
    found = re.match(r'--\s*store:\s*(\w+)', queries_text)
    return found[1] if found else 'data'


def read_files(root, paths, types):
    """{path: queries}; names are unique over all files."""
    files, seen = {}, {}
    for path in paths:
        files[path] = read_queries(path, (Path(root) / path).read_text(), types)
        for query in files[path]:
            if query.name in seen:
                query.fault(f'this name is taken by {seen[query.name]}')
            seen[query.name] = f'{path}:{query.line}'
    return files
