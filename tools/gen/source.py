"""Reading source: faults with file and line, SQL tokens, engine blocks, the type table.

Everything the generators read comes through here, so a message always names the line to mend. Standard library only.
"""
import re
from pathlib import Path

ENGINES = ('sqlite', 'postgresql')
SQLITE, POSTGRESQL = ENGINES


class Fault(Exception):
    """Something in a source file that its author has to mend."""

    def __init__(self, path, line, message):
        super().__init__(f'{path}:{line}: {message}')


class Type:
    """One line of schema/types.def."""

    C = {'INT': 'int64_t ', 'REAL': 'double ', 'TEXT': 'const char *', 'BYTES': 'struct bytes '}

    def __init__(self, name, kind, sqlite, postgresql, check, json, format):
        self.name, self.kind, self.check, self.json, self.format = name, kind, check, json, format
        self.base = {SQLITE: sqlite, POSTGRESQL: postgresql}

    def declare(self, member):
        return self.C[self.kind] + member


TYPE_LINE = re.compile(r'TYPE\(\s*(\w+),\s*(\w+),' + r'\s*"([^"]*)",' * 4 + r'\s*"([^"]*)"\s*\)')


def read_types(path):
    types = {}
    for at, line in enumerate(Path(path).read_text().splitlines(), 1):
        if line.startswith('TYPE('):
            found = TYPE_LINE.fullmatch(line.strip())
            if not found:
                raise Fault(path, at, 'not TYPE(name, kind, "SQLite", "PostgreSQL", "check", "json", "format")')
            types[found[1]] = Type(*found.groups())
    return types


class Token:
    """A word, number, string, parameter, comment or sign. `low` is for comparing with keywords."""

    __slots__ = ('kind', 'text', 'low', 'line', 'start', 'end')

    def __init__(self, kind, text, line, start, end):
        self.kind, self.text, self.low, self.line, self.start, self.end = kind, text, text.lower(), line, start, end

    def __repr__(self):
        return self.text


TOKEN = re.compile(r"""
    (?P<space>\s+) | (?P<comment>--[^\n]*) | (?P<string>'(?:[^']|'')*') | (?P<quoted>"[^"]*") |
    (?P<parameter>\$[a-z_][a-z0-9_]*) | (?P<number>\d+(?:\.\d+)?) | (?P<word>[A-Za-z_][A-Za-z0-9_]*) |
    (?P<sign>::|<>|!=|<=|>=|->>|->|\|\||@@|[-+*/%=<>(),.;:?&|~\[\]]) | (?P<wrong>.)""", re.X | re.S)


def tokens(text, path, line=1, comments=False):
    """All tokens of SQL text that starts at `line`."""
    found = []
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == 'wrong':
            raise Fault(path, line, f'cannot read {match[0]!r} in SQL')
        if kind != 'space' and (comments or kind != 'comment'):
            found.append(Token(kind, match[0], line, match.start(), match.end()))
        line += match[0].count('\n')
    return found


ONLY = re.compile(r'\s*--\s*only\s+(\w+)\s*$')
END = re.compile(r'\s*--\s*end\s*$')


def engine_blocks(text, path, first=1):
    """Yields (engine or None, line, text) for the stretches inside and outside `-- only …` / `-- end`."""
    engine, start, lines = None, first, []
    for at, line in enumerate(text.splitlines(), first):
        only, end = ONLY.match(line), END.match(line)
        if not only and not end:
            lines.append(line)
            continue
        if only and (engine or only[1] not in ENGINES):
            raise Fault(path, at, 'blocks are `-- only sqlite` or `-- only postgresql` and do not nest')
        if end and not engine:
            raise Fault(path, at, '`-- end` without `-- only …`')
        yield engine, start, '\n'.join(lines)
        engine, start, lines = only[1] if only else None, at + 1, []
    if engine:
        raise Fault(path, start - 1, f'`-- only {engine}` without `-- end`')
    yield engine, start, '\n'.join(lines)


# Names that PostgreSQL reserves but that are the right word here. Quoted wherever they stand as a name.
QUOTED_NAMES = {'user'}


def spell(found):
    """SQL text of tokens again, one space where needed; reserved names quoted."""
    out, before = '', None
    for token in found:
        word = f'"{token.low}"' if token.kind == 'word' and token.low in QUOTED_NAMES else token.text
        tight = before is None or token.text in ',;.)' or token.text == '::' or before.text in ('(', '.', '::', '[') \
            or (token.text == '(' and before.kind == 'word' and before.end == token.start) or token.text in '[]'
        out += word if tight else ' ' + word
        before = token
    return out


def split_commas(found):
    """Token lists between commas that stand outside of parentheses."""
    parts, depth = [[]], 0
    for token in found:
        depth += (token.text == '(') - (token.text == ')')
        if token.text == ',' and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def c_string(text):
    """A C string literal, one line a line of text."""
    lines = text.split('\n')
    quoted = [line.replace('\\', '\\\\').replace('"', '\\"') for line in lines]
    return '\n\t'.join(f'"{line}\\n"' if at + 1 < len(lines) else f'"{line}"' for at, line in enumerate(quoted))


C_WORDS = set('auto break case char const continue default do double else enum extern float for goto if inline int long register '
              'restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof '
              'linux unix'.split())


def write_changed(path, text):
    """Writes only what differs, so that nothing is compiled again without need."""
    path = Path(path)
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
