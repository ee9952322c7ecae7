"""Rules about the C sources: who may include whom, where SQL and allocation belong, and how long things may grow."""
import re

from source import code_only, error, functions, line_of, strings, warning, without_comments

# base <- engine; base <- db, net <- core <- channel <- domain <- app: a domain reads the formats of its channel. gen is made from the schema and belongs to db.
MAY_INCLUDE = {
    "base": {"base"},
    "engine": {"base", "engine"},
    "db": {"base", "db", "gen"},
    "net": {"base", "net"},
    "core": {"base", "engine", "db", "gen", "net", "core"},
    "channel": {"base", "engine", "db", "gen", "net", "core", "channel"},
    "domain": {"base", "engine", "db", "gen", "net", "core", "channel", "domain"},
    "app": {"base", "engine", "db", "gen", "net", "core", "channel", "domain", "app"},
}
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)
SQL = re.compile(r"\s*(SELECT|INSERT INTO|INSERT OR|UPDATE \w+ SET|DELETE FROM|WITH \w+ AS)\b")
SQL_HOMES = ("src/db/", "src/core/list")
UNSAFE = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|strncpy|strncat|atoi|atol|atoll|atof|alloca)\s*\(")
SCANF = re.compile(r'\b[sf]?scanf\([^;]*?"((?:\\.|[^"\\\n])*)"')
NUMBER_READ = re.compile(r"%(?!%)(\d*)(hh|h|ll|l|j|z|t|L)?[diouxXaeEfFgG]")
DIGITS = {"hh": 2, "h": 4, "l": 18, "ll": 18, "j": 18, "z": 18, "t": 18}
HEAP = re.compile(r"\b(malloc|calloc|realloc|free|strdup|strndup|asprintf)\s*\(")
FILE_LINES, HEADER_LINES, FUNCTION_LINES = 500, 150, 60


def c_files(tree):
    return {path: text for path, text in tree.items() if path.startswith("src/") and path.endswith((".c", ".h"))}


def is_test(path):
    return "_test" in path or path.endswith("/test.h")


def includes(text):
    for match in INCLUDE.finditer(without_comments(text)):
        yield text.count("\n", 0, match.start()) + 1, match[1]


def include_order(tree):
    for path, text in c_files(tree).items():
        folder = path.split("/")[1]
        for line, name in includes(text):
            other = name.split("/")[0]
            if f"schema/{name}" in tree:
                continue  # types.def: one table for the generators and for C
            if "/" not in name:
                yield error(path, line, f'write "{folder}/…/{name}": includes start at src')
            elif other not in MAY_INCLUDE.get(folder, ()):
                yield error(path, line, f"{folder} must not include {other}: {name}")


def room(path):
    """The domain a file belongs to: src/domain/ticket/ticket_api.c -> ticket."""
    parts = path.split("/")
    return parts[2] if parts[:2] == ["src", "domain"] and len(parts) > 3 else None


def domain_front_doors(tree):
    """A domain sees of another only x.h."""
    for path, text in c_files(tree).items():
        for line, name in includes(text):
            parts = name.split("/")
            if room(path) and parts[0] == "domain" and len(parts) == 3 and parts[1] != room(path) and parts[2] != f"{parts[1]}.h":
                yield error(path, line, f"of {parts[1]}, only domain/{parts[1]}/{parts[1]}.h may be used here")


def domain_cycles(tree):
    edges = {}
    for path, text in c_files(tree).items():
        for _, name in includes(text):
            other = room(f"src/{name}")
            if room(path) and other and other != room(path):
                edges.setdefault(room(path), {}).setdefault(other, path)
    for start in sorted(edges):
        for path in cycle_from(edges, start, start, []):
            yield error(edges[path[0]][path[1]], 1, "domains include one another in a circle: " + " -> ".join(path))
            return


def cycle_from(edges, at, start, walked):
    for other in sorted(edges.get(at, ())):
        if other == start:
            yield [*walked, at, start]
        elif other not in walked and other > start:
            yield from cycle_from(edges, other, start, [*walked, at])


def sql_at_home(tree):
    for path, text in c_files(tree).items():
        if path.startswith(SQL_HOMES) or is_test(path):
            continue
        for line, content in strings(text):
            if SQL.match(content):
                yield error(path, line, f"SQL belongs in a .sql file beside the code: {content[:40]}")


def unsafe_functions(tree):
    for path, text in c_files(tree).items():
        for number, line in enumerate(code_only(text).splitlines(), 1):
            for match in UNSAFE.finditer(line):
                yield error(path, number, f"{match[1]} is not used here: it cannot be called safely")


def scanned_numbers(tree):
    """A number that scanf reads has a width that its type holds: past that, what scanf makes is undefined."""
    for path, text in c_files(tree).items():
        for match in () if is_test(path) else SCANF.finditer(without_comments(text)):
            for width, size in NUMBER_READ.findall(match[1]):
                if not 0 < int(width or 0) <= DIGITS.get(size, 9):
                    yield error(path, line_of(text, match.start()), "scanf: give each number a width that its type holds")


def heap(tree):
    """Memory comes from an arena. The exceptions, with their reasons, stand in heap.txt."""
    allowed = [line.split()[0] for line in tree["tools/check/heap.txt"].splitlines() if line and not line.startswith("#")]
    for path, text in c_files(tree).items():
        if path.startswith(tuple(allowed)) or is_test(path):
            continue
        for number, line in enumerate(code_only(text).splitlines(), 1):
            for match in HEAP.finditer(line):
                yield error(path, number, f"{match[1]}: use the arena, or say why not in tools/check/heap.txt")


def lengths(tree):
    for path, text in c_files(tree).items():
        limit = HEADER_LINES if path.endswith(".h") else FILE_LINES
        count = text.count("\n")
        if count > limit:
            yield warning(path, limit, f"{count} lines: look for the second story (from {limit})")
        for name, line, size in functions(text):
            if size > FUNCTION_LINES:
                yield warning(path, line, f"{name} has {size} lines (from {FUNCTION_LINES})")


RULES = [include_order, domain_front_doors, domain_cycles, sql_at_home, unsafe_functions, scanned_numbers, heap, lengths]
