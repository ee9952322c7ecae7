"""Reads the reports that test tools leave and says how many tests passed and failed in them."""
import json
import re
import xml.etree.ElementTree as xml
from dataclasses import dataclass


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed"


def count_junit(path):
    """A skipped test counts as neither passed nor failed: it has not shown anything."""
    total = Count()
    for case in xml.parse(path).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            total.failed += 1
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
        failed = len(set(re.findall(r"^\[ +(?:FAILED|ERROR) +\] (\w+)$", output, re.M)))
        if program["result"] != "OK":
            failed = max(failed, 1)
        elif passed == 0:
            passed = 1
        total += Count(passed, failed)
    return total


def count_vitest(path):
    report = json.loads(path.read_text())
    # A file that does not even load has no failed test of its own.
    return Count(report["numPassedTests"], max(report["numFailedTests"], report["numFailedTestSuites"]))
