"""What the tools return. The SDK publishes these classes as the output schemas of the tools."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Url = Annotated[str, Field(description="Permanent address")]


class ToolOutput(BaseModel):
    """The base class of all outputs."""

    model_config = ConfigDict(frozen=True)


class LabelledRef(ToolOutput):
    """A place, term, country or organisation with its label in the requested language."""

    id: str
    label: str
    url: Url


class PersonRef(ToolOutput):
    """A person as other records refer to them."""

    id: str
    name: str
    years: Annotated[str, Field(description="Years of life, empty if unknown")]
    headline: str
    url: Url


class CitedWork(ToolOutput):
    """A cited work."""

    id: str
    citation: Annotated[str, Field(description="The work in APA style")]
    url: Url
    link: Annotated[str, Field(description="Where the work itself is online; empty if unknown")]


class CitedSource(ToolOutput):
    """A source that supports a statement; `sources` of the answer has the work."""

    source: str
    locator: Annotated[str, Field(description="Page or section, empty if not stated")]
    url: Url


class PersonStatement(ToolOutput):
    """One fact of a record, or one paragraph or sentence of a biography."""

    id: Annotated[str, Field(description="Argument of the tool `statement`")]
    kind: Annotated[
        str, Field(description="birth, death, floruit, event, relation, membership, work, award or biography")
    ]
    type: Annotated[LabelledRef | None, Field(description="Kind of event, relation or work, or the award")]
    text: Annotated[str, Field(description="Title, role or text as the record states it; may be empty")]
    date: Annotated[str, Field(description="EDTF date (ISO 8601-2), empty if not stated")]
    date_label: Annotated[str, Field(description="The date in words")]
    place: LabelledRef | None
    organisation: LabelledRef | None
    person: Annotated[PersonRef | None, Field(description="The other person of a relation")]
    cites: list[CitedSource]
    url: Url


class RevisionRef(ToolOutput):
    """A published revision, which never changes."""

    number: int
    published: Annotated[str, Field(description="Day of publication, YYYY-MM-DD")]
    url: Url


class FacetCount(ToolOutput):
    """A value of a facet."""

    id: Annotated[str, Field(description="Value of `filters`")]
    label: str
    people: int
    url: Annotated[str, Field(description="Search page with this value")]


class FacetCounts(ToolOutput):
    """The values of a facet with the most people."""

    facet: str
    values: list[FacetCount]
    omitted: Annotated[int, Field(description="Further values beyond `limit`")]


class ExploreOutput(ToolOutput):
    """Counts of the whole bank or of a search."""

    total: Annotated[int, Field(description="People found")]
    url: Annotated[str, Field(description="Search page with the same people")]
    facets: list[FacetCounts]
    problems: Annotated[list[str], Field(description="What of the query was not understood")]


class FoundPerson(PersonRef):
    """A person in the results of a search."""

    professions: list[str]
    matched: Annotated[list[str], Field(description="Names that match, and why")]
    snippets: Annotated[list[str], Field(description="Passages of the record with words of the query")]
    sources: Annotated[list[str], Field(description="Permanent addresses of the sources of the record")]


class AnswerStatement(ToolOutput):
    """A fact, or a sentence quoted from a biography, that answers a question."""

    person: Annotated[str, Field(description="Id of the person")]
    name: str
    statement: Annotated[
        str, Field(description="Argument of the tool `statement`; empty for names and professions")
    ]
    label: Annotated[str, Field(description="Kind of fact, if it has one")]
    text: Annotated[str, Field(description="The value, or the sentence as it is written")]
    lang: str
    date: Annotated[str, Field(description="The date in words, empty if not stated")]
    sources: list[CitedSource]
    sources_of: Annotated[
        Literal["statement", "record"],
        Field(description="statement: cited for it. record: it cites none; these are of the record"),
    ]
    url: Url
    revision: Annotated[str, Field(description="Permanent address of the revision that says so")]


class AnswerOutput(ToolOutput):
    """What the bank says in answer to a question. Nothing is generated."""

    kind: Annotated[
        str, Field(description="person: the question asks who. statement: one fact. list: several facts")
    ]
    text: Annotated[str, Field(description="The answer in one line")]
    statements: list[AnswerStatement]


class SearchOutput(ToolOutput):
    """One page of results."""

    total: int
    page: int
    size: int
    match: Annotated[
        str,
        Field(
            description="found: all conditions hold. partial: some words were dropped. did_you_mean: "
            "only similar names were found, which may be other people."
        ),
    ]
    understood: Annotated[list[str], Field(description="Conditions as interpreted")]
    problems: Annotated[list[str], Field(description="What of the query was not understood")]
    did_you_mean: list[str]
    people: list[FoundPerson]
    answer: Annotated[
        AnswerOutput | None,
        Field(description="If `q` is a question that the bank answers: who, when, where, what"),
    ] = None
    url: Annotated[str, Field(description="Search page with the same results")]


class WrittenName(ToolOutput):
    """One written form of a name."""

    text: str
    lang: str
    kind: str


class ExternalId(ToolOutput):
    """The person in another catalogue; `url` is empty for catalogues whose addresses are unknown."""

    scheme: str
    value: str
    url: str


class PersonOutput(PersonRef):
    """A published biography in one language."""

    requested_id: Annotated[str, Field(description="Differs from `id` if records were merged")]
    sort_name: Annotated[str, Field(description="The name surname first: Hacıbəyov, Üzeyir")]
    gender: str
    names: list[WrittenName]
    connection: Annotated[str, Field(description="Why the person is in the bank")]
    professions: list[LabelledRef]
    countries: list[LabelledRef]
    biography_lang: Annotated[str, Field(description="Language of the biography, empty if there is none")]
    biography: Annotated[list[PersonStatement], Field(description="Paragraphs")]
    statements: list[PersonStatement]
    sources: list[CitedWork]
    identifiers: list[ExternalId]
    revision: RevisionRef
    licence: Annotated[str, Field(description="Address of the licence of the text")]


class StatementOutput(ToolOutput):
    """One statement with its sources."""

    person: PersonRef
    statement: PersonStatement
    sources_of: Annotated[
        Literal["statement", "record"],
        Field(
            description="statement: it cites the sources itself. record: it cites none; these are all of the record"
        ),
    ]
    sources: list[CitedWork]
    revision: RevisionRef


class RelatedPersonRef(ToolOutput):
    """A relation of a person to another, whose role is `type`."""

    person: PersonRef
    type: LabelledRef
    date: str
    cites: list[CitedSource]
    record_sources: Annotated[
        list[str], Field(description="If it cites none: permanent addresses of the sources of the record")
    ]
    stated_in: Annotated[str, Field(description="Id of the person whose record has the statement")]
    statement: Annotated[str, Field(description="Id of the statement there")]
    url: Url


class PathStep(ToolOutput):
    """A person on a path, and their relations to the person before; none for the first."""

    person: PersonRef
    relations: list[RelatedPersonRef]


class ConnectionsOutput(ToolOutput):
    """The relations of a person, or the shortest paths between two people."""

    person: PersonRef
    relations: list[RelatedPersonRef]
    other: PersonRef | None
    paths: Annotated[list[list[PathStep]], Field(description="Empty if there is no path, or no `other`")]
    sources: list[CitedWork]


class CitationOutput(ToolOutput):
    """A citation of a biography or of a source."""

    id: str
    style: str
    lang: str
    text: str
    revision: RevisionRef | None
    sources: Annotated[list[CitedWork], Field(description="Sources of the biography, or the source itself")]
    url: Url
