"""Both databases as fixture parameters, each marked so that CI can split them."""

import pytest

BOTH_STORES = (
    pytest.param("sqlite", marks=pytest.mark.sqlite),
    pytest.param("postgresql", marks=pytest.mark.postgres),
)
