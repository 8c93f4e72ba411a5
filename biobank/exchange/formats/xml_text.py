"""Text that XML 1.0 can represent."""

import re

#: Characters that XML 1.0 cannot represent.
_INVALID_XML_CHARS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def strip_invalid_xml(text: str) -> str:
    """Remove the characters that XML 1.0 cannot represent."""
    return _INVALID_XML_CHARS.sub("", text)
