"""Description of the web site and its search action."""

from biobank.common.i18n import LANGUAGES
from biobank.exchange.formats.linked_data.dataset import BANK_TITLE
from biobank.exchange.formats.linked_data.graph import (
    Description,
    UriRef,
    localized_statements,
    make_node,
    make_ref,
    plain_literal,
)
from biobank.exchange.formats.linked_data.uris import Uris
from biobank.exchange.formats.linked_data.vocabularies import SCHEMA_ORG


def describe_site(uris: Uris, lang: str) -> Description:
    """Describe the site; `lang` is the language of the search page in the search action."""
    home = f"{uris.base_url}/"
    url_template = f"{uris.base_url}/{lang}/search?q={{search_term_string}}"
    site = make_node(
        f"{home}#site",
        [SCHEMA_ORG + "WebSite"],
        localized_statements(SCHEMA_ORG + "name", BANK_TITLE),
        [(SCHEMA_ORG + "url", make_ref(home))],
        [(SCHEMA_ORG + "inLanguage", plain_literal(code)) for code in LANGUAGES],
        [
            (SCHEMA_ORG + "about", UriRef(uris.bank)),
            (SCHEMA_ORG + "potentialAction", UriRef(f"{home}#search")),
        ],
    )
    action = make_node(
        f"{home}#search",
        [SCHEMA_ORG + "SearchAction"],
        [
            (SCHEMA_ORG + "target", UriRef(f"{home}#search-{lang}")),
            (SCHEMA_ORG + "query-input", plain_literal("required name=search_term_string")),
        ],
    )
    entry_point = make_node(
        f"{home}#search-{lang}",
        [SCHEMA_ORG + "EntryPoint"],
        [(SCHEMA_ORG + "urlTemplate", plain_literal(url_template))],
    )
    return (site, action, entry_point)
