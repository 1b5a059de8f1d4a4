"""What a gate said: for people as a table, for programs as JSON or JUnit XML."""

from datetime import timedelta
from xml.etree import ElementTree

import orjson
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.rest.answers import GateAsset, GateResult


def as_table(result: GateResult, console: Console) -> None:
    """One row an asset, those that do not pass first."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("", "Asset", "State", "Age", "Why"):
        table.add_column(title, overflow="fold")
    for each in sorted(result["assets"], key=lambda asset: asset["passed"]):
        mark = Text("pass", "green") if each["passed"] else Text("FAIL", "bold red")
        why = "\n".join(_sentence(each))
        table.add_row(mark, Text(_name(each)), Text(each["state"]), Text(_age(each)), Text(why))
    console.print(table)
    failed = sum(not each["passed"] for each in result["assets"])
    summary = f"{len(result['assets'])} assets, {failed} of them do not pass." if failed else "It may go ahead."
    console.print(Text(summary, "bold red" if failed else "green"))


def as_json(result: GateResult) -> str:
    """As the service told it."""
    return orjson.dumps(result, option=orjson.OPT_INDENT_2).decode()


def as_junit(result: GateResult) -> str:
    """One test case an asset, for what CI servers show of tests."""
    failures = sum(not each["passed"] for each in result["assets"])
    facts = {"name": "lineage", "timestamp": result["checkedAt"], "errors": "0"}
    facts |= {"tests": str(len(result["assets"])), "failures": str(failures)}
    suites = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(suites, "testsuite", facts)
    for each in result["assets"]:
        case = ElementTree.SubElement(suite, "testcase", classname="lineage.gate", name=each["assetId"], time="0")
        if not each["passed"]:
            why = _sentence(each)
            codes = " ".join(dict.fromkeys(objection["code"] for objection in each["objections"]))
            failure = ElementTree.SubElement(case, "failure", type=codes, message=why[0])
            failure.text = "\n".join(why)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True)


def _name(asset: GateAsset) -> str:
    hops = asset["distance"]
    return asset["assetId"] + (f" ({hops} upstream)" if hops else "")


def _sentence(asset: GateAsset) -> list[str]:
    return [
        objection["message"] + (f", since {objection['since']}" if objection["since"] else "")
        for objection in asset["objections"]
    ]


def _age(asset: GateAsset) -> str:
    """Of the newest version, in its two largest units."""
    if asset["latest"] is None:
        return "-"
    age = timedelta(milliseconds=max(0, asset["latest"]["ageMs"]))
    minutes, seconds = divmod(age.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(age.days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s")]
    first = next((n for n, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count}{unit}" for count, unit in parts[first : first + 2])
