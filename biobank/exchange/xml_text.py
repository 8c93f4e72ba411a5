"""Text that XML 1.0 can represent."""

import re

#: Characters that XML 1.0 cannot represent.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Remove the characters that XML 1.0 cannot represent."""
    return _NOT_XML.sub("", text)
