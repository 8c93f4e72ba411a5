"""Hypothesis strategies of valid records, from ids and real names of the seed."""

import re
from typing import Any

from hypothesis import strategies as st

from biobank.common.i18n import LANGUAGES
from biobank.common.text import CONTROL_CHARS
from biobank.names.folding import has_letter
from biobank.records.countries import COUNTRY_CODES
from biobank.records.identifiers import EXTERNAL_CATALOGUES
from biobank.records.people.schemas import (
    CALENDAR_VALUES,
    GENDER_VALUES,
    MEDIA_TYPE_VALUES,
    PERSON_NAME_KINDS,
)
from tests.support import seed

Strategy = st.SearchStrategy[Any]

#: Any text that a record may contain; `max_chars` counts before white space is trimmed.
CHARACTERS = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))


def texts(max_chars: int = 60) -> Strategy:
    return st.text(CHARACTERS, min_size=1, max_size=max_chars).filter(_is_text)


def long_texts() -> Strategy:
    """Return a strategy of multi-line texts with tabs."""
    characters = CHARACTERS | st.sampled_from("\n\t")
    return st.text(characters, min_size=1, max_size=200).filter(_is_text)


def _is_text(text: str) -> bool:
    return bool(text.strip()) and not CONTROL_CHARS.search(text)


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


def lists(part: Strategy, max_size: int = 3) -> Strategy:
    return st.lists(part, min_size=1, max_size=max_size)


def names() -> Strategy:
    seed_names = [name for person in seed.people().values() for name in person["names"]]
    written = st.sampled_from(seed_names)
    generated = fields(
        text_=st.sampled_from([name["text"] for name in seed_names]) | texts().filter(has_letter),
        lang_=st.sampled_from(["az", "en", "ru", "fa", "tr", "az-Cyrl", "zh-hant", "und"]),
        script=st.sampled_from(["Latn", "Cyrl", "Arab"]),
        kind_=st.sampled_from(PERSON_NAME_KINDS),
    )
    with_part = st.builds(_state_part, generated, st.sampled_from(["family", "given"]))
    return lists(written | generated | with_part, 6).map(_one_preferred_per_language)


def _state_part(name: dict[str, str], part: str) -> dict[str, str]:
    """Return the name with its last word as the surname or the given name."""
    words = name["text"].replace(",", " ").split()
    return {**name, part: words[-1]} if words else name


def _one_preferred_per_language(name_list: list[dict[str, str]]) -> list[dict[str, str]]:
    seen: set[str] = set()
    deduplicated = []
    for name in name_list:
        if name["kind"] == "preferred" and name["lang"] in seen:
            name = {**name, "kind": "variant"}
        elif name["kind"] == "preferred":
            seen.add(name["lang"])
        deduplicated.append(name)
    return deduplicated


def biographies() -> Strategy:
    """Return a strategy of seed biographies with citations, or any text."""
    seed_texts = [text for person in seed.people().values() for text in person["biography"].values()]
    return localized(st.sampled_from(seed_texts) | long_texts())


def identifiers() -> Strategy:
    known = {
        scheme: st.from_regex(re.compile(EXTERNAL_CATALOGUES[scheme].pattern, re.ASCII), fullmatch=True)
        for scheme in ("wikidata", "viaf", "isni")
    }
    return st.fixed_dictionaries({}, optional={**known, "bbk_az": texts()}).filter(bool)


def sources() -> Strategy:
    return st.sampled_from(seed.ids("sources"))


def records() -> Strategy:
    """Return a strategy of valid records with an id of the seed and any of the fields."""
    person = st.sampled_from(sorted(seed.people()))
    place = st.sampled_from(seed.ids("places"))
    cites = lists(fields(source_=sources(), locator=texts()))
    original = fields(text_=texts(), calendar_=st.sampled_from(CALENDAR_VALUES))

    def vital_events(days: Strategy) -> Strategy:
        return fields(date=days, place=place, original=original, cites=cites)

    def term(vocabulary: str) -> Strategy:
        return st.sampled_from(seed.terms(vocabulary))

    return fields(
        id_=person,
        names_=names(),
        gender=st.sampled_from(GENDER_VALUES),
        birth=vital_events(dates(last=1700)),
        death=vital_events(dates(first=1800)),
        floruit=vital_events(dates()),
        professions=lists(term("profession")),
        countries=lists(st.sampled_from(COUNTRY_CODES)),
        connection=localized(texts()),
        headline=localized(texts()),
        biography=biographies(),
        events=lists(
            fields(
                date=dates(),
                place=place,
                type=term("event"),
                text=localized(long_texts()),
                original=original,
                cites=cites,
            )
        ),
        relations=lists(fields(type_=term("relation"), person_=person, date=dates(), cites=cites)),
        memberships=lists(
            fields(
                organisation_=st.sampled_from(seed.ids("organisations")),
                role=localized(texts()),
                date=dates(),
                cites=cites,
            )
        ),
        works=lists(fields(title_=localized(texts()), date=dates(), type=term("work"), cites=cites)),
        awards=lists(fields(award_=term("award"), date=dates(), cites=cites)),
        media=lists(
            fields(
                type_=st.sampled_from(MEDIA_TYPE_VALUES),
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
        sources=lists(sources()),
        checked=fields(on_=dates(), against=lists(sources())),
    )
