"""Terms of GOST references in the language of the cited work."""

from dataclasses import dataclass


def split_months(names: str) -> tuple[str, ...]:
    """Split a list of twelve month names, as they follow a day."""
    return tuple(names.split())


@dataclass(frozen=True)
class GostTerms:
    """Terms for the parts of a work in one language."""

    volume: str
    pages: str
    et_al: str = "et al."
    edition: str = "ed."
    editor: str = "ed."
    version: str = "Version"
    electronic: str = "Электронный ресурс"
    site: str = "сайт"
    months: tuple[str, ...] = split_months(
        "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec."
    )


#: Months per GOST R 7.0.12, in the genitive if not abbreviated.
RUSSIAN_TERMS = GostTerms(
    "Т.",
    "С.",
    "и др.",
    "изд.",
    "ред.",
    "Версия",
    months=split_months("янв. февр. марта апр. мая июня июля авг. сент. окт. нояб. дек."),
)
AZERBAIJANI_TERMS = GostTerms(
    "C.",
    "S.",
    "və b.",
    "nəşr",
    "red.",
    "Versiya",
    months=split_months(
        "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr"
    ),
)
TURKISH_TERMS = GostTerms(
    "C.",
    "S.",
    "vd.",
    "bs.",
    "ed.",
    months=split_months("Oca. Şub. Mart Nis. May. Haz. Tem. Ağu. Eyl. Eki. Kas. Ara."),
)
GERMAN_TERMS = GostTerms(
    "Bd.",
    "S.",
    "[u. a.]",
    "Aufl.",
    "Hrsg.",
    months=split_months("Jan. Febr. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez."),
)
ENGLISH_TERMS = GostTerms("Vol.", "P.", electronic="Electronic resource", site="website")
LATIN_TERMS = GostTerms("Vol.", "P.")
#: Terms by language; other languages use the Latin ones.
TERMS_BY_LANGUAGE = {
    "ru": RUSSIAN_TERMS,
    "uk": RUSSIAN_TERMS,
    "bg": RUSSIAN_TERMS,
    "be": RUSSIAN_TERMS,
    "az": AZERBAIJANI_TERMS,
    "tr": TURKISH_TERMS,
    "de": GERMAN_TERMS,
    "en": ENGLISH_TERMS,
}


def terms_for(language: str) -> GostTerms:
    """Return the terms of a language; the Latin ones if it is not listed."""
    return TERMS_BY_LANGUAGE.get(language, LATIN_TERMS)
