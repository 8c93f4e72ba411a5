"""Rich text of citations: runs of text, some in italics or linked, and the typography of their parts.

Joining two parts adds a punctuation mark only if the first does not already end with one, so that a
citation never reads `?.` or `..` because of the end of a title.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from biobank.exchange.formats.citations.item import CitedItem, PartialDate

#: Punctuation marks that end a sentence.
SENTENCE_ENDS = ".!?…"
#: Characters that may follow such a mark.
CLOSING_MARKS = '”’»"'


@dataclass(frozen=True)
class TextRun:
    """A run of text in one style; `url` is its http or https link."""

    text: str
    italic: bool = False
    url: str = ""

    @property
    def html(self) -> str:
        text = escape(self.text)
        if self.italic:
            text = f"<i>{text}</i>"
        return f'<a href="{escape(self.url)}">{text}</a>' if self.url else text


@dataclass(frozen=True)
class RichText:
    """A citation or a part of one, as a sequence of runs."""

    runs: tuple[TextRun, ...] = ()

    def __add__(self, other: "RichText | str") -> "RichText":
        appended = text(other) if isinstance(other, str) else other
        return RichText(self.runs + appended.runs)

    def __bool__(self) -> bool:
        return any(run.text for run in self.runs)

    @property
    def plain(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def html(self) -> str:
        """Return safe HTML: everything is escaped except the tags for italics and links."""
        return "".join(run.html for run in self.runs)


def text(value: str) -> RichText:
    return RichText((TextRun(value),)) if value else RichText()


def italic(value: str) -> RichText:
    return RichText((TextRun(value, italic=True),)) if value else RichText()


def link(url: str) -> RichText:
    return RichText((TextRun(url, url=url),)) if url else RichText()


def end_with(part: RichText, mark: str = ".") -> RichText:
    """Append the mark to a part, unless it already ends with one."""
    last_char = part.plain.rstrip(CLOSING_MARKS)[-1:]
    existing_marks = SENTENCE_ENDS if mark == "." else mark
    return part if not part or last_char in existing_marks else part + mark


def join_sentences(*parts: RichText) -> RichText:
    """Join the non-empty parts with spaces, each ended by a full stop."""
    return join(" ", (end_with(part) for part in parts if part))


def join(separator: str, parts: Iterable[RichText]) -> RichText:
    """Join the non-empty parts with a separator, without doubling its punctuation mark."""
    result = RichText()
    mark, space = separator[:1].strip(), separator[1:] if separator[:1].strip() else separator
    for part in parts:
        if not part:
            continue
        if result:
            result = (end_with(result, mark) if mark else result) + space
        result += part
    return result


def join_spaced(first: RichText, *following: RichText) -> RichText:
    """Join the parts with spaces, without adding punctuation."""
    return join(" ", (first, *following))


def _split_words(names: str) -> tuple[str, ...]:
    return tuple(names.split())


ENGLISH_MONTHS = _split_words(
    "January February March April May June July August September October November December"
)
#: MLA abbreviations (MLA 9, Appendix 1): names of up to four letters stay whole.
SHORT_MONTHS = _split_words("Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.")
#: Words not capitalised in headlines: articles, prepositions, coordinating conjunctions (CMOS
#: 8.159).
HEADLINE_LOWERCASE = frozenset(
    _split_words(
        "a an the and but for or nor yet so as at by down from in into like near of off on onto"
        " over past per than to up upon via vs vs. with without about after against among between"
        " during through under"
    )
)
HEADLINE_WORD = re.compile(r"[^\s\-–—/]+")
PAGE_RANGE = re.compile(r"(?<!\d)(\d++)\s*+[-–—]\s*+(\d++)")
#: Characters before a word that tell whether it begins a sentence.
SENTENCE_START_CHARS = 4


def title_of(item: CitedItem) -> str:
    """Return the title without the final full stop, which the style adds."""
    return strip_trailing_punctuation(item.title)


def strip_trailing_punctuation(value: str) -> str:
    """Remove trailing punctuation that only separates a text from what would follow."""
    stripped = value.rstrip(" ,;:")
    return stripped[:-1].rstrip() if stripped.endswith(".") and not _ends_abbreviated(stripped) else stripped


def _ends_abbreviated(value: str) -> bool:
    # An ellipsis or an apparent abbreviation: `Vol.`, `Z. M.`, `1941–1946 гг.`.
    return value.endswith("..") or bool(re.search(r"\b\w{1,3}\.$", value))


def capitalize_headline(item: CitedItem, value: str) -> str:
    """Capitalise the words of an English title; other languages keep their own rules.

    Words with a capital anywhere stay as they are: names and abbreviations. So does a title that is
    a person's name: `al-Khatib al-Tabrizi`, `Nasib bey (c. 1881–1920)`.
    """
    if item.primary_language != "en" or item.is_name:
        return value
    words = list(HEADLINE_WORD.finditer(value))
    result = value
    for index, match in enumerate(reversed(words)):
        word = match[0]
        before = value[max(match.start() - SENTENCE_START_CHARS, 0) : match.start()]
        first = index == len(words) - 1 or re.search(r"[:.?!—]\s*[“\"‘]?$", before)
        last = index == 0
        bare_word = word.strip("“”\"‘’'(),.;:!?[]").casefold()
        if word != word.lower() or (bare_word in HEADLINE_LOWERCASE and not first and not last):
            continue
        letter = re.search(r"[^\W\d_]", word)
        if letter and not word[:1].isdigit():
            at_letter = match.start() + letter.start()
            result = result[:at_letter] + result[at_letter].upper() + result[at_letter + 1 :]
    return result


def quote_title(value: str) -> RichText:
    """Put a title in American quotation marks: full stop inside, inner marks single."""
    inner = re.sub(r'(^|[\s(\[—–-])"', r"\1‘", value).replace('"', "’")
    inner = inner.replace("”,", ",”").replace("“", "‘").replace("”", "’").replace("„", "‘")
    if inner.rstrip("’»")[-1:] in SENTENCE_ENDS:
        return text(f"“{inner}”")
    # The full stop goes inside the single marks too: ‘Əkinçi.’”
    closing = "’" if inner.endswith("’") and "‘" in inner else ""
    return text(f"“{inner.removesuffix(closing)}.{closing}”")


def container_title(value: str) -> RichText:
    """Return the name of a container, in italics."""
    return italic(strip_trailing_punctuation(value))


def is_range(pages: str) -> bool:
    return bool(PAGE_RANGE.search(pages)) or "," in pages


def full_page_range(pages: str) -> str:
    """Format `100-105` as `100–105`."""
    return PAGE_RANGE.sub(r"\1–\2", pages)


def chicago_page_range(pages: str) -> str:
    """Format `723–24`, `101–8`, `100–105` (CMOS 9.61)."""
    return PAGE_RANGE.sub(lambda match: f"{match[1]}–{_chicago_end(match[1], match[2])}", pages)


def mla_page_range(pages: str) -> str:
    """Format `723–24`, `103–04` (MLA, chapter 2)."""
    return PAGE_RANGE.sub(lambda match: f"{match[1]}–{_shortened_end(match[1], match[2])}", pages)


def _shortened_end(first: str, last: str) -> str:
    shortens = len(first) == len(last) >= 3 and first[:-2] == last[:-2]
    return last[-2:] if shortens else last


def _chicago_end(first: str, last: str) -> str:
    short = _shortened_end(first, last)
    # Multiples of 100 keep the whole second number; otherwise leading zeros are dropped.
    return last if first.endswith("00") else short.lstrip("0") if short != last else last


def ordinal_edition(edition: str) -> str:
    """Format a number as `2nd ed.`; an edition in words stays as it is."""
    if not edition.isdecimal():
        return edition
    teens = edition[-2:] in ("11", "12", "13")
    suffix = "th" if teens else {"1": "st", "2": "nd", "3": "rd"}.get(edition[-1], "th")
    return f"{edition}{suffix} ed."


def american_date(day: PartialDate) -> str:
    """Format `October 26, 2018`, `October 2018` or `2018`."""
    if not day.month:
        return day.years
    month = ENGLISH_MONTHS[day.month - 1]
    return f"{month} {day.day}, {day.year}" if day.day else f"{month} {day.year}"


def day_first_date(day: PartialDate) -> str:
    """Format `26 Oct. 2018`, `Oct. 2018` or `2018`."""
    parts = (str(day.day or ""), SHORT_MONTHS[day.month - 1] if day.month else "", day.years)
    return " ".join(part for part in parts if part)
