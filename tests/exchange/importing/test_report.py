"""The report of an import stores a limited number of refusals and counts them all."""

from biobank.errors import Problem
from biobank.exchange.importing.report import KEPT, Report
from biobank.exchange.importing.said import say


def test_refusals_beyond_the_bound_are_only_counted() -> None:
    report = Report()
    for number in range(KEPT + 5):
        report.refuse(f"line {number}", None, [Problem("names", "invalid", "Is required.")])
        report.notice(f"line {number}", say("no_date", why="…"))
    assert report.refused == report.read == KEPT + 5
    assert len(report.refusals) == len(report.notices) == KEPT


def test_a_report_tells_where_who_and_why() -> None:
    report = Report(new=2, same=1, seconds=2.0, about={"file": "people.jsonl"})
    report.count_brought({"place": 1})
    report.count_brought({"place": 2})
    report.refuse("line 3", "nobody", [Problem("names", "invalid", "Is required.")])
    assert report.as_dict() == {
        "dry_run": False,
        "read": 4,
        "new": 2,
        "changed": 0,
        "same": 1,
        "refused": 1,
        "joined": 0,
        "brought": {"place": 3},
        "duplicates_found": 0,
        "seconds": 2.0,
        "rate": 2,
        "file": "people.jsonl",
        "refusals": [
            {
                "at": "line 3",
                "id": "nobody",
                "problems": [{"path": "names", "code": "invalid", "message": "Is required."}],
            }
        ],
        "duplicates": None,
        "notices": [],
    }
