"""test.py [quick|long] [PART…]: runs the parts of the tests one after another, the tests of some on all processors, and adds up the results.

A part is a command and a reader of the report it leaves. A part that ran no test at all has failed: nothing passes by being
absent. Output goes to build/test/PART.log; here a line now and then, the log's end when something failed, and at last how many were skipped, what failed, and the sum.
"""
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable
from xml.etree.ElementTree import ParseError

from count import Count, count_junit, count_meson, count_vitest

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("ANXIN_CACHE", ROOT / ".cache"))
OUT = ROOT / "build" / "test"
LEVELS = ("quick", "full", "long")
HEARTBEAT_S = 20
TAIL_LINES = 80
LIMIT_S = {"quick": 300, "full": 3000, "long": 6 * 3600}  # of one part


@dataclass
class Part:
    """levels: when it runs unasked. command(level) gives argv; count() reads what that left behind."""
    name: str
    levels: tuple
    command: Callable[[str], list]
    count: Callable[[], Count]


# Quick asks the API on SQLite alone: what differs between the engines lies below it and is tested there on both.
BY_LEVEL = {"quick": ["-m", "quick and not long", "-k", "not postgresql"], "full": ["-m", "not long"], "long": []}
EVERYTHING = dict.fromkeys(LEVELS, [])
PROCESSORS = str(os.cpu_count())
WORKERS = ["-p", "xdist", "-n", str(os.cpu_count() + 1)]  # for tests that now and then wait, and neither measure time nor fill the machine


def pytest_part(name, folder, select, workers=()):
    """select: options of pytest by level; a level without any does not run the part."""
    report = OUT / f"{name}.xml"
    return Part(name, tuple(select),
                lambda level: [sys.executable, "-m", "pytest", "-q", *workers, "--junitxml", str(report), *select.get(level, []), folder],
                lambda: count_junit(report))


PARTS = [
    Part("unit", LEVELS,
         lambda level: ["meson", "test", "-C", "build/asan", "--no-rebuild", "--print-errorlogs", "--num-processes", PROCESSORS],
         lambda: count_meson(ROOT / "build/asan/meson-logs/testlog.json")),
    pytest_part("house", "tools", EVERYTHING),
    pytest_part("lists", "tests/data", EVERYTHING),
    pytest_part("prop", "tests/prop", EVERYTHING, WORKERS),
    pytest_part("api", "tests/api", BY_LEVEL, WORKERS),
    pytest_part("example", "tests/example", {"full": [], "long": []}),
    pytest_part("fault", "tests/fault", {"full": [], "long": []}),
    Part("fuzz", ("full", "long"),
         lambda level: ["tools/dev/fuzz.sh", "600" if level == "long" else "30"],
         lambda: count_junit(OUT / "fuzz.xml")),
    Part("web", LEVELS,
         lambda level: ["tools/dev/web_test.sh", "--reporter=default", "--reporter=json", f"--outputFile.json={OUT / 'web.json'}"],
         lambda: count_vitest(OUT / "web.json")),
    pytest_part("figures", "tests/perf", {"long": []}),
    Part("screens", ("full", "long"),
         lambda level: ["node", "tests/web/run.mjs", str(OUT / "screens.xml")],
         lambda: count_junit(OUT / "screens.xml")),
]


def environment(level):
    return os.environ | {
        "ANXIN_BIN": str(ROOT / "build/asan/anxin"),
        "ANXIN_RELEASE_BIN": str(ROOT / "build/release/anxin"),
        "ANXIN_TEST_LEVEL": level,
        "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=1:detect_stack_use_after_return=1",
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
        "PATH": f"{CACHE / 'node/bin'}:{os.environ['PATH']}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def last_line(log):
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1][:100] if lines else "…"


def end_group(leader):
    """Ends what a part started and left running, or everything of it."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run_to_log(name, argv, level, log):
    """Runs it, saying now and then where it stands, for as long as its level allows. Returns the exit code."""
    started = spoken = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(argv, cwd=ROOT, env=environment(level), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                   start_new_session=True)
        try:
            while process.poll() is None and time.monotonic() - started < LIMIT_S[level]:
                time.sleep(0.1)
                if time.monotonic() - spoken > HEARTBEAT_S:
                    spoken = time.monotonic()
                    print(f"    {name} {spoken - started:4.0f}s {last_line(log)}", flush=True)
            if process.poll() is None:
                out.write(b"\nended: took too long\n")
        finally:
            end_group(process.pid)
    return process.wait()


def run_part(part, level):
    log = OUT / f"{part.name}.log"
    code = run_to_log(part.name, part.command(level), level, log)
    try:
        count = part.count()
    except (OSError, ValueError, KeyError, ParseError) as error:
        print(f"    {part.name}: no report: {error}")
        count = Count()
    if count.failed == 0 and (code != 0 or count.passed == 0):
        count += Count(0, 1)  # crashed, or ran nothing
    if count.failed:
        print("\n".join(f"    | {line}" for line in log.read_text(errors="replace").splitlines()[-TAIL_LINES:]))
    return count


def choose(arguments):
    levels = [a for a in arguments if a in LEVELS]
    names = [a for a in arguments if a not in LEVELS]
    unknown = set(names) - {part.name for part in PARTS}
    if unknown or len(levels) > 1:
        print(f"no such part: {', '.join(unknown)}; there are: {', '.join(part.name for part in PARTS)}")
        return None, []
    level = levels[0] if levels else "full"
    return level, [part for part in PARTS if (part.name in names if names else level in part.levels)]


def main():
    level, parts = choose(sys.argv[1:])
    OUT.mkdir(parents=True, exist_ok=True)
    total = Count() if parts else Count(0, 1)
    started = time.monotonic()
    for number, part in enumerate(parts, 1):
        print(f"[{number}/{len(parts)} {time.monotonic() - started:3.0f}s] {part.name}", flush=True)
        for report in OUT.glob(f"{part.name}.[xj][ms]*"):
            report.unlink()
        count = run_part(part, level)
        print(f"    {part.name}: {count}{f', {count.skipped} skipped' if count.skipped else ''}", flush=True)
        total += replace(count, names=tuple(f"{part.name}: {name}" for name in count.names or ["see its log"] * count.failed))
    if total.skipped:
        print(f"{total.skipped} skipped: they have shown nothing")
    for name in total.names:
        print(f"failed: {name}")
    print(total)
    sys.exit(1 if total.failed else 0)


if __name__ == "__main__":
    main()
