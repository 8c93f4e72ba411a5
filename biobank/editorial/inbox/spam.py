"""Signs of spam. They are shown to editors; two of them hide a message, none deletes it."""

import re
import unicodedata
from collections.abc import Mapping
from hashlib import sha256

#: Entries in which links are expected and not counted.
LINK_ENTRIES = frozenset(("source", "website"))
#: Maximum number of links in the other entries of a legitimate message.
MAX_LINKS = 2
#: Minimum number of earlier messages with equal contents that indicates spam.
MIN_REPEATS = 2

_LINK_PATTERN = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)


def count_links(content: Mapping[str, str]) -> int:
    """Return the number of links in entries where none are expected."""
    texts = (text for entry, text in content.items() if entry not in LINK_ENTRIES)
    return sum(len(_LINK_PATTERN.findall(text)) for text in texts)


def content_hash(content: Mapping[str, str]) -> str:
    """Return a hash of the contents that ignores whitespace and case."""
    words = "\n".join(f"{entry}: {content[entry]}" for entry in sorted(content))
    folded = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    return sha256(folded.encode()).hexdigest()


def spam_marks(content: Mapping[str, str], repeats: int, *, trapped: bool) -> list[str]:
    """Return the signs of spam; `repeats` is the number of earlier messages with equal contents.

    `trapped` is true if the honeypot field was filled.
    """
    signs = {
        "trap": trapped,
        "links": count_links(content) > MAX_LINKS,
        "repeated": repeats >= MIN_REPEATS,
    }
    return [mark for mark, present in signs.items() if present]


def is_spam(marks: list[str]) -> bool:
    """Return whether a message is hidden as spam: by the honeypot, or by two signs."""
    return "trap" in marks or len(marks) > 1
