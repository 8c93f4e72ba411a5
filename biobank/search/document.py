"""Index documents: the searchable content of one person, built from the record and its labels."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from biobank.i18n import LANGUAGES
from biobank.names.alphabet import sort_key
from biobank.records.catalogue import Catalogue
from biobank.records.dates import centuries, parse_date
from biobank.records.days import years_between
from biobank.records.people.citations import facts
from biobank.records.people.mapping import Record, preferred_name
from biobank.records.vocabulary.models import term_key
from biobank.search.document_text import labels_of, text_of, ties_of, works_of
from biobank.search.gaps import gaps_of
from biobank.search.query import UNKNOWN

#: Work type of works without a recorded type.
OTHER_WORK = "other"
#: Maximum number of centuries indexed for an imprecise date; a birth "before 1500" has no
#: particular one.
CENTURIES_MOST = 5


@dataclass(frozen=True)
class Document:
    """The indexed content of one person; `facets` hold ids, broader ones included."""

    id: str
    names: tuple[str, ...]
    #: By language: the headline, the vocabulary labels, and all other text.
    headline: Mapping[str, str]
    labels: Mapping[str, str]
    text: Mapping[str, str]
    #: Values by field of `query.INDEXED_FIELDS`; missing fields are unknown.
    facets: Mapping[str, tuple[str, ...]]
    sort_key: str
    #: Earliest and latest day; None if open or unknown.
    born: tuple[int | None, int | None]
    died: tuple[int | None, int | None]
    #: Time of the last publication in seconds since 1970 (UTC).
    updated: float
    #: Documentation score of the person; breaks ties in ranking.
    documented: int
    #: By language, titles and types of works, one per line.
    works: Mapping[str, str] = field(default_factory=dict)
    #: By language, places of birth and death and roles in relations, one per line.
    ties: Mapping[str, str] = field(default_factory=dict)
    #: Titles of cited sources.
    sources: tuple[str, ...] = ()
    #: Minimum and maximum number of whole years lived; None if open, both None for the living.
    lived: tuple[int | None, int | None] = (None, None)
    #: Date of the last comparison with the sources, as `born`.
    checked: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True)
class Around:
    """Data about a person that other records hold."""

    #: Relations that other people record to this person: id and relation type.
    inbound: Sequence[tuple[str, str]] = ()
    #: Titles of sources by id.
    titles: Mapping[str, str] = field(default_factory=dict)
    #: Languages whose biography is older than in another language.
    stale: Collection[str] = ()


def make_document(
    record: Record, catalogue: Catalogue, *, around: Around | None = None, updated: float = 0.0
) -> Document:
    """Build the index document of a published `record`."""
    around = around or Around()
    born, died = _days(record, "birth"), _days(record, "death")
    ties = _ties_to(record, catalogue, around)
    return Document(
        id=record["id"],
        names=tuple(name["text"] for name in record["names"]),
        headline=record.get("headline", {}),
        labels={lang: labels_of(record, catalogue, lang) for lang in LANGUAGES},
        works={lang: works_of(record, catalogue, lang) for lang in LANGUAGES},
        ties={lang: ties_of(record, catalogue, ties, lang) for lang in LANGUAGES},
        text={lang: text_of(record, lang) for lang in LANGUAGES},
        facets=_facets(record, catalogue, ties, around.stale),
        sort_key=sort_key(preferred_name(record, "az")),
        born=born,
        died=died,
        lived=years_lived(born, died),
        checked=_days(record, "checked", "on"),
        sources=tuple(t for id_ in record.get("sources", ()) if (t := around.titles.get(id_))),
        updated=updated,
        documented=documented(record, len(around.inbound)),
    )


def documented(record: Record, inbound: int) -> int:
    """Return a documentation score; sources and relations weigh more than length of text.

    Text counts per hundred words, so that a long article alone does not outweigh facts.
    """
    words = sum(len(text.split()) for text in record.get("biography", {}).values())
    lists = ("names", "events", "memberships", "works", "awards", "media", "identifiers")
    parts = sum(len(record.get(key, ())) for key in lists)
    ties = len(record.get("relations", ())) + inbound
    return parts + words // 100 + 3 * ties + 3 * len(record.get("sources", ()))


def years_lived(
    born: tuple[int | None, int | None], died: tuple[int | None, int | None]
) -> tuple[int | None, int | None]:
    """Return the minimum and maximum of whole years from birth to death; None if an end is open."""
    if died == (None, None) or born == (None, None):
        return None, None
    least = None if born[1] is None or died[0] is None else years_between(born[1], died[0])
    most = None if born[0] is None or died[1] is None else years_between(born[0], died[1])
    return least and max(0, least), most


def _days(record: Record, role: str, part: str = "date") -> tuple[int | None, int | None]:
    date = (record.get(role) or {}).get(part)
    if not date:
        return None, None
    parsed = parse_date(date)
    return parsed.earliest, parsed.latest


def _facets(
    record: Record,
    catalogue: Catalogue,
    people: Sequence[tuple[str, str]],
    stale: Collection[str],
) -> dict[str, tuple[str, ...]]:
    ties = _ties(record)
    values: dict[str, Iterable[str]] = {
        "profession": catalogue.broader_terms("profession", record.get("professions", ())),
        "country": record.get("countries", ()),
        "place": catalogue.broader_places(chain.from_iterable(ties.values())),
        "birthplace": catalogue.broader_places(ties["birth"]),
        "deathplace": catalogue.broader_places(ties["death"]),
        "century": _centuries(record),
        "gender": [record["gender"]] if "gender" in record else (),
        "organisation": [part["organisation"] for part in record.get("memberships", ())],
        "language": record.get("biography", ()),
        "award": [part["award"] for part in record.get("awards", ())],
        "source": record.get("sources", ()),
        "work": [part.get("type", OTHER_WORK) for part in record.get("works", ())],
        "relation": [person for person, _ in people],
        "tie": [type_ for _, type_ in people],
        **{f"at_{tie}": places for tie, places in ties.items()},
        **gaps_of(record, tied=bool(people), stale=stale),
    }
    return {name: tuple(dict.fromkeys(found)) or (UNKNOWN,) for name, found in values.items()}


def _ties(record: Record) -> dict[str, list[str]]:
    """Return the recorded places of birth, death and activity, without broader places."""
    ties: dict[str, list[str]] = {"birth": [], "death": [], "activity": []}
    for path, part in facts(record):
        if place := part.get("place"):
            ties[path if path in ties else "activity"].append(place)
    return ties


def _ties_to(record: Record, catalogue: Catalogue, around: Around) -> list[tuple[str, str]]:
    """Return related people and their relation types, whichever record holds the relation."""
    own = [(part["person"], part["type"]) for part in record.get("relations", ())]
    told = [
        (person, catalogue.terms.get(term_key("relation", type_), {}).get("inverse", type_))
        for person, type_ in around.inbound
    ]
    return list(dict.fromkeys([*own, *told]))


def _centuries(record: Record) -> list[str]:
    """Return every possible century of the birth, else of the floruit."""
    for role in ("birth", "floruit"):
        earliest, latest = _days(record, role)
        if earliest is not None and latest is not None:
            found = centuries(earliest, latest)
            return [century_id(century) for century in found if century][:CENTURIES_MOST]
    return []


def century_id(century: int) -> str:
    """Return `19`, or `1bce` for -1; a leading minus would mean exclusion."""
    return str(century) if century > 0 else f"{-century}bce"
