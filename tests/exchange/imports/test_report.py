"""The report of an import stores a limited number of refusals and counts them all."""

from biobank.errors import FieldError
from biobank.exchange.imports.messages import import_message
from biobank.exchange.imports.runs import MAX_REPORT_ENTRIES, ImportReport


def test_refusals_beyond_the_bound_are_only_counted() -> None:
    report = ImportReport()
    for number in range(MAX_REPORT_ENTRIES + 5):
        report.add_refusal(f"line {number}", None, [FieldError("names", "invalid", "Is required.")])
        report.add_notice(f"line {number}", import_message("no_date", why="…"))
    assert report.refused == report.read == MAX_REPORT_ENTRIES + 5
    assert len(report.refusals) == len(report.notices) == MAX_REPORT_ENTRIES


def test_a_report_includes_position_actor_and_reason() -> None:
    report = ImportReport(new=2, same=1, seconds=2.0, metadata={"file": "people.jsonl"})
    report.count_bundled({"place": 1})
    report.count_bundled({"place": 2})
    report.add_refusal("line 3", "nobody", [FieldError("names", "invalid", "Is required.")])
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
