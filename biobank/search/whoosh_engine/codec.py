"""Whoosh's own file format, written and read more quickly.

Whoosh pickles every block of postings by protocol 2, which has no bytes: each posting's positions
become a call. Its readers read any protocol. Private parts of Whoosh 2.7.4 (docs/adr/0001).
"""

import pickle
import zlib
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3PostingsWriter
from whoosh.util.numeric import length_to_byte

#: The oldest with bytes of their own, kept by every Python from 3.4 on.
PROTOCOL = 4
#: Bytes of a block up to which zlib would gain less than it costs.
PLAIN = 100
LEVEL = 3


class Codec(W3Codec):  # type: ignore[misc]
    #: The lengths that only Whoosh's own searchers read, at a look-up for every posting written.
    length_stats = False

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> "PostingsWriter":
        return PostingsWriter(dbfile, blocklimit=self._blocklimit, byteids=byteids)


class PostingsWriter(W3PostingsWriter):  # type: ignore[misc]
    def _write_block(self, last: bool = False) -> None:
        file, ids = self._postfile, self._ids
        if not self._blockcount:
            file.write(WHOOSH3_HEADER_MAGIC)
        self._terminfo.add_block(self)
        parts = (self._mini_ids(), self._mini_weights(), self._mini_values())
        data = pickle.dumps(parts, PROTOCOL)
        level = LEVEL if len(data) > PLAIN else 0
        if level:
            data = zlib.compress(data, level)
        lengths = (length_to_byte(self._minlength), length_to_byte(self._maxlength))
        info = pickle.dumps((len(ids), ids[-1], self._maxweight, level, *lengths), 2)
        size = len(info) + len(data)
        # The last block of a term tells by its sign.
        file.write_int(-size if last else size)
        file.write(info)
        file.write(data)
        self._blockcount += 1
        self._new_block()
