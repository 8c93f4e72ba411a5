"""Reconcile a table with a running bank and print the answers as Markdown.

    python -m benchmarks.reconcile_table docs/reconciliation-example.csv
    python -m benchmarks.reconcile_table table.csv --service https://bank.example/api/v1/reconcile

The table has a column `name`, and `born` where years of birth are known.
"""

import argparse
import csv
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

SERVICE = "http://127.0.0.1:8000/api/v1/reconcile"
BATCH = 10


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("table", type=Path)
    parser.add_argument("--service", default=SERVICE)
    arguments = parser.parse_args()
    with arguments.table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    print("| name | born | answer | score | certain | next |\n|---|---|---|---|---|---|")
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        answer = send_batch(arguments.service, {f"q{n}": query(row) for n, row in enumerate(batch)})
        for number, row in enumerate(batch):
            print(_table_row(row, answer[f"q{number}"]["result"]))


def query(row: dict[str, str]) -> dict[str, Any]:
    """Return a row as a query: the name, and the year of birth as a property."""
    born = [{"pid": "birth_year", "v": row["born"]}] if row.get("born") else []
    return {"query": row["name"], "type": "person", "limit": 3, "properties": born}


def send_batch(service: str, queries: dict[str, Any]) -> Any:
    """Send one batch in the way OpenRefine does."""
    data = urlencode({"queries": json.dumps(queries)}).encode()
    with urlopen(Request(f"{service}?lang=en", data)) as answer:  # noqa: S310 - what was asked for
        return json.load(answer)


def _table_row(row: dict[str, str], result: list[dict[str, Any]]) -> str:
    first = result[0] if result else {"id": "–", "score": "", "match": False}
    runner_up = f"{result[1]['id']} {result[1]['score']}" if len(result) > 1 else "–"
    certain = "yes" if first["match"] else "no"
    cells = (row["name"], row.get("born", ""), first["id"], first["score"], certain, runner_up)
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
