"""Signs of spam. They are shown to editors; two of them hide a message, none deletes it."""

import re
import unicodedata
from collections.abc import Mapping
from hashlib import sha256

#: Entries in which links are expected and not counted.
LINKS_WELCOME = frozenset(("source", "website"))
#: Maximum number of links in the other entries of a legitimate message.
LINKS_MOST = 2
#: Minimum number of earlier messages with equal contents that indicates spam.
REPEATED_LEAST = 2

_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)


def links(content: Mapping[str, str]) -> int:
    """Return the number of links in entries where none are expected."""
    texts = (text for entry, text in content.items() if entry not in LINKS_WELCOME)
    return sum(len(_LINK.findall(text)) for text in texts)


def content_hash(content: Mapping[str, str]) -> str:
    """Return a hash of the contents that ignores whitespace and case."""
    words = "\n".join(f"{entry}: {content[entry]}" for entry in sorted(content))
    folded = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    return sha256(folded.encode()).hexdigest()


def marks(content: Mapping[str, str], before: int, *, trapped: bool) -> list[str]:
    """Return the signs of spam; `repeats` is the number of earlier messages with equal contents.

    `trapped` is true if the honeypot field was filled.
    """
    found = {
        "trap": trapped,
        "links": links(content) > LINKS_MOST,
        "repeated": before >= REPEATED_LEAST,
    }
    return [mark for mark, holds in found.items() if holds]


def is_spam(found: list[str]) -> bool:
    """Return whether a message is hidden as spam: by the honeypot, or by two signs."""
    return "trap" in found or len(found) > 1
