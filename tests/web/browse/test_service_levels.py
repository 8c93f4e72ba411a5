"""The page of service levels."""

import pytest
from flask.testing import FlaskClient

from tests.support import pages


@pytest.mark.parametrize(("lang", "share"), [("az", "99,5%"), ("en", "99.5%"), ("ru", "99,5 %")])
def test_every_level_has_objective_budget_and_measurement(client: FlaskClient, lang: str, share: str) -> None:
    html = client.get(f"/{lang}/service-levels").text
    assert share in html
    assert "%%" not in html
    assert len(pages.texts(html, ".prose h2")) == 5
    assert len(pages.texts(html, ".prose dt")) == len(pages.texts(html, ".prose dd")) == 15
    assert pages.select(client.get(f"/{lang}/about").text, f"a[href='/{lang}/service-levels']")
