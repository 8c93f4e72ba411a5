"""Autocomplete of form fields that refer to a person, a source or a reference record."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rapidfuzz import fuzz, process

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.i18n import best_text
from biobank.editorial.duplicates.candidates import DuplicateFinder
from biobank.editorial.reference.source_search import SourceSearch
from biobank.editorial.revisions.latest_revisions import LatestRevision, get_latest_revisions
from biobank.names.alphabet import sort_key
from biobank.names.folding import fold
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.date_formatting import format_edtf, format_life_years
from biobank.records.dates import DateError
from biobank.records.people.mapping import preferred_name
from biobank.records.vocabulary.gendered_labels import all_labels
from biobank.records.vocabulary.models import VOCABULARIES
from biobank.search.suggestions import suggest_names
from biobank.store.session import Database

MAX_AUTOCOMPLETE_CHOICES: Final = 8
#: Minimum input length, in characters, for matches within words; minimum ratio (0 to 100) of a
#: typo.
MIN_INFIX_CHARS, MIN_TYPO_SCORE = 3, 78
#: The rank of a spelling that does not match.
_NO_MATCH: Final = 9
AUTOCOMPLETE_KINDS: Final = ("person", "place", "organisation", "source", *VOCABULARIES)
MAX_AUTOCOMPLETE_CHARS: Final = 200
#: Number of suggestions reserved for unpublished people.
RESERVED_DRAFT_SLOTS: Final = 3


@dataclass(frozen=True)
class AutocompleteOption:
    """A suggestion. `about` distinguishes namesakes, in the language of the reader.

    `kind` is the kind of a place or an organisation; `state` is set for people who are not public.
    """

    id: str
    label: str
    about: tuple[str, ...] = ()
    kind: str = ""
    state: str = ""


#: The searchable spellings by id.
Spellings = Mapping[str, tuple[str, ...]]


@dataclass
class CatalogueIndex:
    """The spellings of one catalogue, computed per kind on first use."""

    catalogue: Catalogue
    _spellings: dict[str, Spellings] = field(default_factory=dict)

    def find(self, kind: str, text: str, lang: str) -> list[AutocompleteOption]:
        if kind not in self._spellings:
            entries = _iter_spellings(self.catalogue, kind)
            self._spellings[kind] = {id_: tuple(names) for id_, names in entries}
        matches = _rank_matches(text, self._spellings[kind], lang, self.catalogue, kind)
        return [_build_choice(self.catalogue, kind, id_, spelling, lang) for id_, spelling in matches]


def _iter_spellings(catalogue: Catalogue, kind: str) -> Iterator[tuple[str, Iterator[str]]]:
    if kind in ("place", "organisation"):
        records = catalogue.places if kind == "place" else catalogue.organisations
        for id_, record in records.items():
            yield id_, (str(name["text"]) for name in record["names"])
        return
    for key, term in catalogue.terms.items():
        vocabulary, _, id_ = key.partition("/")
        if vocabulary == kind:
            yield id_, all_labels(term)


def _rank_matches(
    text: str, spellings_by_id: Spellings, lang: str, catalogue: Catalogue, kind: str
) -> list[tuple[str, str]]:
    """Return ids with the best matching spelling, best first.

    The order is: exact, prefix, word prefix and substring matches.
    """
    query = fold(text)
    matches: dict[str, tuple[int, str]] = {}
    for id_, spellings in spellings_by_id.items():
        label = _label(catalogue, kind, id_, lang)
        # The label comes first, so that it wins among equally good spellings.
        ranks = [(_rank(query, fold(spelling)), spelling) for spelling in (label, *spellings)]
        best = (0, label) if id_ == text else min(ranks, key=lambda item: item[0])
        if best[0] < _NO_MATCH:
            matches[id_] = best
    if not matches:
        return _fuzzy_matches(query, spellings_by_id)
    ordered = sorted(
        matches.items(),
        key=lambda item: (item[1][0], sort_key(_label(catalogue, kind, item[0], lang)), item[0]),
    )
    return [(id_, spelling) for id_, (_, spelling) in ordered[:MAX_AUTOCOMPLETE_CHOICES]]


def _rank(query: str, spelling: str) -> int:
    """Return the rank of a spelling (lower is better), or _NO_MATCH."""
    if spelling == query:
        return 1
    if spelling.startswith(query):
        return 2
    if f" {query}" in spelling:
        return 3
    return 4 if len(query) >= MIN_INFIX_CHARS and query in spelling else _NO_MATCH


def _fuzzy_matches(query: str, spellings_by_id: Spellings) -> list[tuple[str, str]]:
    """Return ids with similar spellings, as a fallback for typos."""
    entries = [(id_, spelling) for id_, spellings in spellings_by_id.items() for spelling in spellings]
    candidates = process.extract(
        query,
        [fold(spelling) for _, spelling in entries],
        scorer=fuzz.ratio,
        score_cutoff=MIN_TYPO_SCORE,
        limit=4 * MAX_AUTOCOMPLETE_CHOICES,
    )
    matches: dict[str, str] = {}
    for _, _, index in candidates:
        matches.setdefault(*entries[index])
    return list(matches.items())[:MAX_AUTOCOMPLETE_CHOICES]


def _label(catalogue: Catalogue, kind: str, id_: str, lang: str) -> str:
    if kind == "place":
        return catalogue.place_name(id_, lang)
    if kind == "organisation":
        return catalogue.organisation_name(id_, lang)
    return catalogue.term_label(kind, id_, lang)


def _build_choice(catalogue: Catalogue, kind: str, id_: str, spelling: str, lang: str) -> AutocompleteOption:
    label = _label(catalogue, kind, id_, lang)
    other_name = "" if fold(spelling) in fold(label) else spelling
    if kind == "place":
        return _build_place_choice(catalogue, id_, label, other_name, lang)
    if kind == "organisation":
        record = catalogue.organisations[id_]
        years = _format_years(record.get("founded"), record.get("dissolved"), lang)
        return AutocompleteOption(id_, label, non_empty(other_name, years), kind=record["kind"])
    broader = catalogue.terms[f"{kind}/{id_}"].get("broader", ())
    broader_labels = ", ".join(catalogue.term_label(kind, term_id, lang) for term_id in broader)
    return AutocompleteOption(id_, label, non_empty(other_name, broader_labels))


def _build_place_choice(
    catalogue: Catalogue, id_: str, label: str, other_name: str, lang: str
) -> AutocompleteOption:
    record: Mapping[str, Any] = catalogue.places[id_]
    broader = record.get("broader")
    within = catalogue.place_name(broader, lang) if broader else ""
    country = country_name(record["country"], lang) if "country" in record else ""
    about = dict.fromkeys(non_empty(other_name, within, country))
    return AutocompleteOption(id_, label, tuple(text for text in about if text != label), kind=record["kind"])


def _format_years(founded: str | None, dissolved: str | None, lang: str) -> str:
    """Return the years of foundation and dissolution of an organisation."""
    try:
        start, end = (format_edtf(date, lang) if date else "" for date in (founded, dissolved))
    except DateError:
        return ""
    return f"{start}–{end}" if end else start


def non_empty(*parts: str) -> tuple[str, ...]:
    """Return the arguments that are not empty."""
    return tuple(part for part in parts if part)


@dataclass
class Autocomplete:
    """Autocomplete over all entity types, based on the current state of the database."""

    database: Database
    catalogue: Callable[[], Catalogue]
    duplicates: DuplicateFinder
    works: SourceSearch = field(init=False)
    _index: CatalogueIndex = field(default_factory=lambda: CatalogueIndex(Catalogue()))

    def __post_init__(self) -> None:
        self.works = SourceSearch(self.database)

    def find(self, actor: Identity, kind: str, text: str, lang: str) -> list[AutocompleteOption]:
        """Return at most MAX_AUTOCOMPLETE_CHOICES suggestions, best first; none for empty input."""
        require(actor, Action.SEE_DESK)
        text = text.strip()[:MAX_AUTOCOMPLETE_CHARS]
        if not fold(text):
            return []
        if kind == "person":
            return self._find_people(text, lang)
        if kind == "source":
            return [
                AutocompleteOption(work.id, work.title, non_empty(work.authors, work.year))
                for work in self.works.find(text, MAX_AUTOCOMPLETE_CHOICES)
            ]
        catalogue = self.catalogue()
        if self._index.catalogue is not catalogue:
            self._index = CatalogueIndex(catalogue)
        return self._index.find(kind, text, lang)

    def _find_people(self, text: str, lang: str) -> list[AutocompleteOption]:
        with self.database.read() as session:
            matchers = self.duplicates.names.matcher(), self.duplicates.drafts.matcher(session)
            public, drafts = (
                [match.person_id for match in matcher.complete(text, MAX_AUTOCOMPLETE_CHOICES)]
                for matcher in matchers
            )
            if not public and not drafts:
                public, drafts = (
                    [*suggest_names(matcher, text, MAX_AUTOCOMPLETE_CHOICES)] for matcher in matchers
                )
            hidden = [id_ for id_ in drafts if id_ not in public]
            shown_public = public[: MAX_AUTOCOMPLETE_CHOICES - min(RESERVED_DRAFT_SLOTS, len(hidden))]
            latest_revisions = get_latest_revisions(session, [text, *shown_public, *hidden])
        shown = list(latest_revisions.values())[:MAX_AUTOCOMPLETE_CHOICES]
        return [choice_for_person(revision, lang) for revision in shown]


def choice_for_person(revision: LatestRevision, lang: str) -> AutocompleteOption:
    """Return a suggestion with years and headline, and the state of an unpublished person."""
    record = revision.record
    birth, death = ((record.get(role) or {}).get("date") for role in ("birth", "death"))
    try:
        years = format_life_years(birth, death, lang, living="death" not in record)
    except DateError:
        years = ""
    about = non_empty(years, best_text(record.get("headline"), lang))
    state = "" if revision.public else revision.state
    return AutocompleteOption(revision.person_id, preferred_name(record, lang), about, state=state)
