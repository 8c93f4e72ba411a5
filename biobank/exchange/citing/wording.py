"""Titles, quotation marks, page ranges and dates in the English-language styles."""

import re

from biobank.exchange.citing.item import Day, Item
from biobank.exchange.citing.line import ENDS, Line, italic, text


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


MONTHS = _words(
    "January February March April May June July August September October November December"
)
#: MLA abbreviations (MLA 9, Appendix 1): names of up to four letters stay whole.
SHORT_MONTHS = _words("Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.")
#: Words not capitalised in headlines: articles, prepositions, coordinating conjunctions (CMOS
#: 8.159).
SMALL = frozenset(
    _words(
        "a an the and but for or nor yet so as at by down from in into like near of off on onto"
        " over past per than to up upon via vs vs. with without about after against among between"
        " during through under"
    )
)
WORD = re.compile(r"[^\s\-–—/]+")
PAGES = re.compile(r"(\d+)\s*[-–—]\s*(\d+)")


def title_of(item: Item) -> str:
    """Return the title without the final full stop, which the style adds."""
    return trimmed(item.title)


def trimmed(value: str) -> str:
    """Remove trailing punctuation that only separates a text from what would follow."""
    cut = value.rstrip(" ,;:")
    return cut[:-1].rstrip() if cut.endswith(".") and not _keeps_its_stop(cut) else cut


def _keeps_its_stop(value: str) -> bool:
    # An ellipsis or an apparent abbreviation: `Vol.`, `Z. M.`, `1941–1946 гг.`.
    return value.endswith("..") or bool(re.search(r"\b\w{1,3}\.$", value))


def headline(item: Item, value: str) -> str:
    """Capitalise the words of an English title; other languages keep their own rules.

    Words with a capital anywhere stay as they are: names and abbreviations. So does a title that is
    a person's name: `al-Khatib al-Tabrizi`, `Nasib bey (c. 1881–1920)`.
    """
    if item.tongue != "en" or item.is_name:
        return value
    words = list(WORD.finditer(value))
    made = value
    for at, found in enumerate(reversed(words)):
        word = found[0]
        first = at == len(words) - 1 or re.search(r"[:.?!—]\s*[“\"‘]?$", value[: found.start()])
        last = at == 0
        bare = word.strip("“”\"‘’'(),.;:!?[]").casefold()
        if word != word.lower() or (bare in SMALL and not first and not last):
            continue
        letter = re.search(r"[^\W\d_]", word)
        if letter and not word[:1].isdigit():
            at_letter = found.start() + letter.start()
            made = made[:at_letter] + made[at_letter].upper() + made[at_letter + 1 :]
    return made


def quoted(value: str) -> Line:
    """Put a title in American quotation marks: full stop inside, inner marks single."""
    inner = re.sub(r'(^|[\s(\[—–-])"', r"\1‘", value).replace('"', "’")
    inner = inner.replace("”,", ",”").replace("“", "‘").replace("”", "’").replace("„", "‘")
    if inner.rstrip("’»")[-1:] in ENDS:
        return text(f"“{inner}”")
    # The full stop goes inside the single marks too: ‘Əkinçi.’”
    closing = "’" if inner.endswith("’") and "‘" in inner else ""
    return text(f"“{inner.removesuffix(closing)}.{closing}”")


def named(value: str) -> Line:
    """Return the name of a container, in italics."""
    return italic(trimmed(value))


def is_range(pages: str) -> bool:
    return bool(PAGES.search(pages)) or "," in pages


def full_range(pages: str) -> str:
    """Format `100-105` as `100–105`."""
    return PAGES.sub(r"\1–\2", pages)


def chicago_range(pages: str) -> str:
    """Format `723–24`, `101–8`, `100–105` (CMOS 9.61)."""
    return PAGES.sub(lambda found: f"{found[1]}–{_chicago(found[1], found[2])}", pages)


def mla_range(pages: str) -> str:
    """Format `723–24`, `103–04` (MLA, chapter 2)."""
    return PAGES.sub(lambda found: f"{found[1]}–{_last_two(found[1], found[2])}", pages)


def _last_two(first: str, last: str) -> str:
    shortens = len(first) == len(last) >= 3 and first[:-2] == last[:-2]
    return last[-2:] if shortens else last


def _chicago(first: str, last: str) -> str:
    short = _last_two(first, last)
    # Multiples of 100 keep the whole second number; otherwise leading zeros are dropped.
    return last if first.endswith("00") else short.lstrip("0") if short != last else last


def ordinal(edition: str) -> str:
    """Format a number as `2nd ed.`; an edition in words stays as it is."""
    if not edition.isdecimal():
        return edition
    teens = edition[-2:] in ("11", "12", "13")
    end = "th" if teens else {"1": "st", "2": "nd", "3": "rd"}.get(edition[-1], "th")
    return f"{edition}{end} ed."


def american(day: Day) -> str:
    """Format `October 26, 2018`, `October 2018` or `2018`."""
    if not day.month:
        return day.years
    month = MONTHS[day.month - 1]
    return f"{month} {day.day}, {day.year}" if day.day else f"{month} {day.year}"


def day_first(day: Day) -> str:
    """Format `26 Oct. 2018`, `Oct. 2018` or `2018`."""
    parts = (str(day.day or ""), SHORT_MONTHS[day.month - 1] if day.month else "", day.years)
    return " ".join(part for part in parts if part)
