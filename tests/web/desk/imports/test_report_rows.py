"""Rows of an import report on the page: the first of every kind, or one kind with paging."""

from flask.testing import FlaskClient

from biobank.bootstrap import Services
from tests.support.pages import text_of
from tests.support.users import send
from tests.web.desk.imports.sending import LINES, sent, work


def test_of_one_kind_the_page_shows_nothing_else(
    editors: FlaskClient, own_services: Services
) -> None:
    address = sent(editors, LINES)
    work(own_services)
    whole = editors.get(address).text
    assert 'id="duplicates"' in whole
    assert 'id="refusals"' in whole
    refusals = editors.get(f"{address}?show=refusals").text
    assert 'id="refusals"' in refusals
    assert 'id="duplicates"' not in refusals
    assert "The whole report" in text_of(refusals)
    assert editors.get(f"{address}?show=nonsense").text.count('id="refusals"') == 1


def test_who_may_be_there_twice_is_merged_once_both_are_kept(
    editors: FlaskClient, own_services: Services
) -> None:
    address = sent(editors, LINES)
    work(own_services)
    assert "Merge…" not in text_of(editors.get(address).text)
    send(editors, address, do="keep")
    work(own_services)
    page = editors.get(address).text
    assert "Merge…" in text_of(page)
    assert "gone=another" in page
