"""fuzz.py SECONDS [NAME…]: runs every libFuzzer target of build/fuzz (or those named) that long, one per processor at a time, each
from its seeds and what earlier runs found (.cache/fuzz/NAME). Leaves build/test/fuzz.xml; an input that breaks one is kept in build/test/fuzz-NAME/.
"""
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as xml
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("ANXIN_CACHE", ROOT / ".cache"))
OUT = ROOT / "build" / "test"
LIMITS = ["-rss_limit_mb=1024", "-timeout=10", "-max_len=65536", "-print_final_stats=1"]


def fuzz(program, seconds):
    """Returns the end of what a failing target said, or '' when it found nothing in the time."""
    name = program.name.removesuffix("_fuzz")
    corpus = CACHE / "fuzz" / name
    found = OUT / f"fuzz-{name}"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    seeds = [str(p) for p in [ROOT / "tests/fuzz/seed" / name] if p.is_dir()]
    run = subprocess.run([program, f"-max_total_time={seconds}", f"-artifact_prefix={found}/", *LIMITS, corpus, *seeds],
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    print(f"  {name}: {figures(run.stdout)}", flush=True)
    ran = "stat::number_of_executed_units" in run.stdout
    return "" if ran and not run.returncode else f"{run.stdout[-4000:]}\nended with {run.returncode}"


def figures(said):
    """From libFuzzer's last line of status: #194 DONE cov: 71 ft: 90 corp: 12/34Kb …"""
    status = re.findall(r"^#\d+\s.*cov: (\d+).*corp: (\d+)/", said, re.M)
    inputs = re.findall(r"^stat::number_of_executed_units: (\d+)", said, re.M)
    edges, kept = status[-1] if status else ("no", "no")
    return f"{inputs[-1] if inputs else 'no'} inputs, {edges} edges covered, {kept} inputs kept"


def main():
    seconds, names = sys.argv[1], sys.argv[2:]
    programs = sorted(p for p in (ROOT / "build/fuzz/tests/fuzz").glob("*_fuzz") if not names or p.name.removesuffix("_fuzz") in names)
    OUT.mkdir(parents=True, exist_ok=True)
    suite = xml.Element("testsuite", name="fuzz")
    failures = 0
    with ThreadPoolExecutor(os.cpu_count()) as processors:
        complaints = list(processors.map(lambda program: fuzz(program, seconds), programs))
    for program, complaint in zip(programs, complaints):
        case = xml.SubElement(suite, "testcase", classname="fuzz", name=program.name)
        if complaint:
            failures += 1
            xml.SubElement(case, "failure").text = complaint.encode("ascii", "replace").decode()
            print(complaint, flush=True)
    xml.ElementTree(suite).write(OUT / "fuzz.xml")
    print(f"{len(programs)} targets, {seconds} s each, {failures} with a finding")
    sys.exit(1 if failures or not programs else 0)


main()
