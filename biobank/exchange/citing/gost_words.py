"""Terms of GOST references in the language of the cited work."""

from dataclasses import dataclass


def months_of(line: str) -> tuple[str, ...]:
    """Split a list of twelve month names, as they follow a day."""
    return tuple(line.split())


@dataclass(frozen=True)
class Words:
    """Terms for the parts of a work in one language."""

    volume: str
    pages: str
    others: str = "et al."
    edition: str = "ed."
    edited: str = "ed."
    version: str = "Version"
    electronic: str = "Электронный ресурс"
    site: str = "сайт"
    months: tuple[str, ...] = months_of(
        "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec."
    )


#: Months per GOST R 7.0.12, in the genitive if not abbreviated.
RUSSIAN = Words(
    "Т.",
    "С.",
    "и др.",
    "изд.",
    "ред.",
    "Версия",
    months=months_of("янв. февр. марта апр. мая июня июля авг. сент. окт. нояб. дек."),
)
AZERBAIJANI = Words(
    "C.",
    "S.",
    "və b.",
    "nəşr",
    "red.",
    "Versiya",
    months=months_of(
        "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr"
    ),
)
TURKISH = Words(
    "C.",
    "S.",
    "vd.",
    "bs.",
    "ed.",
    months=months_of("Oca. Şub. Mart Nis. May. Haz. Tem. Ağu. Eyl. Eki. Kas. Ara."),
)
GERMAN = Words(
    "Bd.",
    "S.",
    "[u. a.]",
    "Aufl.",
    "Hrsg.",
    months=months_of("Jan. Febr. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez."),
)
ENGLISH = Words("Vol.", "P.", electronic="Electronic resource", site="website")
OTHERS = Words("Vol.", "P.")
#: Terms by language; other languages use the Latin ones.
WORDS = {
    "ru": RUSSIAN,
    "uk": RUSSIAN,
    "bg": RUSSIAN,
    "be": RUSSIAN,
    "az": AZERBAIJANI,
    "tr": TURKISH,
    "de": GERMAN,
    "en": ENGLISH,
}


def words_of(tongue: str) -> Words:
    """Return the terms of a language; the Latin ones if it is not listed."""
    return WORDS.get(tongue, OTHERS)
