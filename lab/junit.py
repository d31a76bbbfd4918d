"""A run of tests as JUnit XML, the form that CI systems read: a suite for each file, a case for each test.

The form is that of the Apache Ant task as CI systems document it: `time` is seconds of the machine; how long the call
lasted stands in the property `call_seconds`, where a failure is in `file` and `line`.
"""

import re
from xml.etree import ElementTree

from huashu.lab.report import TestReport, TestResult

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def junit(report: TestReport) -> str:
    """The XML document."""
    root = ElementTree.Element("testsuites", _counts(report.bot, report.results))
    for file in dict.fromkeys(result.file for result in report.results):
        results = tuple(result for result in report.results if result.file == file)
        suite = ElementTree.SubElement(root, "testsuite", {**_counts(file, results), "file": file})
        for result in results:
            _case(suite, report, result)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _counts(name: str, results: tuple[TestResult, ...]) -> dict[str, str]:
    return {
        "name": _clean(name),
        "tests": str(len(results)),
        "failures": str(sum(not result.passed for result in results)),
        "errors": "0",
        "skipped": "0",
        "time": f"{sum(result.wall for result in results):.3f}",
    }


def _case(suite: ElementTree.Element, report: TestReport, result: TestResult) -> None:
    case = ElementTree.SubElement(suite, "testcase")
    case.attrib |= {
        "name": _clean(result.name),
        "classname": _clean(f"{report.bot}.{result.file.removesuffix('.yaml').replace('/', '.')}"),
        "file": result.file,
        "line": str(result.line),
        "time": f"{result.wall:.3f}",
    }
    properties = ElementTree.SubElement(case, "properties")
    ElementTree.SubElement(properties, "property", {"name": "call_seconds", "value": f"{result.seconds:.3f}"})
    if not result.passed:
        first = result.failure.splitlines()[0]
        failure = ElementTree.SubElement(case, "failure", {"type": "expectation"})
        failure.set("message", _clean(f"{result.file}:{result.line}: {first}"))
        failure.text = _clean("\n".join(result.lines(report.language)))


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("�", text)
