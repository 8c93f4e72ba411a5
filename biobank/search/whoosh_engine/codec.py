"""A faster writer for Whoosh's own file format.

Whoosh pickles every block of postings with protocol 2, which has no bytes type, so the positions of
each posting become a call. Its readers accept any protocol. Uses private parts of Whoosh 2.7.4
(docs/adr/0001).
"""

import pickle
import zlib
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3PostingsWriter
from whoosh.util.numeric import length_to_byte

#: The oldest pickle protocol with a bytes type, supported by Python 3.4 and later.
PICKLE_PROTOCOL = 4
#: Size in bytes up to which a block is not compressed, as zlib would gain too little.
MAX_UNCOMPRESSED_BYTES = 100
COMPRESSION_LEVEL = 3


class FastCodec(W3Codec):  # type: ignore[misc]
    #: Statistics that only Whoosh's own searchers read; they cost a look-up per posting.
    """Whoosh's codec with a faster postings writer."""

    length_stats = False

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> "FastPostingsWriter":
        return FastPostingsWriter(dbfile, blocklimit=self._blocklimit, byteids=byteids)


class FastPostingsWriter(W3PostingsWriter):  # type: ignore[misc]
    """Postings writer that pickles blocks with PICKLE_PROTOCOL."""

    def _write_block(self, last: bool = False) -> None:
        file, ids = self._postfile, self._ids
        if not self._blockcount:
            file.write(WHOOSH3_HEADER_MAGIC)
        self._terminfo.add_block(self)
        parts = (self._mini_ids(), self._mini_weights(), self._mini_values())
        data = pickle.dumps(parts, PICKLE_PROTOCOL)
        level = COMPRESSION_LEVEL if len(data) > MAX_UNCOMPRESSED_BYTES else 0
        if level:
            data = zlib.compress(data, level)
        lengths = (length_to_byte(self._minlength), length_to_byte(self._maxlength))
        info = pickle.dumps((len(ids), ids[-1], self._maxweight, level, *lengths), 2)
        size = len(info) + len(data)
        # The last block of a term has a negative size.
        file.write_int(-size if last else size)
        file.write(info)
        file.write(data)
        self._blockcount += 1
        self._new_block()
