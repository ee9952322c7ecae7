"""C text as the rules see it: without comments, with or without the contents of strings, and cut into functions.

Works by lines and regular expressions, not by a parser: enough because the tree is laid out one way (./dev fmt).
"""
import re
from dataclasses import dataclass

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
FUNCTION = re.compile(r"^(?![ \t#}/]|(?:struct|enum|union|typedef)\b[^(]*$)[^;{}\n]*?\b(\w+)\([^;{}]*\)\n\{\n(.*?)^\}", re.M | re.S)


@dataclass(frozen=True)
class Finding:
    """weight is 'error' (the tree is refused) or 'warning' (a reviewer decides)."""
    weight: str
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.weight}: {self.text}"


def error(path, line, text):
    return Finding("error", path, line, text)


def warning(path, line, text):
    return Finding("warning", path, line, text)


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    return TOKEN.sub(lambda m: blank(m[0]) if m[0].startswith("/") else m[0], text)


def code_only(text):
    """Comments blank, strings empty; every line keeps its number."""
    return TOKEN.sub(lambda m: blank(m[0]) if m[0].startswith("/") else m[0][0] + blank(m[0][1:-1]) + m[0][0], text)


def strings(text):
    """(line, contents) of each string literal outside comments."""
    for match in TOKEN.finditer(text):
        if match[0].startswith('"'):
            yield line_of(text, match.start()), match[0][1:-1]


def functions(text):
    """(name, first line, number of lines) of each function with a body."""
    code = code_only(text)
    for match in FUNCTION.finditer(code):
        yield match[1], line_of(code, match.start()), match[0].count("\n") + 1


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1
