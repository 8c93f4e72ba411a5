"""Response schemas of the OpenAPI document. Records have their own schemas in `records`."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from biobank.editorial.revisions.record_diff import CHANGE_KINDS
from biobank.records.media.urls import SQUARE, picture_file_path
from biobank.records.organisations.schemas import OrganisationSchema
from biobank.records.people.schemas import PersonSchema
from biobank.records.places.schemas import PlaceSchema
from biobank.records.sources.schemas import SourceSchema
from biobank.records.vocabulary.schemas import TermSchema
from biobank.search.answers.answer import ANSWER_KINDS
from biobank.search.query import FACETS
from biobank.search.similarity_candidates import FEATURE_KINDS
from biobank.search.suggestion_groups import SEARCH_KINDS


def required_strings(count: int) -> list[fields.String]:
    return [fields.String(required=True) for _ in range(count)]


def required_integers(count: int) -> list[fields.Integer]:
    return [fields.Integer(required=True) for _ in range(count)]


def required_list(schema: type[Schema]) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True)


class PlainSchema(Schema):
    """A schema of dataclasses with values of JSON only, which it dumps without converting them."""

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        if many or isinstance(obj, Mapping):
            return super().dump(obj, many=many)
        return {name: getattr(obj, name) for name in self.dump_fields}


class PortraitField(fields.String):
    """The URL of a small portrait within the bank; empty where there is none."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return picture_file_path(value, SQUARE) if value else ""


class UnderstoodSchema(Schema):
    kind, text, label, facet, value = required_strings(5)
    # `exclude` is an attribute of marshmallow's Schema itself.
    excluded = fields.Boolean(required=True, attribute="exclude", data_key="exclude")
    start = fields.Integer(required=True, allow_none=True)
    end = fields.Integer(required=True, allow_none=True)


class QueryProblemSchema(Schema):
    from_ = fields.Integer(required=True, data_key="from")
    to = fields.Integer(required=True)
    code, message = required_strings(2)


class QuerySchema(Schema):
    text, address, line = required_strings(3)
    understood = required_list(UnderstoodSchema)
    problems = required_list(QueryProblemSchema)


class SnippetSchema(PlainSchema):
    field, lang, html = required_strings(3)


class NameMatchSchema(Schema):
    query, name, reading, why = required_strings(4)
    quality = fields.String(required=True, validate=validate.OneOf(("equal", "reading", "similar")))


class HitReasonSchema(Schema):
    word, place, lang = required_strings(3)
    score = fields.Float(required=True)


class BirthsSchema(PlainSchema):
    decade, possible, certain = required_integers(3)


class HitSchema(Schema):
    id, name = required_strings(2)
    names = fields.List(fields.Dict(), required=True)
    headline = fields.String(required=True)
    birth = fields.Dict(required=True, allow_none=True)
    death = fields.Dict(required=True, allow_none=True)
    professions = fields.List(fields.String(), required=True)
    countries = fields.List(fields.String(), required=True)
    score = fields.Float(required=True)
    snippets = required_list(SnippetSchema)
    matched = required_list(NameMatchSchema)
    reasons = required_list(HitReasonSchema)
    portrait = PortraitField(required=True)
    sort_name = fields.String(metadata={"description": "The name surname first: `Hacıbəyov, Üzeyir`."})


class FacetValueSchema(PlainSchema):
    id, label = required_strings(2)
    count = fields.Integer(required=True)
    selected = fields.String(required=True, validate=validate.OneOf(("", "include", "exclude")))
    broader = fields.List(fields.String(), required=True)


class RelaxationSchema(Schema):
    kind, facet, label = required_strings(3)
    count = fields.Integer(required=True)


class AnswerPersonSchema(PlainSchema):
    id, name = required_strings(2)


class AnswerSourceSchema(PlainSchema):
    id, title, url, locator = required_strings(4)


class StatementSchema(Schema):
    person, statement, field, label, text, lang, date = required_strings(7)
    sources = required_list(AnswerSourceSchema)
    cited = fields.Boolean(required=True, attribute="is_cited")
    revision = fields.Integer(required=True)
    url = fields.String(required=True)


class AnswerSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(ANSWER_KINDS))
    fact, text = required_strings(2)
    people = required_list(AnswerPersonSchema)
    statements = required_list(StatementSchema)


class InterpretationSchema(Schema):
    text, condition, label = required_strings(3)
    from_ = fields.Integer(required=True, allow_none=True, attribute="start", data_key="from")
    to = fields.Integer(required=True, allow_none=True, attribute="end")


class OfferSchema(Schema):
    text, condition, label, address = required_strings(4)
    count = fields.Integer(required=True)


class SearchResponseSchema(Schema):
    total, page, size = required_integers(3)
    took_ms = fields.Float(required=True)
    match = fields.String(required=True, validate=validate.OneOf(("found", "partial", "did_you_mean")))
    query = fields.Nested(QuerySchema, required=True)
    hits = required_list(HitSchema)
    facets = fields.Dict(
        keys=fields.String(validate=validate.OneOf(FACETS)),
        values=fields.List(fields.Nested(FacetValueSchema)),
        required=True,
    )
    did_you_mean = fields.List(fields.String(), required=True)
    relax = required_list(RelaxationSchema)
    births = required_list(BirthsSchema)
    answer = fields.Nested(AnswerSchema, required=True, allow_none=True)
    interpretation = required_list(InterpretationSchema)
    dropped = required_list(InterpretationSchema)
    literal = fields.String(required=True, allow_none=True)
    offers = required_list(OfferSchema)
    by_meaning = fields.List(
        fields.Nested(HitSchema),
        metadata={
            "description": "People found by meaning alone, where BIOBANK_SEMANTIC is set; `score` is the "
            "similarity to the question, 0 to 1. They are not counted in `total` and `facets`."
        },
    )


class SuggestionSchema(Schema):
    id, name, headline, years, matched = required_strings(5)
    portrait = PortraitField(required=True)


class ValueSuggestionSchema(Schema):
    """A value and the search for it; `id` is empty for works and conditions, which have none."""

    id, label, note, url = required_strings(4)
    count = fields.Integer(required=True)


class SuggestionGroupSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(SEARCH_KINDS))
    suggestions = required_list(ValueSuggestionSchema)


class SuggestionsSchema(Schema):
    """The suggested people; `groups` only if `kinds` was given."""

    suggestions = required_list(SuggestionSchema)
    groups = fields.List(fields.Nested(SuggestionGroupSchema))


class CardSchema(Schema):
    id, name, years, headline, headline_lang = required_strings(5)
    professions = fields.List(fields.String(), required=True)
    matched, image, url = required_strings(3)


class CardsSchema(Schema):
    cards = required_list(CardSchema)
    url = fields.String(required=True)


class ValueSchema(Schema):
    id, label, text, note = required_strings(4)
    count = fields.Integer()


class ValuesSchema(Schema):
    values = required_list(ValueSchema)


class ReasonSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf([*FEATURE_KINDS]))
    value, label = required_strings(2)


class SimilarSchema(Schema):
    id, name, headline, years = required_strings(4)
    reasons = required_list(ReasonSchema)


class SimilarPeopleSchema(Schema):
    items = required_list(SimilarSchema)


class PageSchema(Schema):
    total, page, size = required_integers(3)


class PeoplePageSchema(PageSchema):
    items = required_list(PersonSchema)


class RevisionSchema(Schema):
    number = fields.Integer(required=True)
    at = fields.String(required=True)
    changed = fields.List(fields.String(), required=True)
    current = fields.Boolean(required=True)


class RevisionsPageSchema(PageSchema):
    items = required_list(RevisionSchema)


class ChangeSchema(Schema):
    path = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(CHANGE_KINDS))
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class ChangesSchema(Schema):
    from_ = fields.Integer(required=True, allow_none=True, data_key="from")
    to = fields.Integer(required=True)
    changes = required_list(ChangeSchema)


class OrganisationsPageSchema(PageSchema):
    items = required_list(OrganisationSchema)


class PlacesPageSchema(PageSchema):
    items = required_list(PlaceSchema)


class TermsPageSchema(PageSchema):
    items = required_list(TermSchema)


class SourcesPageSchema(PageSchema):
    items = required_list(SourceSchema)


class CitationSchema(Schema):
    id, style, lang = required_strings(3)
    revision = fields.Integer(required=True, allow_none=True)
    text = fields.String(required=True)
    html = fields.String(required=True, allow_none=True)
