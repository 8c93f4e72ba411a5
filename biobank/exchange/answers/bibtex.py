"""BibTeX for LaTeX: a `@misc` a person, which asks for no author, publisher or year.

Letters stay as they are in UTF-8, as every engine of today reads them; what TeX would take for a
command is escaped. The id of a person is the key: ASCII, and nobody else's.
"""

from collections.abc import Iterable, Iterator

from biobank.exchange.answers.edition import Edition, in_one_line
from biobank.records.people.mapping import Record

#: Braces by name, for BibTeX counts even those with a backslash in front.
ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{special: f"\\{special}" for special in "&%$#_"},
    }
)
#: In an address nothing is escaped; what would end the field is percent-encoded.
ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
#: As the packages babel and biblatex call the languages.
LANGUAGE_IDS = {"az": "azerbaijani", "en": "english", "ru": "russian"}


def write(records: Iterable[Record], edition: Edition) -> Iterator[str]:
    """An entry a person, an empty line between two."""
    for record in records:
        lines = (f"  {name} = {{{value}}},\n" for name, value in _fields(record, edition))
        yield f"@misc{{{record['id']},\n{''.join(lines)}}}\n\n"


def escaped(text: str) -> str:
    """Text in one line that TeX prints as it stands."""
    return in_one_line(text).translate(ESCAPES)


def _fields(record: Record, edition: Edition) -> Iterator[tuple[str, str]]:
    name, years = escaped(edition.name(record)), escaped(edition.years(record))
    # Styles change the case of titles, but not within braces of their own.
    yield "title", f"{{{name}}} ({years})" if years else f"{{{name}}}"
    # What there is to sort by where there is no author.
    yield "key", name
    yield "howpublished", escaped(edition.bank)
    yield "url", edition.url(record["id"]).translate(ADDRESS)
    yield "urldate", f"{edition.day:%Y-%m-%d}"
    yield "langid", LANGUAGE_IDS[edition.lang]
    if professions := edition.professions(record):
        yield "keywords", ", ".join(map(escaped, professions))
    if headline := edition.headline(record):
        yield "abstract", escaped(headline)
