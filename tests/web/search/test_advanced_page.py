"""The advanced search page: empty, filled from a URL, submitted, and submitted with errors."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from biobank.web.search.advanced.forms import FORM_FIELDS
from tests.support.pages import attributes, select, select_one, text_at, visible_text
from tests.support.profiles import scaled

LANGS = ("az", "en", "ru")
#: Form data of an unchanged form.
UNTOUCHED = {"ask": "1", **dict.fromkeys(FORM_FIELDS, ""), "certainty": "possible", "sort": "relevance"}


@pytest.mark.parametrize("lang", LANGS)
def test_empty_form_searches_everyone(client: FlaskClient, lang: str) -> None:
    response = client.get(f"/{lang}/search/advanced", query_string=UNTOUCHED)
    assert (response.status_code, response.location) == (303, f"/{lang}/search")


def test_every_field_of_the_form_is_on_the_page(client: FlaskClient) -> None:
    html = client.get("/en/search/advanced").text
    names = set(attributes(html, "input[name], select[name]", "name"))
    assert names == {*UNTOUCHED, "q", "gender", "century", "language"}


@pytest.mark.parametrize(
    ("lang", "form_data", "address"),
    [
        ("az", {"birthplace": "Şuşa", "profession": "bəstəkar"}, "profession=composer&birthplace=susa"),
        ("ru", {"birthplace": "Шуша; Гянджа"}, "birthplace=susa&birthplace=gence"),
        ("en", {"not_profession": "poet", "gender": "female"}, "profession=-poet&gender=female"),
        ("en", {"born_from": "1880", "born_to": "1920"}, "born=1880..1920"),
        ("en", {"died_from": "1937", "certainty": "certain"}, "died=1937..&certainty=certain"),
        ("az", {"words": "opera", "none": "balet"}, "q=opera+-balet"),
        ("az", {"near": "Şuşa", "km": "80"}, "q=near:susa~80km"),
        ("en", {"age_from": "90", "sort": "birth"}, "q=age:90..&sort=birth"),
        ("en", {"rest": "profession:poet age:>90"}, "q=age:91..&profession=poet"),
        ("en", {"bbox": "44,38,51,42", "tie": "birth"}, "bbox=44,38,51,42&tie=birth"),
    ],
)
def test_submitted_form_redirects_to_canonical_url(
    client: FlaskClient, lang: str, form_data: dict[str, str], address: str
) -> None:
    response = client.get(f"/{lang}/search/advanced", query_string={**UNTOUCHED, **form_data})
    assert (response.status_code, response.location) == (303, f"/{lang}/search?{address}")
    assert client.get(response.location).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "q=opera+-balet&profession=composer&profession=-poet&born=1880..1920&certainty=certain",
        "q=(opera+OR+muğam)+name:Üzeyir+age:60..70&sort=birth",
        "q=near:susa~80km+-award:unknown&gender=female&century=19&century=20&language=-ru",
        "q=((a+b)+OR+c)+-(d+OR+e)&died=unknown&bbox=44,38,51,42&tie=birth&size=50",
        "country=AZ&country=unknown&organisation=baku-music-academy&deathplace=-baku",
    ],
)
@pytest.mark.parametrize("lang", LANGS)
def test_search_opened_in_the_form_round_trips(client: FlaskClient, lang: str, address: str) -> None:
    page = client.get(f"/{lang}/search/advanced?{address}")
    assert page.status_code == 200
    response = client.get(f"/{lang}/search/advanced", query_string=_form_data(page.text))
    assert response.status_code == 303
    canonical = client.get(f"/api/v1/search?lang={lang}&{address}").json
    repeated = client.get(f"/api/v1/search?lang={lang}&{urlsplit(response.location).query}").json
    assert repeated["total"] == canonical["total"]
    assert _arguments(repeated["query"]["address"]) == _arguments(canonical["query"]["address"])


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("az", ("“Şuşya” tapılmadı. Bəlkə:", "“dünən” düzgün tarix deyil.")),
        ("en", ("“Şuşya” was not found. Did you mean:", "“dünən” is not a valid date.")),
        ("ru", ("«Şuşya» не найдено. Возможно:", "«dünən» — неверная дата.")),
    ],
)
def test_invalid_value_is_reported_and_input_is_kept(
    client: FlaskClient, lang: str, expected: tuple[str, str]
) -> None:
    form_data = {**UNTOUCHED, "birthplace": "Bakı; Şuşya", "born_from": "dünən", "words": "opera"}
    form_data |= {"gender": "female", "certainty": "certain", "not_award": "unknown"}
    page = client.get(f"/{lang}/search/advanced", query_string=form_data)
    assert page.status_code == 422
    html = unescape(page.text)
    assert all(words in html for words in expected)
    assert {name: value for name, value in _form_data(page.text) if form_data.get(name)} == {
        name: value for name, value in form_data.items() if value
    }
    for name in ("birthplace", "born_from"):
        assert select(page.text, f"a[href='#{name}']")
        assert select(page.text, f"#{name}[aria-describedby~='{name}-error'][aria-invalid]")


def test_suggested_label_corrects_the_field(client: FlaskClient) -> None:
    form_data = {**UNTOUCHED, "birthplace": "Baku; Şuşya", "words": "opera"}
    html = client.get("/en/search/advanced", query_string=form_data).text
    response = client.get(select_one(html, "#main a:contains('Shusha')").attrib["href"])
    assert (response.status_code, response.location) == (
        303,
        "/en/search?q=opera&birthplace=baku&birthplace=susa",
    )


def test_clearing_is_a_link_and_so_is_help(client: FlaskClient) -> None:
    html = client.get("/en/search/advanced?profession=poet").text
    assert text_at(html, "main a[href='/en/search/advanced']") == "Clear form"
    assert select(html, "main a[href='/en/search/help']")


@pytest.mark.parametrize(
    "form_data", [{"sort": "worst"}, {"bbox": "1,2"}, {"certainty": "perhaps"}, {"gender": "a" * 121}]
)
def test_value_that_is_not_offered_is_rejected(client: FlaskClient, form_data: dict[str, str]) -> None:
    response = client.get("/en/search/advanced", query_string={**UNTOUCHED, **form_data})
    assert response.status_code == 400


@given(form_data=st.dictionaries(st.sampled_from(FORM_FIELDS), st.text(max_size=700), max_size=6))
@settings(max_examples=scaled(60))
def test_arbitrary_form_data_never_fails(client: FlaskClient, form_data: dict[str, str]) -> None:
    response = client.get("/ru/search/advanced", query_string={**UNTOUCHED, **form_data})
    assert response.status_code in (303, 400, 422)
    if response.status_code == 303:
        assert client.get(response.location).status_code == 200


def test_submitted_markup_is_escaped(client: FlaskClient) -> None:
    form_data = {**UNTOUCHED, "birthplace": '"><script>alert(1)</script>', "rest": "<b>:("}
    page = client.get("/en/search/advanced", query_string=form_data)
    assert page.status_code == 422
    assert "<script>alert" not in page.text
    assert "<b>" not in page.text


@pytest.mark.parametrize("lang", ["az", "ru"])
def test_no_english_is_left_on_the_page(client: FlaskClient, lang: str) -> None:
    form_data = {**UNTOUCHED, "age_from": "x", "any": "…", "km": "3", "words": "a " * 41}
    html = client.get(f"/{lang}/search/advanced", query_string=form_data).text
    text = visible_text(html)
    for word in ("words", "Born", "Write", "from", "Search", "century", "Leave", "is", "the"):
        assert not re.search(rf"\b{word}\b", text), word


def _form_data(html: str) -> list[tuple[str, str]]:
    """Return the form data that a browser would submit."""
    return select_one(html, "form.advanced-form").form_values()


def _arguments(address: str) -> dict[str, list[str]]:
    """Normalize a URL: arguments in any order, the text as a set of words."""
    arguments = parse_qs(address)
    return {name: sorted(" ".join(values).split()) for name, values in arguments.items()}
