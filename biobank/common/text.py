"""The rules of text: control characters, line breaks and the normal form."""

import re
import unicodedata
from typing import Final

_CONTROLS: Final = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
#: Unicode control characters and surrogates, except tab and line feed.
CONTROL_CHARS: Final = re.compile(f"[{_CONTROLS}]")
#: Control characters, tab and line feed: none belongs in a URL or a header.
URL_CONTROL_CHARS: Final = re.compile(rf"[\t\n{_CONTROLS}]")
#: Characters that single-line texts may not contain: tab, line feed, Unicode separators.
LINE_BREAKS: Final = re.compile(r"[\t\n\u2028\u2029]")
#: Stands in decoded text for bytes that are not valid UTF-8.
REPLACEMENT_CHAR: Final = "\ufffd"
#: Pattern of JSON schemas for one line without control characters and U+FFFD. Such arguments are
#: rejected; lone surrogates are broken UTF-8 and cannot be sent.
NO_CONTROLS: Final = r"^[^\u0000-\u001f\u007f-\u009f\ufffd]*$"


def clean_text(text: str) -> str:
    """Return the text in NFC with line feeds as line ends, without surrounding white space."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def is_broken(text: str) -> bool:
    """Return whether a submitted text has control characters or was not valid UTF-8."""
    return bool(CONTROL_CHARS.search(text)) or REPLACEMENT_CHAR in text
