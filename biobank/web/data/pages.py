"""The page about open data: dumps, formats and APIs."""

from dataclasses import dataclass

from babel.numbers import format_decimal
from flask import url_for
from sqlalchemy.orm import Session

from biobank.common.networks import READ_RATE_LIMIT
from biobank.exchange.dumps.files import Manifest
from biobank.exchange.dumps.publisher import current_dump
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS
from biobank.http.extensions import services
from biobank.http.urls import absolute_url
from biobank.records.people import queries
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day
from biobank.web.core.linked_data import FormLink, form_links

#: Title of each export format.
DUMP_TITLES = {"jsonl": "JSON Lines", "csv": "CSV", **{e: form.title for e, form in SERIALIZATIONS.items()}}
#: Id of the person in the examples, if that person is in the bank.
DATA_EXAMPLE_ID = "uzeyir-hacibeyov"
UNIT_STEP = 1000


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
    created: str
    created_on: str
    people: int
    triples: int
    limit: str


def make_data_page(lang: str) -> DataPage:
    manifest = current_manifest()
    with services.database.read() as session:
        example = _example_id(session)
    return DataPage(
        base=absolute_url(""),
        example=example,
        forms=form_links(f"/people/{example}"),
        dumps=_dump_views(manifest, lang) if manifest else (),
        created=format_day(manifest.created_at, lang) if manifest else "",
        created_on=f"{manifest.created_at:%Y-%m-%d}" if manifest else "",
        people=manifest.people if manifest else 0,
        triples=manifest.triple_count if manifest else 0,
        limit=READ_RATE_LIMIT.partition(" ")[0],
    )


def current_manifest() -> Manifest | None:
    """Return the manifest of the current dumps, or None."""
    current_dumps = current_dump(services.settings.dumps_dir)
    return current_dumps[1] if current_dumps else None


def _example_id(session: Session) -> str:
    """Return the id of a published person for the examples, even if the bank is empty."""
    candidates = queries.published_revisions(session, [DATA_EXAMPLE_ID]) or queries.list_records_page(
        session, 1, 1
    )
    return next(iter(candidates), DATA_EXAMPLE_ID)


def _dump_views(manifest: Manifest, lang: str) -> tuple[DumpView, ...]:
    notes = {
        "jsonl": _("full records, suitable for re-import"),
        "csv": _("one row per person, for spreadsheets"),
        "ttl": _("human-readable linked data"),
        "jsonld": _("linked data for software that uses JSON"),
        "rdf": _("linked data for older software"),
        "nt": _("linked data, one statement per line"),
    }
    return tuple(
        DumpView(
            title=DUMP_TITLES[ending],
            ending=ending,
            note=notes[ending],
            url=url_for("web.dump", file=file.name),
            size=format_size(file.bytes, lang),
            sha256=file.sha256,
        )
        for file in manifest.files
        if (ending := file.name.split(".")[1]) in notes
    )


def format_size(size: int, lang: str) -> str:
    """Format a size in bytes: 431 kB, 1.2 MB."""
    for unit, step in (
        (_("%(size)s GB", size="{}"), UNIT_STEP**3),
        (_("%(size)s MB", size="{}"), UNIT_STEP**2),
    ):
        if size >= step:
            return unit.format(format_decimal(round(size / step, 1), locale=lang))
    return _("%(size)s kB", size=format_decimal(max(1, round(size / UNIT_STEP)), locale=lang))
