"""Reads the reports that test tools leave and says how many tests passed and failed in them, and which failed."""
import json
import re
import xml.etree.ElementTree as xml
from dataclasses import dataclass


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    names: tuple = ()  # of those that failed, where the report has them

    def __add__(self, other):
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped, self.names + other.names)

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed"


def count_junit(path):
    """A skipped test counts as neither passed nor failed: it has not shown anything."""
    total = Count()
    for case in xml.parse(path).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            total += Count(0, 1, 0, (f"{case.get('classname', '')} {case.get('name', '')}".strip(),))
        elif case.find("skipped") is not None:
            total.skipped += 1
        else:
            total.passed += 1
    return total


def count_meson(path):
    """meson knows programs; what counts are the cmocka tests inside. A program that dies adds one failure."""
    total = Count()
    for line in path.read_text().splitlines():
        program = json.loads(line)
        output = program.get("stdout", "") + program.get("stderr", "")
        passed = len(re.findall(r"^\[ +OK \]", output, re.M))
        names = sorted(set(re.findall(r"^\[ +(?:FAILED|ERROR) +\] (\w+)$", output, re.M)))
        if program["result"] != "OK":
            names = names or ["died"]
        elif passed == 0:
            passed = 1
        total += Count(passed, len(names), 0, tuple(f"{program['name']} {name}" for name in names))
    return total


def count_vitest(path):
    report = json.loads(path.read_text())
    names = tuple(test["fullName"] for suite in report["testResults"] for test in suite["assertionResults"] if test["status"] == "failed")
    # A file that does not even load has no failed test of its own.
    return Count(report["numPassedTests"], max(report["numFailedTests"], report["numFailedTestSuites"]), 0, names)
