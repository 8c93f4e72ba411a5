"""Description of the web site and its search action."""

from biobank.exchange.linked.bank import TITLE
from biobank.exchange.linked.graph import Description, Ref, node, ref, text, texts
from biobank.exchange.linked.uris import Uris
from biobank.exchange.linked.vocabularies import SCHEMA
from biobank.i18n import LANGUAGES


def describe_site(uris: Uris, lang: str) -> Description:
    """Describe the site; `lang` is the language of the search page in the search action."""
    home = f"{uris.base}/"
    template = f"{uris.base}/{lang}/search?q={{search_term_string}}"
    site = node(
        f"{home}#site",
        [SCHEMA + "WebSite"],
        texts(SCHEMA + "name", TITLE),
        [(SCHEMA + "url", ref(home))],
        [(SCHEMA + "inLanguage", text(each)) for each in LANGUAGES],
        [(SCHEMA + "about", Ref(uris.bank)), (SCHEMA + "potentialAction", Ref(f"{home}#search"))],
    )
    action = node(
        f"{home}#search",
        [SCHEMA + "SearchAction"],
        [
            (SCHEMA + "target", Ref(f"{home}#search-{lang}")),
            (SCHEMA + "query-input", text("required name=search_term_string")),
        ],
    )
    entry = node(
        f"{home}#search-{lang}",
        [SCHEMA + "EntryPoint"],
        [(SCHEMA + "urlTemplate", text(template))],
    )
    return (site, action, entry)
