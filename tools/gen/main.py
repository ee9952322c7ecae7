"""main.py ROOT SOURCE OUT FILE.sql…: schema/ and the named SQL of src/ in SOURCE become schema.h, schema.c, queries.c and a header
for each file in OUT. ROOT is the project (types.def, tools); SOURCE is the same, or a sample of a test.

Nothing is done when no input changed since the last good run, so PostgreSQL is started only for a change that matters.
"""
import hashlib
import sys
from pathlib import Path

import prepare
import schema_c
import sql
from schema import read_schema
from source import Fault, read_types, write_changed


def fingerprint(paths):
    sum = hashlib.sha256()
    for path in sorted(paths):
        sum.update(f'{path}\0'.encode() + path.read_bytes())
    return sum.hexdigest()


def header_name(path):
    return Path(path).stem + '_sql.h'


def generate(root, source, out, paths):
    types = read_types(root / 'schema/types.def')
    schemas = [read_schema(source / 'schema', types), read_schema(source / 'schema/keys', types, 'key')]
    files = sql.read_files(source, paths, types)
    with prepare.postgresql_server(root / 'tools/dev/pg.sh') as uri:
        for schema in schemas:
            mine = [q for path, queries in files.items() if sql.store_of((source / path).read_text()) == schema.store for q in queries]
            with prepare.open_engines(schema, uri) as engines:
                sql.judge_all(mine, schema, engines)
    text, names, tables = schema_c.write_source(schemas, out.name)
    write_changed(out / 'schema.h', schema_c.write_header(schemas))
    write_changed(out / 'schema.c', text)
    for path, queries in files.items():
        write_changed(out / header_name(path), sql.write_header(path, queries, out.name))
    every = [query for queries in files.values() for query in queries]
    headers = [f'{out.name}/{name}' for name in ['schema.h', *map(header_name, files)]]
    write_changed(out / 'queries.c', sql.write_source(headers, every, names, tables))


def main():
    root, source, out, paths = *map(Path, sys.argv[1:4]), sorted(sys.argv[4:])
    there = sorted(str(p.relative_to(source)) for p in (source / 'src').rglob('*.sql'))
    if paths != there:
        sys.exit(f'.sql files came or went: meson setup --reconfigure (differing: {sorted(set(there) ^ set(paths))})')
    if len({header_name(p) for p in paths}) < len(paths):
        sys.exit('two .sql files have one name; their headers would be one')
    inputs = [p for folder in (source / 'schema', Path(__file__).parent) for p in folder.rglob('*') if p.suffix in ('.sql', '.py')]
    inputs += [root / 'schema/types.def', *(source / p for p in paths)]
    stamp, now = out / 'inputs.sha256', fingerprint(inputs)
    if stamp.exists() and stamp.read_text() == now and (out / 'queries.c').exists() and (out / 'schema.h').exists():
        return
    try:
        generate(root, source, out, paths)
    except (Fault, prepare.Refused) as fault:
        sys.exit(str(fault))
    write_changed(stamp, now)


main()
