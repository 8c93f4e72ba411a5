"""The help page of the search."""

from biobank.web.blueprint import LANG, blueprint
from biobank.web.help_examples import EXAMPLES
from biobank.web.links import Link, filter_url
from biobank.web.rendering import Head, render_page
from biobank.web.text import _


@blueprint.get(f"/{LANG}/search/help")
def search_help(lang: str) -> str:
    examples = {key: Link(text, filter_url(lang, q=text)) for key, text in EXAMPLES[lang].items()}
    head = Head(_("How to search"), _("What the search understands, with examples to try."))
    # Written separately for each language, so each has a template of its own.
    return render_page(f"help_{lang}.html", head, examples=examples)
