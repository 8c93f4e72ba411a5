"""Text of pages."""

import html
import re


def text_of(page: str) -> str:
    """Return the text of a page or a part of it on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())
