"""Measure the pages of hostile biographies: `python -m benchmarks.hostile_texts`.

Each text is as long as a biography may be, or holds as much markup as it may, and is stored in three
languages: published, then as a draft of which every second word is changed, and as one with the words
in reverse. Times are CPU times of one request; of a page the minimum of REPEATS. Exits with 1 if a page
takes longer than MAX_PAGE_MS, anything else longer than MAX_OTHER_MS, or fails. `--pages` leaves out
the index, the search and the other formats.
"""

import argparse
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from benchmarks.hostile import open_bank
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.fields import MAX_BIOGRAPHY_CHARS
from biobank.records.people.markup import (
    MARKUP_PATTERN,
    MAX_MARKUP_CHARS,
    MAX_TEXT_CITATIONS,
    iter_markup_errors,
)
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from tests.support.users import add_user, fetch_csrf_token, signed_in_client

#: Maximum CPU time of a page, and of every other step, in milliseconds.
MAX_PAGE_MS, MAX_OTHER_MS = 100.0, 1_000.0
#: Requests of a page, of which the fastest counts.
REPEATS = 3
_SPACED_WORD = re.compile(r"\s*+\S++|\s++")
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
    distinct = " ".join(map(str, range(MAX_BIOGRAPHY_CHARS // 4)))
    yield "distinct words", distinct[:MAX_BIOGRAPHY_CHARS]
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


def changed_words(text: str) -> str:
    """Return a text of which every second word is another."""
    words = _SPACED_WORD.findall(text)
    words[::2] = [f"{word}x" for word in words[::2]]
    return "".join(words)[:MAX_BIOGRAPHY_CHARS]


def reversed_words(text: str) -> str:
    """Return a text with its words in reverse."""
    return "".join(reversed(_SPACED_WORD.findall(text)))


@dataclass(frozen=True)
class Measured:
    """The time of one step of one text."""

    text: str
    kind: str
    is_page: bool
    spent_ms: float

    @property
    def is_slow(self) -> bool:
        return self.spent_ms > (MAX_PAGE_MS if self.is_page else MAX_OTHER_MS)


class HostileBank:
    """A bank with the texts, seen by a reader and by an editor."""

    def __init__(self, services: Services, reader: FlaskClient) -> None:
        self.services, self.reader = services, reader
        editor = add_user(services.database, "Editor", "editor")
        self.editor = signed_in_client(reader.application, services.database, editor)
        self.token = fetch_csrf_token(self.editor, "/en/desk/people/new")

    def measure(self, number: int, name: str, text: str, *, only_pages: bool) -> Iterator[Measured]:
        """Store a text and yield the times of its pages and, if asked for, of the rest."""
        person = f"hostile-{number}"
        for previous in ("first words of opera", text):
            self._save(person, previous, publish=True)
        if not only_pages:
            yield Measured(name, "index", is_page=False, spent_ms=_milliseconds(self.services.indexer.sync))
        drafts = [
            draft
            for draft in dict.fromkeys((changed_words(text), reversed_words(text)))
            if _is_allowed(draft) and draft != text
        ]
        for draft in drafts:
            self._save(person, draft, publish=False)
        # Rebuilds what the first request after a change rebuilds, which no text makes longer.
        _get(self.reader, f"/az/people/{OTHER_PERSON}")
        for kind, step in self._pages(person, text, len(drafts)).items():
            yield Measured(
                name, kind, is_page=True, spent_ms=min(_milliseconds(step) for _ in range(REPEATS))
            )
        if not only_pages:
            for kind, url in _other_urls(person):
                yield Measured(name, kind, False, _milliseconds(partial(_get, self.reader, url)))
            self._delete(person)

    def _pages(self, person: str, text: str, draft_count: int) -> Mapping[str, Callable[[], object]]:
        public, desk = f"people/{person}", f"/en/desk/people/{person}"
        pages: dict[str, Callable[[], object]] = {
            f"page {lang}": partial(_get, self.reader, f"/{lang}/{public}") for lang in ("az", "en", "ru")
        }
        pages["revision"] = partial(_get, self.reader, f"/en/{public}/revisions/2")
        pages["changes"] = partial(_get, self.reader, f"/en/{public}/revisions/2/changes")
        pages["history"] = partial(_get, self.reader, f"/en/{public}/history")
        for kind, url in (
            ("desk record", desk),
            ("desk preview", f"{desk}/revisions/{2 + draft_count}"),
            ("desk form", f"{desk}/edit"),
            ("desk blame", f"{desk}/blame"),
            *(
                (f"desk changes {number}", f"{desk}/revisions/{2 + number}/changes")
                for number in range(1, draft_count + 1)
            ),
        ):
            pages[kind] = partial(_get, self.editor, url)
        form = {"text": text, "lang": "en", "csrf_token": self.token}
        pages["form preview"] = partial(_post, self.editor, "/en/desk/preview.json", form)
        return pages

    def _save(self, person: str, text: str, *, publish: bool) -> None:
        record: dict[str, Any] = {
            "id": person,
            "names": [{"text": "Hostile Person", "lang": "en", "kind": "preferred"}],
            "headline": {"en": "A hostile text"},
            "biography": dict.fromkeys(("az", "en", "ru"), text),
            "sources": [{"id": SOURCE, "csl": {"type": "book", "title": "A source"}}],
        }
        with self.services.database.write() as session:
            save_records(session, [load_validated(person_schema, record)], OPERATOR, "", publish=publish)

    def _delete(self, person: str) -> None:
        """Replace the text, so that the search of the next text has one hostile hit."""
        self._save(person, "Nothing to find.", publish=True)
        self.services.indexer.sync()


def main() -> int:
    arguments = _arguments()
    texts = islice(enumerate(hostile_texts()), arguments.first, arguments.end)
    measured: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder, open_bank(Path(folder)) as (services, client):
        bank = HostileBank(services, client)
        for number, (name, text) in texts:
            steps = list(bank.measure(number, name, text, only_pages=arguments.pages))
            measured += steps
            shown = "  ".join(f"{step.kind} {step.spent_ms:.0f}" for step in steps)
            print(f"{number:3} {name:32}{shown}", flush=True)
    _report(measured)
    slow = [step for step in measured if step.is_slow]
    print(
        f"\nover the limit: {len(slow)}", *(f"{s.text}: {s.kind} {s.spent_ms:.0f} ms" for s in slow), sep="\n"
    )
    return 1 if slow else 0


def _report(measured: Sequence[Measured]) -> None:
    """Print the median and the worst time of each kind."""
    by_kind = defaultdict(list)
    for step in measured:
        by_kind[step.kind].append(step)
    print(f"\n{'ms':16}{'texts':>8}{'p50':>8}{'p95':>8}{'worst':>8}")
    for kind, steps in by_kind.items():
        ordered = sorted(steps, key=lambda step: step.spent_ms)
        middle, high = (ordered[int(len(ordered) * share)].spent_ms for share in (0.5, 0.95))
        worst = ordered[-1]
        print(f"{kind:16}{len(ordered):8}{middle:8.1f}{high:8.1f}{worst.spent_ms:8.1f}  {worst.text}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", type=int, default=0, dest="first", help="number of the first text")
    parser.add_argument("--to", type=int, dest="end", help="number of the text after the last")
    parser.add_argument("--pages", action="store_true", help="measure the pages only")
    return parser.parse_args()


def _other_urls(person: str) -> Iterator[tuple[str, str]]:
    yield "search", "/en/search?q=hostile+opera+words"
    yield "hits", "/api/v1/search?q=hostile+opera+words"
    yield "record", f"/api/v1/people/{person}"
    yield "jsonld", f"/people/{person}.jsonld"
    yield "ttl", f"/people/{person}.ttl"
    yield "eac", f"/people/{person}.eac.xml"
    yield "card", f"/en/people/{person}/card.png"


def _is_allowed(text: str) -> bool:
    return next(iter_markup_errors(text), None) is None and len(text) <= MAX_BIOGRAPHY_CHARS


def _get(client: FlaskClient, url: str) -> None:
    response = client.get(url, headers={"Accept-Encoding": "br, gzip"})
    response.get_data()
    if response.status_code != 200:
        raise RuntimeError(f"{response.status_code} {url}")


def _post(client: FlaskClient, url: str, form: Mapping[str, str]) -> None:
    response = client.post(url, data=form, content_type="multipart/form-data")
    response.get_data()
    if response.status_code != 200:
        raise RuntimeError(f"{response.status_code} {url}: {response.text[:200]}")


def _milliseconds(step: Callable[[], object]) -> float:
    start = time.process_time()
    step()
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    sys.exit(main())
