"""Pages as readers read them."""

import html
import re


def text_of(page: str) -> str:
    """The text of a page or a part of one, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())
