"""Fingerprint of the code that built an index: other analysis or fields give another one.

An index holds stems and folded names, and pickles of its field objects. After an upgrade that
changes either, it would give wrong results or fail to open. A generation therefore carries the
fingerprint of the code, and one with another fingerprint is ignored and rebuilt.
"""

import hashlib
from functools import cache
from pathlib import Path

import biobank

PACKAGE_DIR = Path(biobank.__file__).parent
#: Modules that determine the content of an index.
FINGERPRINTED_FILES = (
    "names/folding.py",
    "names/alphabet.py",
    "search/analysis/*.py",
    "records/countries.py",
    "records/vocabulary/gendered_labels.py",
    "search/document.py",
    "search/completeness.py",
    "search/document_text.py",
    "search/labels.py",
    "search/query.py",
    "search/whoosh_engine/fields.py",
)


@cache
def fingerprint() -> str:
    """Return eight hexadecimal digits of the hash of the source files."""
    digest = hashlib.sha256()
    for pattern in FINGERPRINTED_FILES:
        for file in sorted(PACKAGE_DIR.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:8]
