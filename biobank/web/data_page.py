"""The page about open data: dumps, formats and APIs."""

from dataclasses import dataclass

from babel.numbers import format_decimal
from flask import url_for
from sqlalchemy.orm import Session

from biobank.addresses import absolute
from biobank.exchange.dumps.keeping import current
from biobank.exchange.dumps.manifest import Manifest
from biobank.exchange.linked.forms import FORMS
from biobank.extensions import READING_LIMIT, services
from biobank.records.people import queries
from biobank.web.linked import FormLink, form_links
from biobank.web.text import _
from biobank.web.words import day_words

#: Title of each export format.
TITLES = {"jsonl": "JSON Lines", "csv": "CSV", **{e: form.title for e, form in FORMS.items()}}
#: Id of the person in the examples, if that person is in the bank.
EXAMPLE = "uzeyir-hacibeyov"
STEP = 1000


@dataclass(frozen=True)
class DumpView:
    """One dump file: its title, purpose, URL and size."""

    title: str
    ending: str
    note: str
    url: str
    size: str
    sha256: str


@dataclass(frozen=True)
class DataPage:
    """The page about open data. `created` and `created_on` are empty before the first dump."""

    base: str
    example: str
    #: The example person in each linked-data format.
    forms: tuple[FormLink, ...]
    dumps: tuple[DumpView, ...]
    made: str
    made_on: str
    people: int
    triples: int
    limit: str


def make_data_page(lang: str) -> DataPage:
    manifest = dumps_now()
    with services.database.read() as session:
        example = _example(session)
    return DataPage(
        base=absolute(""),
        example=example,
        forms=form_links(f"/people/{example}"),
        dumps=_dumps(manifest, lang) if manifest else (),
        made=day_words(manifest.made, lang) if manifest else "",
        made_on=f"{manifest.made:%Y-%m-%d}" if manifest else "",
        people=manifest.people if manifest else 0,
        triples=manifest.triples if manifest else 0,
        limit=READING_LIMIT.partition(" ")[0],
    )


def dumps_now() -> Manifest | None:
    """Return the manifest of the current dumps, or None."""
    found = current(services.settings.dumps_dir)
    return found[1] if found else None


def _example(session: Session) -> str:
    """Return the id of a published person for the examples, even if the bank is empty."""
    known = queries.versions(session, [EXAMPLE]) or queries.page(session, 1, 1)
    return next(iter(known), EXAMPLE)


def _dumps(manifest: Manifest, lang: str) -> tuple[DumpView, ...]:
    notes = {
        "jsonl": _("the records themselves; the bank reads them in again"),
        "csv": _("a row a person, for spreadsheets"),
        "ttl": _("linked data that people can read"),
        "jsonld": _("linked data for programs that know JSON"),
        "rdf": _("linked data for older programs"),
        "nt": _("linked data, a statement a line"),
    }
    return tuple(
        DumpView(
            title=TITLES[ending],
            ending=ending,
            note=notes[ending],
            url=url_for("web.dump", file=file.name),
            size=size_words(file.bytes, lang),
            sha256=file.sha256,
        )
        for file in manifest.files
        if (ending := file.name.split(".")[1]) in notes
    )


def size_words(number: int, lang: str) -> str:
    """Format a size in bytes: 431 kB, 1.2 MB."""
    for unit, step in (
        (_("%(size)s GB", size="{}"), STEP**3),
        (_("%(size)s MB", size="{}"), STEP**2),
    ):
        if number >= step:
            return unit.format(format_decimal(round(number / step, 1), locale=lang))
    return _("%(size)s kB", size=format_decimal(max(1, round(number / STEP)), locale=lang))
