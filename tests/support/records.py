"""Hypothesis strategies of valid records, from ids and real names of the seed."""

import re
from typing import Any

from hypothesis import strategies as st

from biobank.i18n import LANGUAGES
from biobank.names.folding import has_letter
from biobank.records.countries import COUNTRIES
from biobank.records.fields import CONTROL
from biobank.records.identifiers import CATALOGUES
from biobank.records.people.schemas import CALENDARS, GENDERS, MEDIA_TYPES, NAME_KINDS
from tests.support import seed

Strategy = st.SearchStrategy[Any]

#: Any text that a record may contain; `max_chars` counts before white space is trimmed.
CHARACTERS = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))


def texts(most: int = 60) -> Strategy:
    return st.text(CHARACTERS, min_size=1, max_size=most).filter(_is_text)


def long_texts() -> Strategy:
    """Return a strategy of multi-line texts with tabs."""
    characters = CHARACTERS | st.sampled_from("\n\t")
    return st.text(characters, min_size=1, max_size=200).filter(_is_text)


def _is_text(text: str) -> bool:
    return bool(text.strip()) and not CONTROL.search(text)


def dates(first: int = -999, last: int = 2026) -> Strategy:
    """Return a strategy of EDTF dates between two years."""
    years = st.integers(first, last)
    centuries = st.integers(max(first, 0) // 100, last // 100 - 1)
    single = st.one_of(
        st.builds(lambda year, mark: _year(year) + mark, years, st.sampled_from(["", *"~?%"])),
        st.builds(lambda year, month: f"{_year(year)}-{month:02}", years, st.integers(1, 12)),
        st.builds(
            lambda year, month, day: f"{_year(year)}-{month:02}-{day:02}",
            years,
            st.integers(1, 12),
            st.integers(1, 28),
        ),
        st.builds(lambda year, season: f"{_year(year)}-{season}", years, st.integers(21, 24)),
        st.builds(lambda century: f"{century:02}XX", centuries),
    )
    pairs = st.tuples(years, years).map(lambda pair: tuple(map(_year, sorted(pair))))
    spans = st.builds(
        lambda pair, form: form.format(*pair),
        pairs,
        st.sampled_from(["[{0}..{1}]", "[{0},{1}]", "{0}/{1}", "{0}/..", "{0}/", "[{0}..]"]),
    )
    return single | spans


def _year(year: int) -> str:
    return f"{year:04}" if year >= 0 else f"-{-year:04}"


def fields(**parts: Strategy) -> Strategy:
    """Return a strategy of parts with any of their fields; a name that ends in _ is required."""
    required = {name[:-1]: part for name, part in parts.items() if name.endswith("_")}
    optional = {name: part for name, part in parts.items() if not name.endswith("_")}
    return st.fixed_dictionaries(required, optional=optional)


def localized(inner: Strategy) -> Strategy:
    return st.dictionaries(st.sampled_from(LANGUAGES), inner, min_size=1)


def some(part: Strategy, most: int = 3) -> Strategy:
    return st.lists(part, min_size=1, max_size=most)


def names() -> Strategy:
    real = [name for person in seed.people().values() for name in person["names"]]
    written = st.sampled_from(real)
    other = fields(
        text_=st.sampled_from([name["text"] for name in real]) | texts().filter(has_letter),
        lang_=st.sampled_from(["az", "en", "ru", "fa", "tr", "az-Cyrl", "zh-hant", "und"]),
        script=st.sampled_from(["Latn", "Cyrl", "Arab"]),
        kind_=st.sampled_from(NAME_KINDS),
    )
    return some(written | other, 6).map(_one_preferred)


def _one_preferred(found: list[dict[str, str]]) -> list[dict[str, str]]:
    seen: set[str] = set()
    kept = []
    for name in found:
        if name["kind"] == "preferred" and name["lang"] in seen:
            name = {**name, "kind": "variant"}
        elif name["kind"] == "preferred":
            seen.add(name["lang"])
        kept.append(name)
    return kept


def biographies() -> Strategy:
    """Return a strategy of seed biographies with citations, or any text."""
    real = [text for person in seed.people().values() for text in person["biography"].values()]
    return localized(st.sampled_from(real) | long_texts())


def identifiers() -> Strategy:
    known = {
        scheme: st.from_regex(re.compile(CATALOGUES[scheme].shape, re.ASCII), fullmatch=True)
        for scheme in ("wikidata", "viaf", "isni")
    }
    return st.fixed_dictionaries({}, optional={**known, "bbk_az": texts()}).filter(bool)


def sources() -> Strategy:
    return st.sampled_from(seed.ids("sources"))


def records() -> Strategy:
    """Return a strategy of valid records with an id of the seed and any of the fields."""
    person = st.sampled_from(sorted(seed.people()))
    place = st.sampled_from(seed.ids("places"))
    cites = some(fields(source_=sources(), locator=texts()))
    original = fields(text_=texts(), calendar_=st.sampled_from(CALENDARS))

    def moments(days: Strategy) -> Strategy:
        return fields(date=days, place=place, original=original, cites=cites)

    def term(vocabulary: str) -> Strategy:
        return st.sampled_from(seed.terms(vocabulary))

    return fields(
        id_=person,
        names_=names(),
        gender=st.sampled_from(GENDERS),
        birth=moments(dates(last=1700)),
        death=moments(dates(first=1800)),
        floruit=moments(dates()),
        professions=some(term("profession")),
        countries=some(st.sampled_from(COUNTRIES)),
        connection=localized(texts()),
        headline=localized(texts()),
        biography=biographies(),
        events=some(
            fields(
                date=dates(),
                place=place,
                type=term("event"),
                text=localized(long_texts()),
                original=original,
                cites=cites,
            )
        ),
        relations=some(fields(type_=term("relation"), person_=person, date=dates(), cites=cites)),
        memberships=some(
            fields(
                organisation_=st.sampled_from(seed.ids("organisations")),
                role=localized(texts()),
                date=dates(),
                cites=cites,
            )
        ),
        works=some(fields(title_=localized(texts()), date=dates(), type=term("work"), cites=cites)),
        awards=some(fields(award_=term("award"), date=dates(), cites=cites)),
        media=some(
            fields(
                type_=st.sampled_from(MEDIA_TYPES),
                url_=st.sampled_from(
                    ["https://commons.wikimedia.org/wiki/File:A.jpg", "http://az.wikipedia.org"]
                ),
                licence=texts(),
                author=texts(),
                source=texts(),
                alt=localized(texts()),
            )
        ),
        identifiers=identifiers(),
        sources=some(sources()),
        checked=fields(on_=dates(), against=some(sources())),
    )
