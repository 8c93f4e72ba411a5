"""`biobank import` and `biobank export`."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from biobank import __version__
from biobank.cli.output import format_count
from biobank.exchange.exports.formats import EXPORT_FORMATS
from biobank.exchange.formats.jsonl import REFERENCE_KINDS_BY_NAME
from tests.cli.conftest import Run
from tests.support import seed
from tests.support.jsonl import Line, stream

UZEYIR, CEYHUN = "uzeyir-hacibeyov", "ceyhun-hacibeyli"

Process = Callable[..., subprocess.CompletedProcess[str]]


def write_lines(*lines: Line) -> str:
    """Write a file of these lines and return its name."""
    Path("people.jsonl").write_bytes(stream(lines).getvalue())
    return "people.jsonl"


def changed_record(**fields: Any) -> dict[str, Any]:
    return {**seed.person_without_relations(UZEYIR), **fields}


def exported(run: Run, *args: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("export", "-o", "-", *args).stdout.splitlines()]


def test_an_export_can_be_imported_again(bank: Run) -> None:
    result = bank("export", "--format", "jsonl", "-o", "all.jsonl")
    assert (result.exit_code, result.stdout) == (0, "2 people written to all.jsonl\n")
    result = bank("import", "all.jsonl", "--format", "jsonl", "--publish")
    assert (result.exit_code, result.stdout) == (0, "0 new, 0 changed, 2 the same, 0 refused\n")


def test_an_export_can_go_to_standard_output(bank: Run) -> None:
    assert [record["id"] for record in exported(bank)] == [CEYHUN, UZEYIR]


@pytest.mark.parametrize("format_", EXPORT_FORMATS)
def test_every_format_is_exported_in_full_and_by_query(bank: Run, format_: str) -> None:
    assert bank("export", "--format", format_, "-o", "all").stdout == "2 people written to all\n"
    result = bank("export", "--format", format_, "--query", "name:Ceyhun", "--lang", "en", "-o", "one")
    assert (result.exit_code, result.stdout) == (0, "1 person written to one\n")
    assert Path("all").stat().st_size > Path("one").stat().st_size > 100


def test_problems_of_the_query_are_printed(bank: Run) -> None:
    result = bank("export", "--query", "nothing:Ceyhun", "--lang", "en", "-o", "one")
    assert "note  There is no field “nothing”" in result.stderr


def test_an_archive_of_eac_is_imported_again(bank: Run) -> None:
    bank("export", "--format", "eac-cpf", "-o", "all.zip")
    result = bank("import", "all.zip", "--format", "eac-cpf", "--publish")
    assert (result.exit_code, result.stdout) == (0, "0 new, 0 changed, 2 the same, 0 refused\n")


@pytest.mark.parametrize("kind", REFERENCE_KINDS_BY_NAME)
def test_what_people_refer_to_is_exported_and_imported_again(bank: Run, kind: str) -> None:
    result = bank("export", "--kind", kind, "-o", "file")
    number = len(Path("file").read_text(encoding="utf-8").splitlines())
    assert number > 0
    assert result.stdout == f"{format_count(number, kind)} written to file\n"
    result = bank("import", "file", "--kind", kind)
    assert (result.exit_code, result.stdout) == (0, f"0 new, 0 changed, {number} the same, 0 refused\n")


def test_an_import_creates_drafts_unless_it_publishes(bank: Run) -> None:
    file = write_lines(changed_record(gender="other"))
    assert bank("import", file).stdout == "0 new, 1 changed, 0 the same, 0 refused\n"
    assert [record.get("gender") for record in exported(bank)] == ["male", "male"]
    assert [record["gender"] for record in exported(bank, "--drafts")] == ["male", "other"]
    assert bank("import", file, "--publish").exit_code == 0
    assert [record["gender"] for record in exported(bank)] == ["male", "other"]


def test_an_import_reads_standard_input(bank: Run) -> None:
    result = bank("import", "-", "--publish", input=stream([changed_record(gender="other")]).getvalue())
    assert (result.exit_code, result.stdout) == (0, "0 new, 1 changed, 0 the same, 0 refused\n")


def test_invalid_lines_are_reported_and_valid_ones_saved_with_exit_1(bank: Run) -> None:
    file = write_lines(
        "{", changed_record(gender="other"), changed_record(id="new", birth={"place": "bakou"})
    )
    result = bank("import", file, "--publish")
    assert result.exit_code == 1
    assert result.stdout == "0 new, 1 changed, 0 the same, 2 refused\n"
    assert "refused  line 1" in result.stderr
    assert "refused  line 3  new" in result.stderr
    assert "birth.place: Unknown place 'bakou'. Did you mean" in result.stderr
    assert [record["gender"] for record in exported(bank)] == ["male", "other"]


def test_the_report_has_all_invalid_lines_and_the_terminal_some(bank: Run) -> None:
    result = bank("import", write_lines(*["{"] * 50), "--report", "report.json")
    assert result.exit_code == 1
    assert result.stderr.count("refused  line") == 20
    assert "… and 30 more; use --report FILE to save them all." in result.stderr
    report = json.loads(Path("report.json").read_text(encoding="utf-8"))
    assert report["refused"] == len(report["refusals"]) == 50
    assert report["refusals"][49]["at"] == "line 50"
    assert report["refusals"][49]["problems"][0]["message"].startswith("This is not valid JSON")


def test_a_birth_interval_is_reported_as_a_note(bank: Run) -> None:
    file = write_lines(changed_record(birth={"date": "1884/1885"}))
    result = bank("import", file, "--report", "report.json")
    assert result.exit_code == 0
    assert "note  line 1: birth.date: “1884/1885” means a whole period" in result.stderr
    report = json.loads(Path("report.json").read_text(encoding="utf-8"))
    assert report["notices"][0]["at"] == "line 1"


def test_a_dry_run_saves_nothing(bank: Run) -> None:
    before = exported(bank, "--drafts")
    result = bank("import", write_lines(changed_record(gender="other"), "{"), "--dry-run", "--publish")
    assert result.exit_code == 1
    assert result.stdout == "Dry run, nothing saved: 0 new, 1 changed, 0 the same, 1 refused\n"
    assert exported(bank, "--drafts") == before


def test_steps_are_printed_as_json_lines(bank: Run) -> None:
    result = bank("import", write_lines(changed_record(gender="other"), "{"), "--json")
    steps = [json.loads(line) for line in result.stdout.splitlines()]
    assert [step["step"] for step in steps] == ["checked", "kept", "done"]
    counts = {"new": 0, "changed": 1, "same": 0, "refused": 1, "joined": 0, "brought": {}}
    expected = {"step": "done", "dry_run": False, "read": 2, "duplicates_found": 0, **counts}
    assert {**expected, **steps[-1]} == steps[-1]
    assert {"seconds", "rate"} <= steps[-1].keys()
    result = bank("export", "-o", "all.jsonl", "--json")
    assert json.loads(result.stdout.splitlines()[-1]) == {"step": "done", "written": 2}


def test_json_steps_are_not_mixed_with_exported_records(bank: Run) -> None:
    result = bank("export", "-o", "-", "--json")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [record["id"] for record in records] == [CEYHUN, UZEYIR]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("import", "nobody.jsonl"), "'nobody.jsonl': No such file or directory"),
        (("import", "."), "Is a directory"),
        (("import",), "Missing argument 'FILE'"),
        (("import", "-", "--format", "xml"), "'xml' is not one of"),
        (("import", "-", "--report", "nowhere/report.json"), "the directory 'nowhere' does not exist"),
        (("export",), "Missing option '-o'"),
        (("export", "-o", "nowhere/all.jsonl"), "the directory 'nowhere' does not exist"),
        (("export", "-o", "."), "is a directory"),
        (("export", "-o", "-", "--format", "xml"), "'xml' is not one of"),
        (("export", "-o", "-", "--query", "a", "--drafts"), "--query searches published people"),
        (("export", "-o", "-", "--kind", "terms", "--format", "csv"), "only be exported as jsonl"),
        (("exprot",), "No such command 'exprot'"),
        (("index",), "Commands:"),
        (("seed", "--iff-empty"), "No such option"),
    ],
)
def test_usage_errors_exit_with_2(bank: Run, args: tuple[str, ...], message: str) -> None:
    result = bank(*args)
    assert result.exit_code == 2
    assert message in result.output


def test_a_failed_export_does_not_change_the_file(run: Run) -> None:
    Path("all.jsonl").write_text("what was there\n", encoding="utf-8")
    assert run("export", "-o", "all.jsonl").exit_code == 2
    assert Path("all.jsonl").read_text(encoding="utf-8") == "what was there\n"


def test_help_and_version_need_no_database(run: Run) -> None:
    assert __version__ in run("--version").stdout
    for args in (("-h",), ("import", "--help"), ("index", "-h")):
        assert run(*args).exit_code == 0
    assert not Path("biobank.db").exists()


def test_every_command_has_a_help_text(run: Run) -> None:
    text = run("--help").stdout
    for name in ("serve", "db", "seed", "index", "import", "export"):
        assert any(line.split()[:1] == [name] and line.split()[1:] for line in text.splitlines())


def test_exit_codes_reach_the_shell(process: Process) -> None:
    assert process("db", "upgrade").returncode == 0
    bad = process("import", write_lines("{"))
    assert (bad.returncode, bad.stdout) == (1, "0 new, 0 changed, 0 the same, 1 refused\n")
    unknown_database = process("db", "upgrade", BIOBANK_DATABASE_URL="nonsense")
    assert unknown_database.returncode == 2
    assert "Traceback" not in unknown_database.stderr


MAPPING = """key: [no]
record:
  names: [{text: {template: "{first} {last}"}, lang: az, kind: preferred}]
  birth: {date: {from: born, date: year}, place: {from: town, place: {}}}
  professions: {from: work, split: ",", term: profession, unknown: notice}
"""
TABLE = 'no,first,last,born,town,work\n1,Nizami,Gəncəvi,1141~,Ağcabədi,"bəstəkar, pirat"\n2,X,Y,-,Ağcabədi,\n'


def test_a_table_is_imported_by_its_mapping(bank: Run) -> None:
    Path("map.yaml").write_text(MAPPING, encoding="utf-8")
    Path("people.csv").write_text(TABLE, encoding="utf-8")
    result = bank("import", "people.csv", "--map", "map.yaml", "--publish")
    assert result.exit_code == 1
    assert result.stdout.startswith("1 new, 0 changed, 0 the same, 1 refused\n")
    assert "note  line 2: professions[0]: The vocabulary “profession” has no term “pirat”" in result.stderr
    assert "“-” is not a valid year. Enter it as 1885 or -384" in result.stderr
    (record,) = [entry for entry in exported(bank) if entry["id"] == "nizami-gencevi"]
    assert record["birth"] == {"date": "1141~", "place": "agcabedi"}
    assert record["professions"] == ["composer"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("people.csv",), "Add a mapping file (--map) that describes the columns of the table."),
        (("people.csv", "--map", "nobody.yaml"), "File 'nobody.yaml' does not exist"),
        (
            ("people.csv", "--map", "bad.yaml"),
            "The mapping file bad.yaml cannot be used:\n  record: Required.",
        ),
        (("people.csv", "--map", "other.yaml"), "The table has no column “surname”"),
        (("people.json",), "A JSON file can have different formats. Choose one: wikidata, popolo"),
        (("people.csv", "--format", "xlsx", "--map", "map.yaml"), "The XLSX file is damaged"),
        (("people.csv", "--format", "wikidata", "--map", "map.yaml"), "Remove the mapping file"),
    ],
)
def test_unreadable_files_are_reported_with_advice(bank: Run, args: tuple[str, ...], message: str) -> None:
    Path("map.yaml").write_text(MAPPING, encoding="utf-8")
    Path("bad.yaml").write_text("rekord: {}\n", encoding="utf-8")
    Path("other.yaml").write_text(MAPPING.replace("last", "surname"), encoding="utf-8")
    Path("people.csv").write_text(TABLE, encoding="utf-8")
    Path("people.json").write_text("{}", encoding="utf-8")
    result = bank("import", *args)
    assert result.exit_code == 2
    assert message in result.stderr
