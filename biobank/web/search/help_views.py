"""The help page of the search."""

from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.core.urls import Link, filter_url
from biobank.web.search.help_examples import EXAMPLES


@blueprint.get(f"/{LANG_RULE}/search/help")
def search_help(lang: str) -> str:
    examples = {key: Link(text, filter_url(lang, q=text)) for key, text in EXAMPLES[lang].items()}
    head = PageMetadata(_("Search help"), _("Search features, with examples to try."))
    # Written separately for each language, so each has a template of its own.
    return render_page(f"help_{lang}.html", head, examples=examples)
