"""Pictures at the desk: uploaded by a plain form, described, attached and removed."""

import re
from io import BytesIO

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.editorial import saving, workflow
from biobank.errors import PICTURE_CODES
from biobank.web.desk.pictures.words import OF_THE_FILE
from tests.support.pictures import DETAILS, encoded, quarters
from tests.support.users import send

NIZAMI = "nizami-gencevi"
LIST = "/en/desk/pictures"
FIELDS = {
    **{name: DETAILS[name] for name in ("licence", "author", "source")},
    **{f"alt-{lang}": text for lang, text in dict(DETAILS["alt"]).items()},
}


def upload(
    client: FlaskClient, data: bytes, name: str = "a.jpg", **changes: object
) -> TestResponse:
    return send(client, LIST, file=(BytesIO(data), name), **{**FIELDS, **changes})


def head_of(services: Services, person_id: str = NIZAMI) -> tuple[int, list[dict[str, object]]]:
    with services.database.read() as session:
        newest = saving.head(session, person_id)
        assert newest
        return newest.number, newest.record.get("media", [])


def test_a_picture_is_taken_by_its_content_whatever_its_name(
    contributors: FlaskClient, own_services: Services
) -> None:
    names = ("../../etc/passwd", "a.php", "C:\\x\\y.exe", "şəkil.svg", "x")
    for size, name in enumerate(names, 200):
        answer = upload(contributors, encoded(quarters(size, size), "PNG"), name)
        assert answer.status_code == 303, name
    page = contributors.get(answer.location)
    assert re.search(r'<img src="/media/[0-9a-f]{64}-204.webp"', page.text)
    files = list(own_services.settings.media_dir.rglob("*.*"))
    assert len(files) == 3 * len(names)
    for file in files:
        assert re.fullmatch(r"[0-9a-f]{64}-(\d+|square)\.webp", file.name)


def test_what_is_refused_is_said_at_the_file_and_nothing_typed_is_lost(
    contributors: FlaskClient,
) -> None:
    for data, words in (
        (b"", "Choose the file of a picture."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is not a JPEG, PNG or WebP picture."),
        (encoded()[:500], "The file is damaged"),
    ):
        answer = upload(contributors, data, author="Əsl Müəllif")
        assert answer.status_code == 422
        assert f'<a href="#file">{words}' in answer.text
        assert 'id="file-wrong"' in answer.text
        assert 'value="Əsl Müəllif"' in answer.text
        assert '<option value="CC BY 4.0" selected>' in answer.text


def test_every_refusal_of_a_file_has_words_of_its_own() -> None:
    assert {*OF_THE_FILE, "picture_used", "bad_details"} == set(PICTURE_CODES)


def test_a_form_that_is_far_too_heavy_is_refused_before_it_is_read(
    contributors: FlaskClient,
) -> None:
    kind = "multipart/form-data; boundary=x"
    answer = contributors.post(
        LIST, content_type=kind, environ_overrides={"CONTENT_LENGTH": "9000000"}
    )
    assert answer.status_code == 413


def test_what_is_missing_is_said_at_its_field(contributors: FlaskClient) -> None:
    answer = upload(
        contributors, encoded(), licence="Mine", author=" ", source="ftp://a.az", **{"alt-ru": ""}
    )
    assert answer.status_code == 422
    for field in ("licence", "author", "source", "alt-ru"):
        assert f'<a href="#{field}">' in answer.text
        assert f'id="{field}-wrong"' in answer.text
    assert "Русский is missing" in answer.text
    too_long = upload(contributors, encoded(), author="x" * 400)
    assert "This text is too long." in too_long.text


def test_the_same_file_leads_to_the_picture_that_is_there(
    contributors: FlaskClient, editors: FlaskClient
) -> None:
    first = upload(contributors, encoded()).location
    again = upload(editors, encoded(), "b.png", author="Another")
    assert again.location == f"{first}?known=1"
    assert "had this very picture already" in editors.get(again.location).text
    upload(editors, encoded(quarters(200, 200)))
    assert "2 pictures" in editors.get(LIST).text
    assert "1 picture " in contributors.get(f"{LIST}?own=1").text


def test_a_picture_goes_from_the_form_to_the_public_page(
    contributors: FlaskClient,
    contributor: Identity,
    editor: Identity,
    own_services: Services,
) -> None:
    where = upload(contributors, encoded()).location
    found = contributors.get(f"{where}/person?q=Низами")
    assert found.status_code == 200
    assert f'name="person" value="{NIZAMI}"' in found.text
    put = {"person": NIZAMI, "base": "1", "portrait": "1"}
    answer = send(contributors, f"{where}/person", form=where, **put)
    assert answer.location == f"/en/desk/people/{NIZAMI}"
    assert f"/en/desk/pictures?person={NIZAMI}" in contributors.get(answer.location).text
    # The revision message is translated to the reader's language.
    record = contributors.get(f"/ru/desk/people/{NIZAMI}").text
    assert "Добавлено изображение." in record
    assert "A picture was put on." not in record
    # The picture is titled by its description.
    assert "Squares · picture" in contributors.get(f"/en/desk/people/{NIZAMI}/blame").text
    # The reviewer sees the picture before readers do.
    preview = contributors.get(f"{answer.location}/revisions/2").text
    assert 'class="portrait"' in preview
    # The form shows a thumbnail, not only a hash URL.
    form = contributors.get(f"{answer.location}/edit").text
    assert re.search(r'<img class="row-picture" src="/media/[0-9a-f]{64}-square.webp"', form)
    number, media = head_of(own_services)
    assert (number, media[0]["licence"], media[0]["alt"]) == (2, "CC BY 4.0", DETAILS["alt"])
    page = contributors.get(where)
    assert "only in a draft" in page.text
    assert "Remove the picture" not in page.text
    # A user with a stale page is notified and sees the latest revision.
    late = send(contributors, f"{where}/person", form=where, **put)
    assert late.status_code == 422
    assert 'name="base" value="2"' in late.text
    workflow.submit(own_services.database, contributor, NIZAMI, 2)
    workflow.publish(own_services.database, editor, NIZAMI, 2)
    reader = contributors.application.test_client()
    assert 'class="portrait"' in reader.get(f"/en/people/{NIZAMI}").text


def test_whom_one_wrote_of_last_is_offered_drafts_too(
    contributors: FlaskClient, contributor: Identity, own_services: Services
) -> None:
    new = {"names": [{"text": "Uydurma Şəxs", "lang": "az", "kind": "preferred"}]}
    saved = saving.save_draft(own_services.database, contributor, new, None)
    where = upload(contributors, encoded()).location
    assert "Uydurma Şəxs" in contributors.get(f"{where}/person").text
    assert "Uydurma Şəxs" in contributors.get(f"{where}/person?q={saved.person_id}").text
    put = {"person": saved.person_id, "base": "1"}
    assert send(contributors, f"{where}/person", form=where, **put).status_code == 303
    number, media = head_of(own_services, saved.person_id)
    assert (number, len(media)) == (2, 1)
    missing = send(contributors, f"{where}/person", form=where, person="nobody", base="1")
    assert missing.status_code == 404


def test_who_came_for_a_person_is_led_to_that_person_with_the_picture(
    contributors: FlaskClient,
) -> None:
    form = contributors.get(f"{LIST}?person={NIZAMI}").text
    assert f'<input type="hidden" name="person" value="{NIZAMI}">' in form
    assert 'name="person"' not in contributors.get(f"{LIST}?person=%22><b").text
    answer = upload(contributors, encoded(), person=NIZAMI)
    assert answer.location == f"{LIST}/1/person?q={NIZAMI}"
    assert f'name="person" value="{NIZAMI}"' in contributors.get(answer.location).text


def test_a_record_that_says_something_else_is_brought_in_line(
    contributors: FlaskClient, own_services: Services
) -> None:
    where = upload(contributors, encoded()).location
    put = {"person": NIZAMI, "base": "1", "portrait": "1"}
    send(contributors, f"{where}/person", form=where, **put)
    changed = {**FIELDS, "author": "Əsl Müəllif"}
    assert send(contributors, where, **changed).location == where
    page = contributors.get(where)
    assert "says something else" in page.text
    send(contributors, f"{where}/person", form=where, **{**put, "base": "2"})
    assert head_of(own_services)[1][0]["author"] == "Əsl Müəllif"
    assert "says something else" not in contributors.get(where).text


def test_an_unused_picture_is_removed_by_whoever_added_it(
    contributors: FlaskClient, editors: FlaskClient, own_services: Services
) -> None:
    theirs = upload(editors, encoded()).location
    assert "Remove the picture" not in contributors.get(theirs).text
    assert send(contributors, theirs, do="remove").status_code == 403
    assert send(editors, theirs, do="remove").location == LIST
    assert editors.get(theirs).status_code == 404
    assert list(own_services.settings.media_dir.rglob("*.webp")) == []


def test_what_is_typed_comes_back_as_words(contributors: FlaskClient) -> None:
    evil = "\"><script>alert(1)</script>'"
    answer = upload(contributors, encoded(), author=evil, **{"alt-en": evil})
    where = answer.location
    for page in (
        contributors.get(where),
        contributors.get(LIST),
        contributors.get(where + "/person"),
    ):
        assert page.status_code == 200
        assert "<script>alert" not in page.text
    refused = upload(contributors, b"", author=evil, source=evil, **{"alt-az": evil})
    assert "<script>alert" not in refused.text
    assert contributors.get(f"{where}/person?q={evil}").status_code == 200
