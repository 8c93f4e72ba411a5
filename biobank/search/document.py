"""What the engine indexes for one person, made from the record and the labels it refers to."""

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

#: The kind of a work whose record tells none.
OTHER_WORK = "other"
#: Centuries kept of a date that may mean many: a birth "before 1500" is in none in particular.
CENTURIES_MOST = 5


@dataclass(frozen=True)
class Document:
    """One person as the engine sees it; `facets` hold ids, broader ones included."""

    id: str
    names: tuple[str, ...]
    #: By language: one line, the words of the vocabularies, and all other text.
    headline: Mapping[str, str]
    labels: Mapping[str, str]
    text: Mapping[str, str]
    #: By id, the values of each of `query.INDEXED`; what is left out is unknown.
    facets: Mapping[str, tuple[str, ...]]
    sort_key: str
    #: Earliest and latest day; None where open or not known.
    born: tuple[int | None, int | None]
    died: tuple[int | None, int | None]
    #: Seconds since 1970 of the last publish.
    updated: float
    #: How well documented and connected the person is; breaks ties.
    documented: int
    #: By language, titles and kinds of works, a line each.
    works: Mapping[str, str] = field(default_factory=dict)
    #: By language, where the person was born and died, and what they are to others, a line each.
    ties: Mapping[str, str] = field(default_factory=dict)
    #: Titles of the sources that are cited.
    sources: tuple[str, ...] = ()
    #: Whole years lived, at least and at most; None where open, both for the living.
    lived: tuple[int | None, int | None] = (None, None)
    #: When the record was last compared with its sources, as `born`.
    checked: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True)
class Around:
    """What the rest of the bank holds about a person."""

    #: Relations that others hold to the person: who, and as what they call them.
    inbound: Sequence[tuple[str, str]] = ()
    #: Titles of sources by id.
    titles: Mapping[str, str] = field(default_factory=dict)
    #: Languages in which the biography is older than in another.
    stale: Collection[str] = ()


def make_document(
    record: Record, catalogue: Catalogue, *, around: Around | None = None, updated: float = 0.0
) -> Document:
    """The document of a published `record`."""
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
    """How much the bank holds about a person. Sources and ties weigh more than length.

    Text counts by the hundred words, so that a long article alone does not outweigh facts.
    """
    words = sum(len(text.split()) for text in record.get("biography", {}).values())
    lists = ("names", "events", "memberships", "works", "awards", "media", "identifiers")
    parts = sum(len(record.get(key, ())) for key in lists)
    ties = len(record.get("relations", ())) + inbound
    return parts + words // 100 + 3 * ties + 3 * len(record.get("sources", ()))


def years_lived(
    born: tuple[int | None, int | None], died: tuple[int | None, int | None]
) -> tuple[int | None, int | None]:
    """Whole years from birth to death, at least and at most; None where an end is open."""
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
    """The very places of birth, of death, and of all else that the record tells."""
    ties: dict[str, list[str]] = {"birth": [], "death": [], "activity": []}
    for path, part in facts(record):
        if place := part.get("place"):
            ties[path if path in ties else "activity"].append(place)
    return ties


def _ties_to(record: Record, catalogue: Catalogue, around: Around) -> list[tuple[str, str]]:
    """People to whom there is a tie, whoever told it, and what they are to this person."""
    own = [(part["person"], part["type"]) for part in record.get("relations", ())]
    told = [
        (person, catalogue.terms.get(term_key("relation", type_), {}).get("inverse", type_))
        for person, type_ in around.inbound
    ]
    return list(dict.fromkeys([*own, *told]))


def _centuries(record: Record) -> list[str]:
    """Every possible century of the birth, else of the floruit."""
    for role in ("birth", "floruit"):
        earliest, latest = _days(record, role)
        if earliest is not None and latest is not None:
            found = centuries(earliest, latest)
            return [century_id(century) for century in found if century][:CENTURIES_MOST]
    return []


def century_id(century: int) -> str:
    """`19`, or `1bce` for -1: a leading minus would exclude."""
    return str(century) if century > 0 else f"{-century}bce"
