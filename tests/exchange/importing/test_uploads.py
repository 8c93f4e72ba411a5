"""The folder of uploaded files that wait to be imported."""

import os
from pathlib import Path

import pytest

from biobank.exchange.importing.uploads import Uploads


def test_what_another_process_removes_meanwhile_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = Uploads(tmp_path)
    old, gone = uploads.keep(b"{}", None), uploads.keep(b"{}", None)
    os.utime(tmp_path / old, (0, 0))
    monkeypatch.setattr(uploads, "_names", lambda: [gone, old])
    (tmp_path / gone).unlink()
    assert uploads.remove_old() == [old]
