"""Response schemas of the OpenAPI document. Records have their own schemas in `records`."""

from typing import Any

from marshmallow import Schema, fields, validate

from biobank.editorial.revisions.record_diff import CHANGE_KINDS
from biobank.records.media.urls import SQUARE, picture_file_path
from biobank.records.organisations.schemas import OrganisationSchema
from biobank.records.people.schemas import PersonSchema
from biobank.records.places.schemas import PlaceSchema
from biobank.records.sources.schemas import SourceSchema
from biobank.records.vocabulary.schemas import TermSchema
from biobank.search.query import FACETS
from biobank.search.similarity_candidates import FEATURE_KINDS


def required_string() -> fields.String:
    return fields.String(required=True)


def required_integer() -> fields.Integer:
    return fields.Integer(required=True)


class PortraitField(fields.String):
    """The URL of a small portrait within the bank; empty where there is none."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return picture_file_path(value, SQUARE) if value else ""


class UnderstoodSchema(Schema):
    kind = required_string()
    text = required_string()
    label = required_string()
    facet = required_string()
    value = required_string()
    # `exclude` is an attribute of marshmallow's Schema itself.
    excluded = fields.Boolean(required=True, attribute="exclude", data_key="exclude")
    start = fields.Integer(required=True, allow_none=True)
    end = fields.Integer(required=True, allow_none=True)


class QueryProblemSchema(Schema):
    from_ = fields.Integer(required=True, data_key="from")
    to = required_integer()
    code = required_string()
    message = required_string()


class QuerySchema(Schema):
    text = required_string()
    address = required_string()
    line = required_string()
    understood = fields.List(fields.Nested(UnderstoodSchema), required=True)
    problems = fields.List(fields.Nested(QueryProblemSchema), required=True)


class SnippetSchema(Schema):
    field = required_string()
    lang = required_string()
    html = required_string()


class NameMatchSchema(Schema):
    query = required_string()
    name = required_string()
    reading = required_string()
    why = required_string()
    quality = fields.String(required=True, validate=validate.OneOf(("equal", "reading", "similar")))


class HitReasonSchema(Schema):
    word = required_string()
    place = required_string()
    lang = required_string()
    score = fields.Float(required=True)


class BirthsSchema(Schema):
    decade = required_integer()
    possible = required_integer()
    certain = required_integer()


class HitSchema(Schema):
    id = required_string()
    name = required_string()
    names = fields.List(fields.Dict(), required=True)
    headline = required_string()
    birth = fields.Dict(required=True, allow_none=True)
    death = fields.Dict(required=True, allow_none=True)
    professions = fields.List(fields.String(), required=True)
    countries = fields.List(fields.String(), required=True)
    score = fields.Float(required=True)
    snippets = fields.List(fields.Nested(SnippetSchema), required=True)
    matched = fields.List(fields.Nested(NameMatchSchema), required=True)
    reasons = fields.List(fields.Nested(HitReasonSchema), required=True)
    portrait = PortraitField(required=True)


class FacetValueSchema(Schema):
    id = required_string()
    label = required_string()
    count = required_integer()
    selected = fields.String(required=True, validate=validate.OneOf(("", "include", "exclude")))
    broader = fields.List(fields.String(), required=True)


class RelaxationSchema(Schema):
    kind = required_string()
    facet = required_string()
    label = required_string()
    count = required_integer()


class SearchResponseSchema(Schema):
    total = required_integer()
    page = required_integer()
    size = required_integer()
    took_ms = fields.Float(required=True)
    match = fields.String(required=True, validate=validate.OneOf(("found", "partial", "did_you_mean")))
    query = fields.Nested(QuerySchema, required=True)
    hits = fields.List(fields.Nested(HitSchema), required=True)
    facets = fields.Dict(
        keys=fields.String(validate=validate.OneOf(FACETS)),
        values=fields.List(fields.Nested(FacetValueSchema)),
        required=True,
    )
    did_you_mean = fields.List(fields.String(), required=True)
    relax = fields.List(fields.Nested(RelaxationSchema), required=True)
    births = fields.List(fields.Nested(BirthsSchema), required=True)


class SuggestionSchema(Schema):
    id = required_string()
    name = required_string()
    headline = required_string()
    years = required_string()
    matched = required_string()
    portrait = PortraitField(required=True)


class SuggestionsSchema(Schema):
    suggestions = fields.List(fields.Nested(SuggestionSchema), required=True)


class CardSchema(Schema):
    id = required_string()
    name = required_string()
    years = required_string()
    headline = required_string()
    headline_lang = required_string()
    professions = fields.List(fields.String(), required=True)
    matched = required_string()
    image = required_string()
    url = required_string()


class CardsSchema(Schema):
    cards = fields.List(fields.Nested(CardSchema), required=True)
    url = required_string()


class ValueSchema(Schema):
    id = required_string()
    label = required_string()
    text = required_string()
    note = required_string()
    count = fields.Integer()


class ValuesSchema(Schema):
    values = fields.List(fields.Nested(ValueSchema), required=True)


class ReasonSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf([*FEATURE_KINDS]))
    value = required_string()
    label = required_string()


class SimilarSchema(Schema):
    id = required_string()
    name = required_string()
    headline = required_string()
    years = required_string()
    reasons = fields.List(fields.Nested(ReasonSchema), required=True)


class SimilarPeopleSchema(Schema):
    items = fields.List(fields.Nested(SimilarSchema), required=True)


class PageSchema(Schema):
    total = required_integer()
    page = required_integer()
    size = required_integer()


class PeoplePageSchema(PageSchema):
    items = fields.List(fields.Nested(PersonSchema), required=True)


class RevisionSchema(Schema):
    number = required_integer()
    at = required_string()
    changed = fields.List(fields.String(), required=True)
    current = fields.Boolean(required=True)


class RevisionsPageSchema(PageSchema):
    items = fields.List(fields.Nested(RevisionSchema), required=True)


class ChangeSchema(Schema):
    path = required_string()
    kind = fields.String(required=True, validate=validate.OneOf(CHANGE_KINDS))
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class ChangesSchema(Schema):
    from_ = fields.Integer(required=True, allow_none=True, data_key="from")
    to = required_integer()
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
    id = required_string()
    style = required_string()
    lang = required_string()
    revision = fields.Integer(required=True, allow_none=True)
    text = required_string()
    html = fields.String(required=True, allow_none=True)
