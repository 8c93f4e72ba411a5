"""Which code made an index: another analysis or other fields make another fingerprint.

An index holds stems and folded names as they were made, and pickles of the fields that made them.
After an upgrade that changes either, it would answer wrongly or not open at all; so a generation
carries the fingerprint of its makers, and one of other makers counts as none and is built anew.
"""

import hashlib
from functools import cache
from pathlib import Path

import biobank

ROOT = Path(biobank.__file__).parent
#: The modules that decide what stands in an index.
MAKERS = (
    "names/folding.py",
    "names/alphabet.py",
    "search/analysis/*.py",
    "records/countries.py",
    "records/vocabulary/words.py",
    "search/document.py",
    "search/gaps.py",
    "search/document_text.py",
    "search/labels.py",
    "search/query.py",
    "search/whoosh_engine/fields.py",
)


@cache
def fingerprint() -> str:
    """Eight hexadecimal digits of the makers' sources."""
    digest = hashlib.sha256()
    for pattern in MAKERS:
        for file in sorted(ROOT.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:8]
