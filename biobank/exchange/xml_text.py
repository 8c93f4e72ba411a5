"""Text that XML 1.0 can hold."""

import re

#: What XML 1.0 has no way to write.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Text without the few characters that XML cannot write."""
    return _NOT_XML.sub("", text)
