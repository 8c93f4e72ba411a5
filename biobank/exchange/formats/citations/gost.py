"""GOST R 7.0.5-2008 references; numbers in brackets are its clauses.

The description of a work (volume, pages) is in the language of the work. Notes about an electronic
work (type of resource, site, version, date of access) are in Russian, as is the whole reference to a
biography, whatever the language of the page.
"""

from dataclasses import dataclass

from biobank.exchange.formats.citations.item import CitedItem, CreatorName, PartialDate
from biobank.exchange.formats.citations.typography import (
    RichText,
    end_with,
    full_page_range,
    join,
    join_sentences,
    link,
    ordinal_edition,
    strip_trailing_punctuation,
    text,
    title_of,
)


@dataclass(frozen=True)
class GostTerms:
    """Terms for the parts of a work in one language."""

    volume: str
    pages: str
    et_al: str
    edition: str
    editor: str
    #: Months as they follow a day, separated by spaces; Russian ones per GOST R 7.0.12, in the genitive if
    #: not abbreviated.
    month_names: str

    @property
    def months(self) -> list[str]:
        return self.month_names.split()


LATIN_MONTHS = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec."
RUSSIAN_MONTHS = "янв. февр. марта апр. мая июня июля авг. сент. окт. нояб. дек."
AZERBAIJANI_MONTHS = "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr"
TURKISH_MONTHS = "Oca. Şub. Mart Nis. May. Haz. Tem. Ağu. Eyl. Eki. Kas. Ara."
GERMAN_MONTHS = "Jan. Febr. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez."
RUSSIAN_TERMS = GostTerms("Т.", "С.", "и др.", "изд.", "ред.", RUSSIAN_MONTHS)
LATIN_TERMS = GostTerms("Vol.", "P.", "et al.", "ed.", "ed.", LATIN_MONTHS)
#: Terms by language; others use the Latin ones, as English does.
TERMS_BY_LANGUAGE = {
    **dict.fromkeys(("ru", "uk", "bg", "be"), RUSSIAN_TERMS),
    "az": GostTerms("C.", "S.", "və b.", "nəşr", "red.", AZERBAIJANI_MONTHS),
    "tr": GostTerms("C.", "S.", "vd.", "bs.", "ed.", TURKISH_MONTHS),
    "de": GostTerms("Bd.", "S.", "[u. a.]", "Aufl.", "Hrsg.", GERMAN_MONTHS),
}


#: Maximum number of authors before the title; with more, the first follows the title.
MAX_GOST_AUTHORS = 3


def format_reference(item: CitedItem) -> RichText:
    """Format the reference.

    Areas are separated by full stops without dashes, as the standard allows.
    """
    item = item.russian or item
    terms = TERMS_BY_LANGUAGE.get(item.primary_language, LATIN_TERMS)
    return join_sentences(_authors_and_title(item, terms), *_areas(item, terms), _access(item))


def _authors_and_title(item: CitedItem, terms: GostTerms) -> RichText:
    """Format `Автор А. Б. Заглавие [Электронный ресурс] // Издание`."""
    leading_authors = item.authors[:MAX_GOST_AUTHORS] if len(item.authors) <= MAX_GOST_AUTHORS else ()
    names = end_with(text(", ".join(name.inverted_without_comma for name in leading_authors)))
    title = join(" ", (names, text(title_of(item))))
    kind = " [Электронный ресурс]" if item.link else ""
    result = title + kind + (f" : {item.genre}" if item.genre else "")
    if len(item.authors) > MAX_GOST_AUTHORS:
        result += f" / {item.authors[0].initials_first} [{terms.et_al.strip('[]')}]"
    if not item.is_part and item.editors:
        result += f" / {terms.editor} {_people(item.editors)}"
    return result + _container(item, terms)


def _container(item: CitedItem, terms: GostTerms) -> RichText:
    container = strip_trailing_punctuation(
        item.container or item.archive or (item.publisher if item.is_web else "")
    )
    if not container:
        return RichText()
    # A whole work within another is on a web site (`… // Восточный фронт : [сайт]`, clause 10).
    printed = item.is_periodical or (item.is_part and not item.version)
    site = "" if printed or item.archive else " : [сайт]"
    editors = f" / {terms.editor} {_people(item.editors)}" if item.is_part and item.editors else ""
    return text(f" // {container}{site}{editors}")


def _people(names: tuple[CreatorName, ...]) -> str:
    return ", ".join(name.initials_first for name in names)


def _areas(item: CitedItem, terms: GostTerms) -> tuple[RichText, ...]:
    volume = f"{terms.volume} {item.volume}" if item.volume else ""
    number = f"№ {item.issue}" if item.issue else ""
    return (
        text(_edition(item, terms)),
        text(f"Версия {item.version}" if item.version else ""),
        *_publication(item, terms),
        join(", ", (text(volume), text(number))),
        text(f"{terms.pages} {full_page_range(item.pages)}" if item.pages else ""),
        text(item.shelf),
    )


def _edition(item: CitedItem, terms: GostTerms) -> str:
    """Format `2-е изд.`, `2nd ed.` or `2. Aufl.`; an edition in words stays as it is."""
    if not item.edition.isdecimal():
        return item.edition
    if item.primary_language == "en":
        return ordinal_edition(item.edition)
    return f"{item.edition}{'-е' if terms is RUSSIAN_TERMS else '.'} {terms.edition}"


def _publication(item: CitedItem, terms: GostTerms) -> tuple[RichText, ...]:
    """Format `М. : Проспект, 2006` or `2006. 12 янв.`; for living documents the update (10.4.4)."""
    day = item.issued
    if item.version:
        return (text(f"Дата обновления: {_numeric_date(day)}" if day else ""),)
    if item.is_periodical or item.is_web:
        exact = f"{day.day or ''} {terms.months[day.month - 1]}" if day and day.month else ""
        return text(day.years if day else ""), text(exact.strip())
    imprint = join(" : ", (text(item.place), text(strip_trailing_punctuation(item.publisher))))
    return (join(", ", (imprint, text(day.years if day else ""))),)


def _access(item: CitedItem) -> RichText:
    """Format `URL: … (дата обращения: 23.11.2026)` (10.4.5)."""
    if not item.link:
        return RichText()
    accessed = f" (дата обращения: {_numeric_date(item.accessed)})" if item.accessed else ""
    return text("URL: ") + link(item.link) + accessed


def _numeric_date(day: PartialDate) -> str:
    parts = [f"{part:02}" for part in (day.day, day.month) if part]
    return ".".join([*parts, day.years])
