"""What makes a message look like spam. Marks are shown; two of them hide it, nothing deletes it."""

import re
import unicodedata
from collections.abc import Mapping
from hashlib import sha256

#: A source is best given as an address: links count in all entries but these.
LINKS_WELCOME = frozenset(("source", "website"))
#: More links than anybody needs to say what is wrong.
LINKS_MOST = 2
#: So many messages of the same words are no accident.
REPEATED_LEAST = 2

_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)


def links(content: Mapping[str, str]) -> int:
    """How many links stand where none are asked for."""
    texts = (text for entry, text in content.items() if entry not in LINKS_WELCOME)
    return sum(len(_LINK.findall(text)) for text in texts)


def content_hash(content: Mapping[str, str]) -> str:
    """The same for the same words, however they are spaced and capitalised."""
    words = "\n".join(f"{entry}: {content[entry]}" for entry in sorted(content))
    folded = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    return sha256(folded.encode()).hexdigest()


def marks(content: Mapping[str, str], before: int, *, trapped: bool) -> list[str]:
    """Signs of spam; `before` is how many messages of the same words there are already.

    `trapped`: something was typed where people see no field.
    """
    found = {
        "trap": trapped,
        "links": links(content) > LINKS_MOST,
        "repeated": before >= REPEATED_LEAST,
    }
    return [mark for mark, holds in found.items() if holds]


def is_spam(found: list[str]) -> bool:
    """Whether a message goes among spam at once: what no person does, or two signs together."""
    return "trap" in found or len(found) > 1
