"""Response schemas of the OpenAPI document. Records have their own schemas in `records`."""

from typing import Any

from marshmallow import Schema, fields, validate

from biobank.editorial.differences import KINDS as CHANGE_KINDS
from biobank.records.media.addresses import SQUARE, file_address
from biobank.records.organisations.schemas import OrganisationSchema
from biobank.records.people.schemas import PersonSchema
from biobank.records.places.schemas import PlaceSchema
from biobank.records.sources.schemas import SourceSchema
from biobank.records.vocabulary.schemas import TermSchema
from biobank.search.query import FACETS
from biobank.search.shareable import KINDS


def string() -> fields.String:
    return fields.String(required=True)


def integer() -> fields.Integer:
    return fields.Integer(required=True)


class Portrait(fields.String):
    """The URL of a small portrait within the bank; empty where there is none."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return file_address(value, SQUARE) if value else ""


class UnderstoodSchema(Schema):
    kind = string()
    text = string()
    label = string()
    facet = string()
    value = string()
    # `exclude` is an attribute of marshmallow's Schema itself.
    excluded = fields.Boolean(required=True, attribute="exclude", data_key="exclude")
    start = fields.Integer(required=True, allow_none=True)
    end = fields.Integer(required=True, allow_none=True)


class TroubleSchema(Schema):
    from_ = fields.Integer(required=True, data_key="from")
    to = integer()
    code = string()
    message = string()


class QuerySchema(Schema):
    text = string()
    address = string()
    line = string()
    understood = fields.List(fields.Nested(UnderstoodSchema), required=True)
    problems = fields.List(fields.Nested(TroubleSchema), required=True)


class SnippetSchema(Schema):
    field = string()
    lang = string()
    html = string()


class MatchedSchema(Schema):
    query = string()
    name = string()
    reading = string()
    why = string()
    quality = fields.String(required=True, validate=validate.OneOf(("equal", "reading", "similar")))


class HitReasonSchema(Schema):
    word = string()
    place = string()
    lang = string()
    score = fields.Float(required=True)


class BirthsSchema(Schema):
    decade = integer()
    possible = integer()
    certain = integer()


class HitSchema(Schema):
    id = string()
    name = string()
    names = fields.List(fields.Dict(), required=True)
    headline = string()
    birth = fields.Dict(required=True, allow_none=True)
    death = fields.Dict(required=True, allow_none=True)
    professions = fields.List(fields.String(), required=True)
    countries = fields.List(fields.String(), required=True)
    score = fields.Float(required=True)
    snippets = fields.List(fields.Nested(SnippetSchema), required=True)
    matched = fields.List(fields.Nested(MatchedSchema), required=True)
    reasons = fields.List(fields.Nested(HitReasonSchema), required=True)
    portrait = Portrait(required=True)


class FacetValueSchema(Schema):
    id = string()
    label = string()
    count = integer()
    selected = fields.String(required=True, validate=validate.OneOf(("", "include", "exclude")))
    broader = fields.List(fields.String(), required=True)


class RelaxSchema(Schema):
    kind = string()
    facet = string()
    label = string()
    count = integer()


class SearchAnswerSchema(Schema):
    total = integer()
    page = integer()
    size = integer()
    took_ms = fields.Float(required=True)
    match = fields.String(
        required=True, validate=validate.OneOf(("found", "partial", "did_you_mean"))
    )
    query = fields.Nested(QuerySchema, required=True)
    hits = fields.List(fields.Nested(HitSchema), required=True)
    facets = fields.Dict(
        keys=fields.String(validate=validate.OneOf(FACETS)),
        values=fields.List(fields.Nested(FacetValueSchema)),
        required=True,
    )
    did_you_mean = fields.List(fields.String(), required=True)
    relax = fields.List(fields.Nested(RelaxSchema), required=True)
    births = fields.List(fields.Nested(BirthsSchema), required=True)


class SuggestionSchema(Schema):
    id = string()
    name = string()
    headline = string()
    years = string()
    matched = string()
    portrait = Portrait(required=True)


class SuggestionsSchema(Schema):
    suggestions = fields.List(fields.Nested(SuggestionSchema), required=True)


class CardSchema(Schema):
    id = string()
    name = string()
    years = string()
    headline = string()
    headline_lang = string()
    professions = fields.List(fields.String(), required=True)
    matched = string()
    image = string()
    url = string()


class CardsSchema(Schema):
    cards = fields.List(fields.Nested(CardSchema), required=True)
    url = string()


class ValueSchema(Schema):
    id = string()
    label = string()
    text = string()
    note = string()
    count = fields.Integer()


class ValuesSchema(Schema):
    values = fields.List(fields.Nested(ValueSchema), required=True)


class ReasonSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf([*KINDS]))
    value = string()
    label = string()


class SimilarSchema(Schema):
    id = string()
    name = string()
    headline = string()
    years = string()
    reasons = fields.List(fields.Nested(ReasonSchema), required=True)


class SimilarPeopleSchema(Schema):
    items = fields.List(fields.Nested(SimilarSchema), required=True)


class PageSchema(Schema):
    total = integer()
    page = integer()
    size = integer()


class PeoplePageSchema(PageSchema):
    items = fields.List(fields.Nested(PersonSchema), required=True)


class RevisionSchema(Schema):
    number = integer()
    at = string()
    changed = fields.List(fields.String(), required=True)
    current = fields.Boolean(required=True)


class RevisionsPageSchema(PageSchema):
    items = fields.List(fields.Nested(RevisionSchema), required=True)


class ChangeSchema(Schema):
    path = string()
    kind = fields.String(required=True, validate=validate.OneOf(CHANGE_KINDS))
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class ChangesSchema(Schema):
    from_ = fields.Integer(required=True, allow_none=True, data_key="from")
    to = integer()
    changes = fields.List(fields.Nested(ChangeSchema), required=True)


class OrganisationsPageSchema(PageSchema):
    items = fields.List(fields.Nested(OrganisationSchema), required=True)


class PlacesPageSchema(PageSchema):
    items = fields.List(fields.Nested(PlaceSchema), required=True)


class TermsPageSchema(PageSchema):
    items = fields.List(fields.Nested(TermSchema), required=True)


class SourcesPageSchema(PageSchema):
    items = fields.List(fields.Nested(SourceSchema), required=True)


class CitationSchema(Schema):
    id = string()
    style = string()
    lang = string()
    revision = fields.Integer(required=True, allow_none=True)
    text = string()
    html = fields.String(required=True, allow_none=True)
