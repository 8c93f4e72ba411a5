"""Rich text of citations: runs of text, some in italics or linked.

Joining two parts adds a punctuation mark only if the first does not already end with one, so that a
citation never reads `?.` or `..` because of the end of a title.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from html import escape

from biobank.exchange.exports.export_context import ExportContext, collapse_whitespace
from biobank.exchange.formats.citations.item import CitationEntry, CitedItem, PartialDate
from biobank.records.people.record import PersonRecord

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


#: Separator of keywords, which no label of a term contains.
KEYWORD_SEPARATOR = "; "


@dataclass(frozen=True)
class CitedRevision:
    """The cited revision: its number, date of publication and permanent URL."""

    number: int
    published_on: date
    url: str


def biography_item(
    record: PersonRecord, context: ExportContext, revision: CitedRevision | None = None
) -> CitedItem:
    """Return the biography in the context's language; without a revision, the current state."""
    russian = replace(context, lang="ru")
    return CitedItem(
        type="entry-encyclopedia",
        title=collapse_whitespace(context.title(record)),
        container=context.bank_name,
        version=str(revision.number) if revision else "",
        issued=_partial_date(revision.published_on) if revision else None,
        accessed=_partial_date(context.date),
        url=revision.url if revision else context.url(record["id"]),
        lang=context.lang,
        abstract=collapse_whitespace(context.headline(record)),
        keywords=KEYWORD_SEPARATOR.join(context.professions(record)),
        is_name=True,
        russian=None if context.lang == "ru" else biography_item(record, russian, revision),
    )


def biography_entries(records: Iterable[PersonRecord], context: ExportContext) -> Iterator[CitationEntry]:
    """Return the entries of many people in their current state, for exports."""
    return (CitationEntry(record["id"], biography_item(record, context)) for record in records)


def _partial_date(published_on: date) -> PartialDate:
    return PartialDate(published_on.year, published_on.month, published_on.day)
