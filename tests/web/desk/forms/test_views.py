"""JSON endpoints of the writing form: bounded, escaped and translated responses."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.date_parser.parser import MAX_TYPED_DATE_CHARS
from biobank.records.fields import MAX_BIOGRAPHY_CHARS
from biobank.web.desk.forms.tree import empty_value
from biobank.web.desk.writing.forms import to_record
from biobank.web.desk.writing.person_schema import PERSON_FORM
from tests.support.pages import select, texts
from tests.support.users import fetch_csrf_token
from tests.web.core.test_every_page import _Page

HOSTILE = '<img src=x onerror="alert(1)">'


def save_draft_person(services: Services, id_: str, name: str, **more: Any) -> None:
    record = {"id": id_, "names": [{"text": name, "lang": "az", "kind": "preferred"}], **more}
    with services.database.write() as session:
        save_records(session, [record], OPERATOR, "", publish=False)


def request_choices(client: FlaskClient, kind: str, q: str, lang: str = "en") -> list[dict[str, str]]:
    response = client.get(f"/{lang}/desk/values.json", query_string={"kind": kind, "q": q})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    result: list[dict[str, str]] = response.get_json()["choices"]
    assert len(result) <= 8
    return result


def test_people_are_distinguished_and_drafts_are_marked(
    contributor_client: FlaskClient, own_services: Services
) -> None:
    save_draft_person(own_services, "qurban", "Qurban Zəfəranov", birth={"date": "1885"})
    [choice] = request_choices(contributor_client, "person", "зафаран")
    assert choice == {"id": "qurban", "label": "Qurban Zəfəranov", "note": "draft · b. 1885"}
    assert request_choices(contributor_client, "person", "qurban", "ru")[0]["note"] == "черновик · род. 1885"
    public = request_choices(contributor_client, "person", "uzeyir haci")[0]
    assert public["id"] == "uzeyir-hacibeyov"
    assert public["note"].startswith("1885–1948 · Composer")


@pytest.mark.parametrize(
    ("kind", "typed", "id_", "note"),
    [
        ("place", "yelizav", "gence", "city · Yelizavetpol · Azerbaijan"),
        ("place", "Şuş", "susa", "city · Şuşa · Karabakh · Azerbaijan"),
        ("place", "gence", "gence", "city · Azerbaijan"),
        ("place", "Bakuu", "baku", "city · Azerbaijan"),
        ("profession", "композ", "composer", "композитор · musician"),
        ("event", "prem", "premiere", ""),
        ("work", "opera", "opera", ""),
        ("relation", "teach", "teacher", ""),
        ("award", "people's artist of the ussr", "ussr-peoples-artist", ""),
        ("organisation", "baku acad", "baku-music-academy", "Academy · 1920 or 1921"),
    ],
)
def test_input_in_any_language_finds_the_entry_with_context(
    contributor_client: FlaskClient, kind: str, typed: str, id_: str, note: str
) -> None:
    notes = {choice["id"]: choice["note"] for choice in request_choices(contributor_client, kind, typed)}
    assert notes[id_] == note


def test_sources_are_found_by_words_of_title_and_author(contributor_client: FlaskClient) -> None:
    [choice] = request_choices(contributor_client, "source", "bahmanyar iranica")
    assert choice["id"] == "iranica-bahmanyar"
    assert choice["note"] == "Encyclopaedia Iranica"
    assert request_choices(contributor_client, "source", "iranica-bahmanyar")[0]["id"] == "iranica-bahmanyar"


@pytest.mark.parametrize("kind", ["person", "place", "profession", "source"])
@pytest.mark.parametrize("typed", ["", "  ", HOSTILE, "x" * 5000, "%_'\"\\", "((((", "ə" * 500])
def test_anything_typed_is_answered(contributor_client: FlaskClient, kind: str, typed: str) -> None:
    request_choices(contributor_client, kind, typed)


def test_hostile_names_stay_plain_data(contributor_client: FlaskClient, own_services: Services) -> None:
    save_draft_person(own_services, "hostile", f"Zəhrə {HOSTILE}")
    response = contributor_client.get("/en/desk/values.json?kind=person&q=zehre")
    assert response.mimetype == "application/json"
    assert response.get_json()["choices"][0]["label"] == f"Zəhrə {HOSTILE}"


def request_date(client: FlaskClient, text: str, lang: str = "en") -> dict[str, str]:
    response = client.get(f"/{lang}/desk/date.json", query_string={"text": text})
    assert response.status_code == 200
    result: dict[str, str] = response.get_json()
    return result


def test_date_is_described_in_the_page_language(contributor_client: FlaskClient) -> None:
    assert request_date(contributor_client, "около 1141") == {
        "edtf": "1141~",
        "reading": "c. 1141",
        "band": "1136–1146",
    }
    assert request_date(contributor_client, "XII əsr", "ru")["reading"] == "XII век"
    assert request_date(contributor_client, "18.09.1885", "az")["reading"] == "18 sentyabr 1885"
    assert request_date(contributor_client, "") == {"edtf": "", "reading": "", "band": ""}


@pytest.mark.parametrize("lang", ["az", "ru"])
def test_date_errors_are_translated(contributor_client: FlaskClient, lang: str) -> None:
    typed = ("nonsense", "03/04/1885", "30.02.1885", "13.13.1885", "1885-1880", "../..", "1" * 999)
    errors = [request_date(contributor_client, text, lang)["problem"] for text in typed]
    assert len(set(errors)) == len(errors)
    assert not [text for text in errors if "This" in text or "There" in text]
    assert str(MAX_TYPED_DATE_CHARS) in errors[-1]


def test_typed_dates_are_parsed_without_scripts() -> None:
    tree = empty_value(PERSON_FORM)
    tree["birth"]["date"], tree["death"]["date"] = "təxminən 1141", "nonsense"
    record = to_record(tree).record
    assert (record["birth"]["date"], record["death"]["date"]) == ("1141~", "nonsense")


def request_preview(client: FlaskClient, text: str, **fields: Any) -> dict[str, Any]:
    token = fetch_csrf_token(client, "/en/account/password")
    form_data = {"csrf_token": token, "text": text, "lang": "en", **fields}
    response = client.post("/en/desk/preview.json", data=form_data)
    assert response.status_code == 200, response.text
    result: dict[str, Any] = response.get_json()
    return result


def test_preview_renders_text_and_sources(contributor_client: FlaskClient) -> None:
    result = request_preview(
        contributor_client,
        "A *life* [@iranica-bahmanyar, p. 2; @new-book] and [@nobody].",
        sources=["A new book (new-book)", "unused (unused)"],
    )
    assert texts(result["html"], "p > em") == ["life"]
    assert select(result["html"], "sup a[href='#source-2']")
    assert [(source["number"], source["id"]) for source in result["sources"]] == [
        (1, "iranica-bahmanyar"),
        (2, "new-book"),
    ]
    assert result["unknown"] == ["nobody"]


def test_preview_contains_no_scripts(contributor_client: FlaskClient) -> None:
    text = f"{HOSTILE}\n\n[a](javascript:alert(1)) <script>1</script> [@x, {HOSTILE}]"
    result = request_preview(contributor_client, text, sources=["x"])
    tags = _Page(result["html"]).tags
    assert [tag for tag, _ in tags] == ["p", "p", "a", "sup", "a"]
    assert "href" not in tags[2][1]
    assert not [name for _, attrs in tags for name in attrs if name.startswith("on")]
    assert tags[-1][1]["href"] == "#source-1"


def test_oversized_preview_is_rejected(contributor_client: FlaskClient) -> None:
    token = fetch_csrf_token(contributor_client, "/en/account/password")
    for text in ("a" * (MAX_BIOGRAPHY_CHARS + 1), "a\x00b"):
        response = contributor_client.post("/en/desk/preview.json", data={"csrf_token": token, "text": text})
        assert response.status_code == 400


def request_candidates(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    response = client.get("/en/desk/duplicates.json", query_string=query)
    assert response.status_code == 200
    result: list[dict[str, Any]] = response.get_json()["suspects"]
    return result


def test_duplicate_candidates_have_reasons(contributor_client: FlaskClient, own_services: Services) -> None:
    save_draft_person(own_services, "qurban", "Qurban Zəfəranov", birth={"date": "1885-03-02"})
    [hidden] = request_candidates(contributor_client, name="Гурбан Зафаранов", born="2 марта 1885")
    assert (hidden["id"], hidden["note"]) == ("qurban", "draft · b. 1885")
    assert hidden["url"] == "/en/desk/people/qurban"
    assert hidden["reasons"][1:] == ["born on the same day: 2 March 1885"]
    assert "Russian spelling" in hidden["reasons"][0]
    [public] = request_candidates(contributor_client, name=["Uzeyir", "Узеир Гаджибеков"], born="1885")
    assert public["url"] == "/en/people/uzeyir-hacibeyov"
    assert request_candidates(contributor_client, name="Узеир Гаджибеков", distinct="uzeyir-hacibeyov") == []
    assert request_candidates(contributor_client, name="Узеир Гаджибеков", id="uzeyir-hacibeyov") == []
    assert request_candidates(contributor_client, name="Узеир Гаджибеков", born="1790") == []


@pytest.mark.parametrize(
    "params", [{}, {"name": ["x" * 3000] * 5}, {"name": HOSTILE, "born": HOSTILE, "id": HOSTILE}]
)
def test_any_input_is_answered(contributor_client: FlaskClient, params: dict[str, Any]) -> None:
    assert request_candidates(contributor_client, **params) == []
