"""Both kinds of store, as parameters of a fixture; each marked, so that CI can share them out."""

import pytest

BOTH_STORES = (
    pytest.param("sqlite", marks=pytest.mark.sqlite),
    pytest.param("postgresql", marks=pytest.mark.postgres),
)
