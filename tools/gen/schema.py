"""Reads schema/NNN_name.sql: tables, indexes and steps for both engines, and refuses what one of them would bend.

Each file is one migration. Statements: CREATE TABLE, CREATE INDEX, ALTER TABLE … ADD COLUMN, DROP TABLE, DROP INDEX, INSERT,
UPDATE, DELETE; anything else only in `-- only sqlite` / `-- only postgresql` blocks. Remarks in front of a statement:
`-- all tenants: reason` (no tenant in key or index), `-- no policy: reason` (no row-level security),
`-- rows change: reason` (an engine block that adds or drops rows of existing tables).
"""
import re
from pathlib import Path

from source import C_WORDS, POSTGRESQL, SQLITE, Fault, engine_blocks, spell, split_commas, tokens

APP, ALL = 'anxin_app', 'anxin_all'
REMARK = re.compile(r'--\s*(all tenants|no policy|rows change)\s*:\s*(.*)')


# What SQLite is told about its indexes. Without statistics it takes `tenant = ?` for ten rows and would rather read a whole
# company than follow a list of keys; with those of an empty or young database it would err as well. So it plans for a large one:
# a million rows a company, fewer with each further column.
STATISTICS = """ANALYZE sqlite_schema;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT t.name, i.name, '1000000' || (SELECT group_concat(CASE
         WHEN i."unique" AND c.seqno + 1 = (SELECT count(*) FROM pragma_index_info(i.name)) THEN ' 1'
         ELSE CASE c.seqno + (SELECT f.name <> 'tenant' FROM pragma_index_info(i.name) f WHERE f.seqno = 0)
              WHEN 0 THEN ' 1000000' WHEN 1 THEN ' 1000' WHEN 2 THEN ' 50' WHEN 3 THEN ' 10' ELSE ' 2' END END, '')
         FROM pragma_index_info(i.name) c)
  FROM sqlite_schema t JOIN pragma_index_list(t.name) i
 WHERE t.type = 'table' AND t.sql LIKE '%STRICT' AND NOT i.partial;
ANALYZE sqlite_schema;
"""


class Column:
    def __init__(self, name, type, nullable, default, line):
        self.name, self.type, self.nullable, self.default, self.line = name, type, nullable, default, line


class Table:
    def __init__(self, name, purpose, remarks, path, line):
        self.name, self.purpose, self.remarks, self.path, self.line = name, purpose, remarks, path, line
        self.columns, self.key, self.uniques = [], [], []

    def column(self, name):
        return next((c for c in self.columns if c.name == name), None)

    @property
    def has_tenant(self):
        return bool(self.key) and self.key[0] == 'tenant'


class Step:
    """One migration: its statements for each engine, and which tables' row counts it may change."""

    def __init__(self, number, name, path):
        self.number, self.name, self.path = number, name, path
        self.sql = {SQLITE: [], POSTGRESQL: []}
        self.rows_change = set()


class Schema:
    """The tables of one store after all steps: 'data', or 'key' (the key store, which knows no tenants)."""

    def __init__(self, types, store):
        self.types, self.store, self.tables, self.steps, self.raw_tables = types, store, {}, [], set()
        self.indexes = {}

    def read(self, path):
        number = re.match(r'(\d{3})_(\w+)\.sql$', Path(path).name)
        if not number:
            raise Fault(path, 1, 'schema files are called NNN_name.sql')
        if self.steps and int(number[1]) <= self.steps[-1].number:
            raise Fault(path, 1, f'number {number[1]} is taken: schema files count up')
        step = Step(int(number[1]), number[2], str(path))
        self.steps.append(step)
        for engine, line, text in engine_blocks(Path(path).read_text(), path):
            if engine:
                self.raw_block(step, engine, line, text)
            else:
                for remarks, purpose, statement in statements(text, path, line):
                    self.statement(step, remarks, purpose, statement)

    def raw_block(self, step, engine, line, text):
        for remarks, _, statement in statements(text, step.path, line):
            words = [t.low for t in statement]
            step.sql[engine].append(spell(statement))
            if words[0] == 'create' and 'table' in words[:3]:
                name = words[words.index('table') + 1]
                self.raw_tables.add(name)
                if engine == POSTGRESQL:
                    step.sql[engine].append(grant(name))
            if 'rows change' in remarks:
                step.rows_change.update(w for w in words if w in self.tables)

    def statement(self, step, remarks, purpose, found):
        words = [t.low for t in found]
        for start, handle in ((('create', 'table'), self.create_table), (('create', 'index'), self.create_index),
                              (('create', 'unique', 'index'), self.create_index), (('alter', 'table'), self.add_column),
                              (('drop', 'table'), self.drop_table), (('drop', 'index'), self.drop_index),
                              (('insert', 'into'), self.change_rows), (('delete', 'from'), self.change_rows),
                              (('update',), self.change_rows)):
            if tuple(words[:len(start)]) == start:
                return handle(step, remarks, purpose, found)
        raise Fault(step.path, found[0].line, f'{" ".join(words[:2]).upper()} belongs into an engine block')

    # -- tables ----------------------------------------------------------------------------------------------------

    def create_table(self, step, remarks, purpose, found):
        name = new_name(step.path, found[2])
        if not purpose:
            raise Fault(step.path, found[0].line, f'table {name}: a sentence of purpose belongs above it')
        if name in self.tables:
            raise Fault(step.path, found[0].line, f'table {name} exists already')
        if found[3].text != '(' or found[-1].text != ')':
            raise Fault(step.path, found[3].line, f'table {name}: nothing may stand around its parentheses')
        if self.store == 'key':
            remarks['all tenants'] = 'keys belong to the installation'
        table = Table(name, purpose, remarks, step.path, found[0].line)
        parts = {SQLITE: [], POSTGRESQL: []}
        for item in split_commas(found[4:-1]):
            if not item:
                raise Fault(step.path, found[-1].line, f'table {name}: a comma too many')
            if item[0].low in ('primary', 'unique', 'foreign', 'check', 'constraint'):
                self.constraint(table, item, parts)
            else:
                self.column(table, item, parts)
        self.check_table(table)
        self.tables[name] = table
        body = {engine: ',\n  '.join(parts[engine]) for engine in parts}
        quoted = spell(found[2:3])
        step.sql[SQLITE].append(f'CREATE TABLE {quoted} (\n  {body[SQLITE]}\n) STRICT')
        step.sql[POSTGRESQL] += [f'CREATE TABLE {quoted} (\n  {body[POSTGRESQL]}\n)'] + policies(table, quoted)

    def column(self, table, item, parts):
        path, line, name = table.path, item[0].line, new_name(table.path, item[0])
        type = self.types.get(item[1].low) if len(item) > 1 else None
        if not type:
            raise Fault(path, line, f'{table.name}.{name}: {item[1].text if len(item) > 1 else "nothing"} is no type of types.def')
        if table.column(name):
            raise Fault(path, line, f'{table.name}.{name} stands twice')
        nullable, default, check = column_rest(path, f'{table.name}.{name}', item[2:])
        table.columns.append(Column(name, type, nullable, default, line))
        rest = ('' if nullable else ' NOT NULL') + (f' DEFAULT {default}' if default else '') + (f' CHECK {check}' if check else '')
        quoted = spell(item[:1])
        checks = type.check and re.sub(r'\bVALUE\b', quoted, type.check)
        if type.name == 'json':
            checks = f'{quoted} IS NULL OR json_valid({quoted})'     # SQLite 3.40 finds NULL invalid
        parts[SQLITE].append(f'{quoted} {type.base[SQLITE]}{rest}' + (f' CHECK ({checks})' if checks else ''))
        parts[POSTGRESQL].append(f'{quoted} anxin."{type.name}"{rest}')

    def constraint(self, table, item, parts):
        words = [t.low for t in item]
        line, what = item[0].line, words[0]
        if what == 'constraint':
            raise Fault(table.path, line, 'constraints go without a name of their own')
        if what == 'primary':
            table.key = key_columns(item)
        if what == 'unique':
            table.uniques.append(key_columns(item))
        if what == 'foreign':
            self.foreign(table, item, words)
        for columns in ([table.key] if what == 'primary' else table.uniques[-1:] if what == 'unique' else []):
            if columns[0] != 'tenant' and 'all tenants' not in table.remarks:
                raise Fault(table.path, line, f'table {table.name}: tenant comes first in every key (or say `-- all tenants: reason`)')
        for engine in parts:
            parts[engine].append(spell(item))

    def foreign(self, table, item, words):
        line = item[0].line
        if 'deferrable' in words or 'deferred' in words:
            raise Fault(table.path, line, 'a deferred foreign key makes COMMIT fail for all: not allowed')
        if 'on' in words:
            raise Fault(table.path, line, 'no cascades and no other actions of foreign keys: say what happens in code')
        at = words.index('references')
        target, here, there = words[at + 1], key_columns(item[:at]), key_columns(item[at:])
        other = table if target == table.name else self.tables.get(target)
        if not other:
            raise Fault(table.path, line, f'there is no table {target} yet')
        if not there:
            raise Fault(table.path, line, f'name the columns of {target}')
        if other.has_tenant and (here[0] != 'tenant' or there[0] != 'tenant'):
            raise Fault(table.path, line, f'a foreign key to {target} starts with tenant on both sides')

    def check_table(self, table):
        def fault(message, line=table.line):
            raise Fault(table.path, line, f'table {table.name}: {message}')
        if not table.key:
            fault('it needs a PRIMARY KEY')
        for name in table.key + [n for unique in table.uniques for n in unique]:
            if not table.column(name):
                fault(f'{name} is in a key but no column')
        for name in table.key:
            if table.column(name).nullable:
                fault(f'key column {name} must be NOT NULL', table.column(name).line)
        tenant, version = table.column('tenant'), table.column('version')
        if tenant and tenant.type.name != 'tenant_id':
            fault('tenant must be of type tenant_id', tenant.line)
        if version and (version.type.kind != 'INT' or version.nullable):
            fault('version must be a NOT NULL count', version.line)

    def create_index(self, step, remarks, purpose, found):
        words = [t.low for t in found]
        at = words.index('index')
        name, table = words[at + 1], self.tables.get(words[at + 3])
        if words[at + 2] != 'on' or not table:
            raise Fault(step.path, found[0].line, f'index {name}: there is no table {words[at + 3]}')
        if words[at + 5] != 'tenant' and 'all tenants' not in remarks and 'all tenants' not in table.remarks:
            raise Fault(step.path, found[0].line, f'index {name}: tenant comes first (or say `-- all tenants: reason`)')
        if name in self.indexes:
            raise Fault(step.path, found[0].line, f'index {name} exists already')
        self.indexes[name] = table.name
        for engine in step.sql:
            step.sql[engine].append(spell(found))

    # -- later steps -----------------------------------------------------------------------------------------------

    def add_column(self, step, remarks, purpose, found):
        words = [t.low for t in found]
        table = self.existing(step, found[2])
        if words[3:5] != ['add', 'column']:
            raise Fault(step.path, found[0].line, 'ALTER TABLE only adds columns; rebuild in engine blocks')
        parts = {SQLITE: [], POSTGRESQL: []}
        self.column(table, found[5:], parts)
        if not table.columns[-1].nullable and not table.columns[-1].default:
            raise Fault(step.path, found[0].line, f'{table.name}.{words[5]}: a NOT NULL column added later needs a DEFAULT')
        for engine in step.sql:
            step.sql[engine].append(f'ALTER TABLE {spell(found[2:3])} ADD COLUMN {parts[engine][0]}')

    def drop_table(self, step, remarks, purpose, found):
        table = self.existing(step, found[2])
        step.rows_change.add(table.name)
        del self.tables[table.name]
        self.indexes = {name: of for name, of in self.indexes.items() if of != table.name}
        for engine in step.sql:
            step.sql[engine].append(spell(found))

    def drop_index(self, step, remarks, purpose, found):
        if self.indexes.pop(found[2].low, None) is None:
            raise Fault(step.path, found[0].line, f'there is no index {found[2].text}')
        for engine in step.sql:
            step.sql[engine].append(spell(found))

    def change_rows(self, step, remarks, purpose, found):
        at = 1 if found[0].low == 'update' else 2
        table = self.existing(step, found[at])
        if found[0].low != 'update':
            step.rows_change.add(table.name)
        step.sql[SQLITE].append(spell(found))
        # The owner of the tables is under FORCE ROW LEVEL SECURITY as well: it would see no row.
        step.sql[POSTGRESQL] += [f'SET LOCAL ROLE {ALL}', spell(found), 'RESET ROLE']

    def existing(self, step, token):
        table = self.tables.get(token.low)
        if not table:
            raise Fault(step.path, token.line, f'there is no table {token.text}')
        return table

    def domains(self):
        """CREATE DOMAIN for every type, in a form that may run again."""
        for type in self.types.values():
            collate = ' COLLATE "C"' if type.base[POSTGRESQL] == 'text' else ''
            check = f' CHECK ({type.check})' if type.check else ''
            yield (f'DO $$ BEGIN CREATE DOMAIN anxin."{type.name}" AS {type.base[POSTGRESQL]}{collate}{check}; '
                   f'EXCEPTION WHEN duplicate_object THEN NULL; END $$')


def statements(text, path, line):
    """Yields (remarks, purpose, tokens) for each statement; its comments are those that stand above it."""
    remarks, purpose, found = {}, [], []
    for token in tokens(text, path, line, comments=True):
        if token.kind == 'comment':
            remark = REMARK.match(token.text)
            if found:
                continue
            if remark and not remark[2].strip():
                raise Fault(path, token.line, f'`-- {remark[1]}:` needs a reason')
            if remark:
                remarks[remark[1]] = remark[2].strip()
            else:
                purpose.append(token.text.lstrip('- '))
        elif token.text == ';':
            if found:
                yield remarks, ' '.join(purpose).strip(), found
            remarks, purpose, found = {}, [], []
        else:
            found.append(token)
    if found:
        raise Fault(path, found[0].line, 'a statement without `;`')


def new_name(path, token):
    if token.kind != 'word' or token.text != token.low or token.low in C_WORDS:
        raise Fault(path, token.line, f'{token.text} cannot be a name: small letters, digits, underscores, no C keyword')
    return token.low


def key_columns(item):
    """The names in the first parentheses."""
    at = next((i for i, t in enumerate(item) if t.text == '('), None)
    if at is None:
        return []
    names = []
    for token in item[at + 1:]:
        if token.text == ')':
            break
        if token.kind == 'word':
            names.append(token.low)
    return names


def column_rest(path, name, rest):
    """(nullable, default, check) of what follows a column's type."""
    nullable, default, check, at = True, None, None, 0
    while at < len(rest):
        words = [t.low for t in rest[at:at + 2]]
        if words == ['not', 'null']:
            nullable, at = False, at + 2
        elif words[0] == 'default' and len(words) == 2:
            size = 2 if rest[at + 1].text == '-' else 1
            value = rest[at + 1:at + 1 + size]
            if value[-1].kind not in ('number', 'string'):
                raise Fault(path, value[-1].line, f'{name}: a DEFAULT is a number or a string, the same on both engines')
            default, at = ''.join(t.text for t in value), at + 1 + size
        elif words[0] == 'check' and len(words) == 2 and words[1] == '(':
            depth, end = 0, at + 1
            while True:
                depth += (rest[end].text == '(') - (rest[end].text == ')')
                end += 1
                if depth == 0:
                    break
            check, at = spell(rest[at + 1:end]), end
        else:
            raise Fault(path, rest[at].line, f'{name}: {rest[at].text} is not allowed here (NOT NULL, DEFAULT, CHECK are; keys stand at the end)')
    return nullable, default, check


def grant(name):
    return f'GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {APP}, {ALL}'


def policies(table, quoted):
    """Row-level security: the application's role sees one tenant, the role of background work all of them."""
    out = [grant(quoted)]
    if table.has_tenant and 'no policy' not in table.remarks:
        out += [f'ALTER TABLE {quoted} ENABLE ROW LEVEL SECURITY', f'ALTER TABLE {quoted} FORCE ROW LEVEL SECURITY',
                f"CREATE POLICY one_tenant ON {quoted} TO {APP} USING (tenant = current_setting('anxin.tenant')::bigint)",
                f'CREATE POLICY all_tenants ON {quoted} TO {ALL} USING (true)']
    return out


def read_schema(folder, types, store='data'):
    schema = Schema(types, store)
    for path in sorted(Path(folder).glob('*.sql')):
        schema.read(path)
    return schema
