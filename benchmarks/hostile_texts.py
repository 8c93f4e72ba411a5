"""Measure the pages of hostile biographies: `python -m benchmarks.hostile_texts`.

Each text is as long as a biography may be, or holds as much markup as it may, and is published in three
languages. Times are CPU times of the thread that answers, for one request to a fresh text. Exits with 1
if a page of a person takes longer than MAX_PAGE_MS, anything else longer than MAX_OTHER_MS, or fails.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.hostile import open_bank
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.fields import MAX_BIOGRAPHY_CHARS
from biobank.records.people.markup import MARKUP_PATTERN, MAX_MARKUP_CHARS, MAX_TEXT_CITATIONS
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated

#: Maximum CPU time of the page of a person, and of every other step, in milliseconds.
MAX_PAGE_MS, MAX_OTHER_MS = 100.0, 1_000.0
SOURCE = "hostile-source"
OTHER_PERSON = "uzeyir-hacibeyov"
FILLER = "plain words of opera "
#: Parts that are repeated. Those with markup are repeated as often as the limits allow.
PARTS = (
    *(
        "a",
        "a ",
        " ",
        "\t",
        "1",
        "1 ",
        ".",
        "a. ",
        ",",
        ";",
        "@",
        "@a",
        "(",
        ")",
        "-",
        "- ",
        "+",
        "#",
        "# ",
        "=",
        "|",
    ),
    *("~", ":", "'", "a'", "́", "á", "\u200d", "ﷺ", "İ", "ß", "😀", "1885 ", "opera ", "https://a.az/ "),
    *(
        '"',
        "&",
        "<",
        ">",
        "\\",
        "`",
        "*",
        "_",
        "[",
        "]",
        "\n",
        "a\n",
        "\n\n",
        "a\n\n",
        " \n",
        "\t\n",
        "a  \n",
    ),
    *(
        "![[[[",
        "[@a[@a",
        "[@a; [@a",
        "[a](b)",
        "[a](",
        '[a](b "',
        "[](",
        "][",
        "[[a]",
        "[a]: b\n",
        "](",
        "![a](b)",
    ),
    *(
        "*a*",
        "*a ",
        "a* ",
        "**a",
        "***a",
        "_a_ ",
        "*_",
        "`a`",
        "`` ` ",
        "<a",
        "<a>",
        "<!--",
        "<?",
        "<http://a> ",
    ),
    *(
        "> a\n",
        "- a\n",
        "1. a\n",
        "- a\n\n",
        "    a\n",
        "    a\n\n",
        "> - a\n",
        "# a\n",
        "a\n=\n",
        "---\n",
        "* * *\n",
    ),
    *(
        "```\n",
        "~~~\n",
        "&amp;",
        "&#1;",
        "&#x",
        "\\[",
        "\\\\",
        "\n>",
        "\n" + "> " * 20 + "a",
        "\n" + "- " * 20 + "a",
    ),
    *(f"[@{SOURCE}]", f"[@{SOURCE}, p. 1] ", f"[@{SOURCE}; @{SOURCE}] "),
)


def hostile_texts() -> Iterator[tuple[str, str]]:
    """Yield names and texts."""
    for part in PARTS:
        yield repr(part), repeat(part)
        yield f"{part!r} among words", "".join(f"a{part}b " for part in [part] * times(f"a{part}b "))
    for part, end in (("[", "]"), ("*a ", "a* "), ("**a ", "a** "), ("[a", "](b)"), ("(", ")"), ("`", "a")):
        count = min(times(part), times(end)) // 2
        yield f"{part!r} closed", part * count + end * count
    lines = "".join(f"{' ' * 2 * depth}- a\n" for depth in range(300))
    yield "nested lists", lines[:MAX_BIOGRAPHY_CHARS]
    deep = "".join(f"{' ' * 40 * depth}{'- ' * 20}a\n" for depth in range(69))
    yield "deeply nested lists", deep[:MAX_BIOGRAPHY_CHARS]
    yield "blanks in the middle", f"a{' ' * (MAX_BIOGRAPHY_CHARS - 2)}b"


def times(part: str) -> int:
    """Return how often a part fits into a biography."""
    markup = sum(1 for _ in MARKUP_PATTERN.finditer(part))
    citations = part.count("[@") + part.count("; @")
    return min(
        MAX_BIOGRAPHY_CHARS // len(part),
        (MAX_MARKUP_CHARS - 10) // markup if markup else MAX_BIOGRAPHY_CHARS,
        MAX_TEXT_CITATIONS // citations if citations else MAX_BIOGRAPHY_CHARS,
    )


def repeat(part: str) -> str:
    """Return a text of one part, filled up with words."""
    text = f"a {part * times(part)}"
    return (text + " " + FILLER * (MAX_BIOGRAPHY_CHARS // len(FILLER)))[: MAX_BIOGRAPHY_CHARS - 1] + "."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", type=int, default=0, dest="first", help="number of the first text")
    first = parser.parse_args().first
    slow = []
    with tempfile.TemporaryDirectory() as folder, open_bank(Path(folder)) as (services, client):
        for number, (name, text) in islice(enumerate(hostile_texts()), first, None):
            person = f"hostile-{number}"
            for previous in ("first words of opera", text):
                _publish(services, person, previous)
            steps: dict[str, Callable[[], object]] = {"index": services.indexer.sync}
            # Rebuilds what the first request after a change rebuilds, which no text makes longer.
            steps["other page"] = lambda: _get(client, f"/az/people/{OTHER_PERSON}")
            for kind, url in _urls(person):
                steps[kind] = lambda url=url: _get(client, url)
            taken = {kind: _milliseconds(step) for kind, step in steps.items()}
            _delete(services, person)
            print(
                f"{name:32}" + "".join(f"{kind} {spent:.0f}  " for kind, spent in taken.items()), flush=True
            )
            for kind, spent in taken.items():
                if spent > (MAX_PAGE_MS if kind.startswith("page") else MAX_OTHER_MS):
                    slow.append(f"{name}: {kind} {spent:.0f} ms")
    print(f"\nover the limit: {len(slow)}", *slow, sep="\n")
    return 1 if slow else 0


def _urls(person: str) -> Iterator[tuple[str, str]]:
    for lang in ("az", "en", "ru"):
        yield f"page {lang}", f"/{lang}/people/{person}"
    yield "revision", f"/en/people/{person}/revisions/2"
    yield "changes", f"/en/people/{person}/revisions/2/changes"
    yield "history", f"/en/people/{person}/history"
    yield "search", "/en/search?q=hostile+opera+words"
    yield "hits", "/api/v1/search?q=hostile+opera+words"
    yield "record", f"/api/v1/people/{person}"
    yield "jsonld", f"/people/{person}.jsonld"
    yield "ttl", f"/people/{person}.ttl"
    yield "eac", f"/people/{person}.eac.xml"
    yield "card", f"/en/people/{person}/card.png"


def _publish(services: Services, person: str, text: str) -> None:
    record: dict[str, Any] = {
        "id": person,
        "names": [{"text": "Hostile Person", "lang": "en", "kind": "preferred"}],
        "headline": {"en": "A hostile text"},
        "biography": dict.fromkeys(("az", "en", "ru"), text),
        "sources": [{"id": SOURCE, "csl": {"type": "book", "title": "A source"}}],
    }
    with services.database.write() as session:
        save_records(session, [load_validated(person_schema, record)], OPERATOR, "", publish=True)


def _delete(services: Services, person: str) -> None:
    """Replace the text, so that the search of the next text has one hostile hit."""
    _publish(services, person, "Nothing to find.")
    services.indexer.sync()


def _get(client: Any, url: str) -> None:
    response = client.get(url, headers={"Accept-Encoding": "br, gzip"})
    response.get_data()
    if response.status_code != 200:
        raise RuntimeError(f"{response.status_code} {url}")


def _milliseconds(step: Callable[[], object]) -> float:
    start = time.thread_time()
    step()
    return (time.thread_time() - start) * 1000


if __name__ == "__main__":
    sys.exit(main())
