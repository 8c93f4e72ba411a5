"""GOST R 7.0.5-2008 references; numbers in brackets are its clauses.

The description of the work (volume, pages) is in the language of the work. What the citing author
adds about an electronic work (address, date of access) is in Russian.
"""

from biobank.exchange.citing.gost_words import ENGLISH, RUSSIAN, Words, words_of
from biobank.exchange.citing.item import Day, Item
from biobank.exchange.citing.line import Line, ended, joined, link, sentences, text
from biobank.exchange.citing.names import Name
from biobank.exchange.citing.wording import full_range, ordinal, title_of, trimmed

#: Maximum number of authors before the title; with more, the first follows the title.
AUTHORS_MOST = 3


def write(item: Item) -> Line:
    """Format the reference.

    Areas are separated by full stops without dashes, as the standard allows.
    """
    words = words_of(item.tongue)
    return sentences(_head(item, words), *_areas(item, words), _address(item))


def _head(item: Item, words: Words) -> Line:
    """Format `Автор А. Б. Заглавие [Электронный ресурс] // Издание`."""
    first = item.authors[:AUTHORS_MOST] if len(item.authors) <= AUTHORS_MOST else ()
    names = ended(text(", ".join(name.spaced for name in first)))
    title = joined(" ", (names, text(title_of(item))))
    kind = f" [{words.electronic}]" if item.link else ""
    made = title + kind + (f" : {item.genre}" if item.genre else "")
    if len(item.authors) > AUTHORS_MOST:
        made += f" / {item.authors[0].initials_first} [{words.others.strip('[]')}]"
    if not item.is_part and item.editors:
        made += f" / {words.edited} {_people(item.editors)}"
    return made + _holder(item, words)


def _holder(item: Item, words: Words) -> Line:
    holder = trimmed(item.container or item.archive or (item.publisher if item.is_web else ""))
    if not holder:
        return Line()
    # A whole work within another is on a web site (`… // Восточный фронт : [сайт]`, clause 10).
    printed = item.is_periodical or (item.is_part and not item.version)
    site = "" if printed or item.archive else f" : [{words.site}]"
    by = f" / {words.edited} {_people(item.editors)}" if item.is_part and item.editors else ""
    return text(f" // {holder}{site}{by}")


def _people(names: tuple[Name, ...]) -> str:
    return ", ".join(name.initials_first for name in names)


def _areas(item: Item, words: Words) -> tuple[Line, ...]:
    volume = f"{words.volume} {item.volume}" if item.volume else ""
    number = f"№ {item.issue}" if item.issue else ""
    return (
        text(_edition(item, words)),
        text(f"{words.version} {item.version}" if item.version else ""),
        *_when(item, words),
        joined(", ", (text(volume), text(number))),
        text(f"{words.pages} {full_range(item.pages)}" if item.pages else ""),
        text(item.shelf),
    )


def _edition(item: Item, words: Words) -> str:
    """Format `2-е изд.`, `2nd ed.` or `2. Aufl.`; an edition in words stays as it is."""
    if not item.edition.isdecimal():
        return item.edition
    if words is ENGLISH:
        return ordinal(item.edition)
    return f"{item.edition}{'-е' if words is RUSSIAN else '.'} {words.edition}"


def _when(item: Item, words: Words) -> tuple[Line, ...]:
    """Format `М. : Проспект, 2006` or `2006. 12 янв.`; for living documents the update (10.4.4)."""
    day = item.issued
    if item.version:
        return (text(f"Дата обновления: {_numbers(day)}" if day else ""),)
    if item.is_periodical or item.is_web:
        exact = f"{day.day or ''} {words.months[day.month - 1]}" if day and day.month else ""
        return text(day.years if day else ""), text(exact.strip())
    house = joined(" : ", (text(item.place), text(trimmed(item.publisher))))
    return (joined(", ", (house, text(day.years if day else ""))),)


def _address(item: Item) -> Line:
    """Format `URL: … (дата обращения: 23.11.2026)` (10.4.5)."""
    if not item.link:
        return Line()
    read = f" (дата обращения: {_numbers(item.accessed)})" if item.accessed else ""
    return text("URL: ") + link(item.link) + read


def _numbers(day: Day) -> str:
    parts = [f"{part:02}" for part in (day.day, day.month) if part]
    return ".".join([*parts, day.years])
