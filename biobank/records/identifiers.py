"""External catalogues with permanent entry URLs, and the formats of their ids."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from marshmallow import ValidationError, fields, validate

from biobank.records.fields import Text


@dataclass(frozen=True)
class ExternalCatalogue:
    """An external catalogue.

    `page_template` is the URL of an entry's page, `uri_template` that of the entity if it differs;
    `{}` is the id. A complete id matches `pattern`, as `example` does.
    """

    name: str
    page_template: str
    pattern: str
    example: str
    uri_template: str = ""

    def is_valid_id(self, value: str) -> bool:
        """Return whether `value` has the format of an id; the entry itself may not exist."""
        return re.fullmatch(self.pattern, value, re.ASCII) is not None

    def page_url(self, value: str) -> str:
        """Return the URL of an entry's page."""
        return self.page_template.format(quote(value))

    def entity_uri(self, value: str) -> str:
        # ISNIs are often written in groups of four.
        """Return the URI of the entity that an entry describes."""
        return (self.uri_template or self.page_template).format(quote("".join(value.split())))


#: By the scheme of the record. Patterns follow the format constraints of the Wikidata properties
#: P214, P213, P227, P244, P268, P496, P345, P1440 and P1566.
EXTERNAL_CATALOGUES: Final[Mapping[str, ExternalCatalogue]] = {
    "wikidata": ExternalCatalogue(
        "Wikidata",
        "https://www.wikidata.org/wiki/{}",
        r"Q[1-9]\d{0,11}",
        "Q317397",
        "http://www.wikidata.org/entity/{}",
    ),
    "viaf": ExternalCatalogue(
        "VIAF", "https://viaf.org/viaf/{}", r"[1-9]\d{0,21}", "2474895", "http://viaf.org/viaf/{}"
    ),
    "isni": ExternalCatalogue(
        "ISNI", "https://isni.org/isni/{}", r"\d{4} ?\d{4} ?\d{4} ?\d{3}[\dX]", "0000 0001 2145 0850"
    ),
    "gnd": ExternalCatalogue(
        "GND",
        "https://d-nb.info/gnd/{}",
        r"1[012]?\d{7}[\dX]|[47]\d{6}-\d|[1-9]\d{0,7}-[\dX]|3\d{7}[\dX]",
        "118540238",
    ),
    "lcnaf": ExternalCatalogue(
        "Library of Congress",
        "https://id.loc.gov/authorities/names/{}",
        r"n[a-z]?(\d{8}|\d{10})",
        "n80115655",
        "http://id.loc.gov/authorities/names/{}",
    ),
    "bnf": ExternalCatalogue(
        "BnF",
        "https://catalogue.bnf.fr/ark:/12148/cb{}",
        r"\d{8}[\dbcdfghjkmnpqrstvwxz]",
        "11907966z",
        "http://data.bnf.fr/ark:/12148/cb{}#about",
    ),
    "orcid": ExternalCatalogue(
        "ORCID", "https://orcid.org/{}", r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", "0000-0002-1825-0097"
    ),
    "imdb": ExternalCatalogue("IMDb", "https://www.imdb.com/name/{}/", r"nm\d{7,10}", "nm0000001"),
    "fide": ExternalCatalogue("FIDE", "https://ratings.fide.com/profile/{}", r"[1-9]\d{2,9}", "13400924"),
    "geonames": ExternalCatalogue(
        "GeoNames", "https://www.geonames.org/{}", r"[1-9]\d{0,9}", "587116", "https://sws.geonames.org/{}/"
    ),
}


SCHEME_PATTERN = re.compile(r"[a-z][a-z0-9_-]{0,29}\Z")


class Identifiers(fields.Dict):
    """Ids in external catalogues, by catalogue: `{"wikidata": "Q317397"}`."""

    def __init__(self) -> None:
        error = "Not a valid catalogue name. Use lower-case letters, for example wikidata or viaf."
        scheme = fields.String(validate=validate.Regexp(SCHEME_PATTERN, error=error))
        super().__init__(keys=scheme, values=Text(200))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            ids = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            # The messages of Dict separate keys from values, which is not a path in the record.
            messages = {name: [*inner.values()] for name, inner in error.messages.items()}
            raise ValidationError(messages) from error
        if malformed := dict(_format_errors(ids)):
            raise ValidationError(malformed)
        return ids


def _format_errors(ids: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    for scheme, value in ids.items():
        catalogue = EXTERNAL_CATALOGUES.get(scheme)
        if catalogue and not catalogue.is_valid_id(value):
            yield (
                scheme,
                [
                    f"Not a valid identifier of {catalogue.name}. Enter the full identifier and nothing else, "
                    f"for example {catalogue.example}."
                ],
            )
