"""What every record gets for being a record (list, form, import, export) is written once, in core and in the console's list/ and record/.

Held against the records that have nothing special about them: whoever writes such code for one of these has missed that it is there,
or has found a gap in core, which is where to mend it.
"""
import re

from rules_c import includes
from source import error, line_of, without_comments

PLAIN = "(?:customer|contact|device|user)"
ROUTE = re.compile(rf'"/api/v1/({PLAIN}(?:/\{{id\}})?(?:/(?:count|export|import|history|archive|restore|reveal))?)"')
ROOMS = ("src/domain/customer/", "src/domain/device/", "src/domain/org/")
CORE_ONLY = ("core/list/", "core/io/", "engine/sheet/")
SHARED_PAGES = ("web/apps/console/list/", "web/apps/console/record/")
OWN_PAGE = re.compile(rf"path: '({PLAIN}(?:/new)?)'")
OWN_CALL = re.compile(rf"""(?:['"`](?:POST|PATCH) |client\.(?:post|patch)\b[^('"`]*\(['"`])/({PLAIN})(?:/\{{id\}}|/\$\{{[^}}]*\}})?['"`]""")
OWN_SHEET = re.compile(rf"/({PLAIN}/(?:export|import))\b")
OWN_MARKUP = re.compile(r"<(form|table)\b")


def routes_of_records(tree):
    """The generic routes come from core/api/records.c, for every record alike."""
    for path, text in tree.items():
        if path.startswith("src/") and path.endswith(".c") and "_test" not in path:
            for match in ROUTE.finditer(without_comments(text)):
                yield error(path, line_of(text, match.start()), f"/{match[1]} is a route that every record has: core/api/records.c")


def lists_and_sheets_at_home(tree):
    for path, text in tree.items():
        if path.startswith(ROOMS) and path.endswith((".c", ".h")):
            for line, name in includes(text):
                if name.startswith(CORE_ONLY):
                    yield error(path, line, f"{name}: lists, import and export of a plain record are core's alone")


def pages_of_records(tree):
    """In the console: the list, form and export of a plain record are those of list/ and record/."""
    for path, text in tree.items():
        if not path.startswith("web/apps/console/") or path.startswith(SHARED_PAGES) or not path.endswith((".vue", ".ts")):
            continue
        own = re.match(rf"web/apps/console/pages/{PLAIN}/", path)
        for pattern in (OWN_PAGE, OWN_CALL, OWN_SHEET, *([OWN_MARKUP] if own else [])):
            for match in pattern.finditer(text):
                yield error(path, line_of(text, match.start()), f"{match[1]}: list and form of every record are list/ and record/ of the console")


RULES = [routes_of_records, lists_and_sheets_at_home, pages_of_records]
