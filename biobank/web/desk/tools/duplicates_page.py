"""The page of duplicate candidates of the whole bank, with both records side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts.policy import Action, allows
from biobank.editorial.distinct import said
from biobank.editorial.heads import Head, heads
from biobank.editorial.suspects import SuspectPair
from biobank.extensions import services
from biobank.i18n import best_with_language
from biobank.records.catalogue import Catalogue
from biobank.records.people.mapping import preferred_name
from biobank.web.cards import profession_labels
from biobank.web.desk.page import render_desk
from biobank.web.desk.tools.choices import state_words
from biobank.web.desk.tools.duplicates import reasons_in_words, record_url
from biobank.web.names import NameForm, shown_name
from biobank.web.paging import Paging, make_paging, page_of
from biobank.web.text import _
from biobank.web.words import date_words, day_words

SIZE = 20
#: Maximum number of other names of a record, and of listed distinct pairs.
NAMES_MOST, SAID_MOST = 6, 30


@dataclass(frozen=True)
class Side:
    """One record of a pair."""

    id: str
    url: str
    name: NameForm
    others: tuple[NameForm, ...]
    state: str
    born: str
    died: str
    professions: tuple[str, ...]
    headline: str
    headline_lang: str


@dataclass(frozen=True)
class PairRow:
    """Two records with the reasons; URLs of actions that the user may not perform are empty."""

    first: Side
    second: Side
    reasons: tuple[str, ...]
    merge_url: str


@dataclass(frozen=True)
class SaidRow:
    """Two records that were marked as distinct."""

    first: str
    first_id: str
    second: str
    second_id: str
    said_by: str
    day: str


def duplicates_page() -> ResponseReturnValue:
    """Render a page of undecided pairs and the recently marked distinct pairs."""
    lang, page = g.lang, page_of(request.args)
    known = services.suspects.undecided(identity())
    pairs = known or []
    shown = pairs[(page - 1) * SIZE : page * SIZE]
    with services.database.read() as session:
        decided = said(session, SAID_MOST)
        ids = [id_ for one in shown for id_ in one.ids]
        ids += [id_ for row in decided for id_ in (row.first_id, row.second_id)]
        found = heads(session, ids)
    catalogue = services.catalogue()
    rows = [row for one in shown if (row := _row(one, found, catalogue, lang))]
    apart = [
        SaidRow(
            _name(found, row.first_id, lang),
            row.first_id,
            _name(found, row.second_id, lang),
            row.second_id,
            row.said_by,
            day_words(row.at, lang),
        )
        for row in decided
    ]
    return render_desk(
        "duplicates.html",
        _("Duplicates"),
        rows=rows,
        total=len(pairs),
        looking=known is None,
        paging=_paging(page, len(pairs)),
        apart=apart,
        merges=allows(identity(), Action.MERGE_PEOPLE),
    )


def _paging(page: int, total: int) -> Paging:
    return make_paging(
        page, SIZE, total, lambda it: url_for("web.desk_duplicates", lang=g.lang, page=it)
    )


def _row(
    pair: SuspectPair, found: Mapping[str, Head], catalogue: Catalogue, lang: str
) -> PairRow | None:
    """Return the row of a pair; None if a record was withdrawn or merged since the scan."""
    if pair.first not in found or pair.second not in found:
        return None
    # The public record is proposed as the survivor of a merge.
    kept, gone = sorted((found[pair.first], found[pair.second]), key=lambda head: not head.public)
    may_merge = allows(identity(), Action.MERGE_PEOPLE)
    return PairRow(
        first=_side(kept, catalogue, lang),
        second=_side(gone, catalogue, lang),
        reasons=tuple(reasons_in_words(pair.suspect, catalogue, lang)),
        merge_url=_merge_url(kept.person_id, gone.person_id) if may_merge else "",
    )


def _merge_url(kept: str, gone: str) -> str:
    return url_for("web.desk_merge", lang=g.lang, kept=kept, gone=gone)


def _side(head: Head, catalogue: Catalogue, lang: str) -> Side:
    record = head.record
    name = preferred_name(record, lang)
    others = [shown_name([it], it["text"], lang) for it in record["names"] if it["text"] != name]
    headline, headline_lang = best_with_language(record.get("headline"), lang)
    return Side(
        id=head.person_id,
        url=record_url(head, lang),
        name=shown_name(record["names"], name, lang),
        others=tuple(others[:NAMES_MOST]),
        state=state_words("" if head.public else head.state),
        born=_moment(head, "birth", catalogue, lang),
        died=_moment(head, "death", catalogue, lang),
        professions=profession_labels(record.get("professions", ()), catalogue, lang),
        headline=headline,
        headline_lang=headline_lang,
    )


def _moment(head: Head, role: str, catalogue: Catalogue, lang: str) -> str:
    part = head.record.get(role) or {}
    place = catalogue.place_name(part["place"], lang) if part.get("place") else ""
    return ", ".join(it for it in (date_words(part.get("date"), lang), place) if it)


def _name(found: Mapping[str, Head], person_id: str, lang: str) -> str:
    head = found.get(person_id)
    return preferred_name(head.record, lang) if head else person_id
