"""JSON endpoints of the writing form: bounded, escaped and translated responses."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.publishing import save_many
from biobank.records.fields import BIOGRAPHY
from biobank.records.typed_dates import TYPED_MOST
from biobank.web.desk.writing.record import to_record
from biobank.web.desk.writing.shape import FORM
from biobank.web.desk.writing.tree import empty
from tests.support.users import csrf_of
from tests.web.test_every_page import _Page

HOSTILE = '<img src=x onerror="alert(1)">'


def draft(services: Services, id_: str, name: str, **more: Any) -> None:
    record = {"id": id_, "names": [{"text": name, "lang": "az", "kind": "preferred"}], **more}
    with services.database.write() as session:
        save_many(session, [record], OPERATOR, "", publish=False)


def choices(client: FlaskClient, kind: str, q: str, lang: str = "en") -> list[dict[str, str]]:
    answer = client.get(f"/{lang}/desk/values.json", query_string={"kind": kind, "q": q})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found: list[dict[str, str]] = answer.get_json()["choices"]
    assert len(found) <= 8
    return found


def test_people_are_told_from_their_namesakes_and_drafts_are_marked(
    contributors: FlaskClient, own_services: Services
) -> None:
    draft(own_services, "qurban", "Qurban Zəfəranov", birth={"date": "1885"})
    [found] = choices(contributors, "person", "зафаран")
    assert found == {"id": "qurban", "label": "Qurban Zəfəranov", "note": "draft · b. 1885"}
    assert choices(contributors, "person", "qurban", "ru")[0]["note"] == "черновик · род. 1885"
    public = choices(contributors, "person", "uzeyir haci")[0]
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
def test_what_is_typed_in_any_language_finds_the_thing_and_what_it_lies_in(
    contributors: FlaskClient, kind: str, typed: str, id_: str, note: str
) -> None:
    found = {choice["id"]: choice["note"] for choice in choices(contributors, kind, typed)}
    assert found[id_] == note


def test_sources_are_found_by_words_of_title_and_author(contributors: FlaskClient) -> None:
    [found] = choices(contributors, "source", "bahmanyar iranica")
    assert found["id"] == "iranica-bahmanyar"
    assert found["note"] == "Encyclopaedia Iranica"
    assert choices(contributors, "source", "iranica-bahmanyar")[0]["id"] == "iranica-bahmanyar"


@pytest.mark.parametrize("kind", ["person", "place", "profession", "source"])
@pytest.mark.parametrize("typed", ["", "  ", HOSTILE, "x" * 5000, "%_'\"\\", "((((", "ə" * 500])
def test_anything_typed_is_answered(contributors: FlaskClient, kind: str, typed: str) -> None:
    choices(contributors, kind, typed)


def test_choices_are_data_and_a_hostile_name_stays_text(
    contributors: FlaskClient, own_services: Services
) -> None:
    draft(own_services, "hostile", f"Zəhrə {HOSTILE}")
    answer = contributors.get("/en/desk/values.json?kind=person&q=zehre")
    assert answer.mimetype == "application/json"
    assert answer.get_json()["choices"][0]["label"] == f"Zəhrə {HOSTILE}"


def date(client: FlaskClient, text: str, lang: str = "en") -> dict[str, str]:
    answer = client.get(f"/{lang}/desk/date.json", query_string={"text": text})
    assert answer.status_code == 200
    found: dict[str, str] = answer.get_json()
    return found


def test_a_date_is_read_back_in_the_words_of_the_page(contributors: FlaskClient) -> None:
    assert date(contributors, "около 1141") == {
        "edtf": "1141~",
        "reading": "c. 1141",
        "band": "1136–1146",
    }
    assert date(contributors, "XII əsr", "ru")["reading"] == "XII век"
    assert date(contributors, "18.09.1885", "az")["reading"] == "18 sentyabr 1885"
    assert date(contributors, "") == {"edtf": "", "reading": "", "band": ""}


@pytest.mark.parametrize("lang", ["az", "ru"])
def test_what_is_wrong_with_a_date_is_told_in_the_words_of_the_page(
    contributors: FlaskClient, lang: str
) -> None:
    typed = ("nonsense", "03/04/1885", "30.02.1885", "13.13.1885", "1885-1880", "../..", "1" * 999)
    told = [date(contributors, text, lang)["problem"] for text in typed]
    assert len(set(told)) == len(told)
    assert not [text for text in told if "This" in text or "There" in text]
    assert str(TYPED_MOST) in told[-1]


def test_a_form_without_scripts_reads_dates_as_they_are_typed() -> None:
    tree = empty(FORM)
    tree["birth"]["date"], tree["death"]["date"] = "təxminən 1141", "nonsense"
    record = to_record(tree).record
    assert (record["birth"]["date"], record["death"]["date"]) == ("1141~", "nonsense")


def preview(client: FlaskClient, text: str, **fields: Any) -> dict[str, Any]:
    token = csrf_of(client, "/en/account/password")
    sent = {"csrf_token": token, "text": text, "lang": "en", **fields}
    answer = client.post("/en/desk/preview.json", data=sent)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_preview_is_the_text_as_its_page_will_show_it(contributors: FlaskClient) -> None:
    found = preview(
        contributors,
        "A *life* [@iranica-bahmanyar, p. 2; @new-book] and [@nobody].",
        sources=["A new book (new-book)", "unused (unused)"],
    )
    assert "<p>A <em>life</em><sup>" in found["html"]
    assert 'href="#source-2"' in found["html"]
    assert [(it["number"], it["id"]) for it in found["sources"]] == [
        (1, "iranica-bahmanyar"),
        (2, "new-book"),
    ]
    assert found["unknown"] == ["nobody"]


def test_nothing_in_a_preview_runs(contributors: FlaskClient) -> None:
    text = f"{HOSTILE}\n\n[a](javascript:alert(1)) <script>1</script> [@x, {HOSTILE}]"
    found = preview(contributors, text, sources=["x"])
    tags = _Page(found["html"]).tags
    assert [tag for tag, _ in tags] == ["p", "p", "sup", "a"]
    assert not [name for _, attrs in tags for name in attrs if name.startswith("on")]
    assert tags[-1][1]["href"] == "#source-1"


def test_a_preview_is_bounded(contributors: FlaskClient) -> None:
    token = csrf_of(contributors, "/en/account/password")
    for text in ("a" * (BIOGRAPHY + 1), "a\x00b"):
        answer = contributors.post(
            "/en/desk/preview.json", data={"csrf_token": token, "text": text}
        )
        assert answer.status_code == 400


def alike(client: FlaskClient, **asked: Any) -> list[dict[str, Any]]:
    answer = client.get("/en/desk/duplicates.json", query_string=asked)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.get_json()["suspects"]
    return found


def test_who_may_be_there_already_is_told_with_reasons(
    contributors: FlaskClient, own_services: Services
) -> None:
    draft(own_services, "qurban", "Qurban Zəfəranov", birth={"date": "1885-03-02"})
    [hidden] = alike(contributors, name="Гурбан Зафаранов", born="2 марта 1885")
    assert (hidden["id"], hidden["note"]) == ("qurban", "draft · b. 1885")
    assert hidden["url"] == "/en/desk/people/qurban"
    assert hidden["reasons"][1:] == ["born on the same day: 2 March 1885"]
    assert "Russian spelling" in hidden["reasons"][0]
    [public] = alike(contributors, name=["Uzeyir", "Узеир Гаджибеков"], born="1885")
    assert public["url"] == "/en/people/uzeyir-hacibeyov"
    assert alike(contributors, name="Узеир Гаджибеков", distinct="uzeyir-hacibeyov") == []
    assert alike(contributors, name="Узеир Гаджибеков", id="uzeyir-hacibeyov") == []
    assert alike(contributors, name="Узеир Гаджибеков", born="1790") == []


@pytest.mark.parametrize(
    "asked",
    [{}, {"name": ["x" * 3000] * 5}, {"name": HOSTILE, "born": HOSTILE, "id": HOSTILE}],
)
def test_anything_is_compared(contributors: FlaskClient, asked: dict[str, Any]) -> None:
    assert alike(contributors, **asked) == []
