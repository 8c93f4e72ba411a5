"""Pictures at the desk: uploaded by a plain form, described, attached and removed."""

import re
from io import BytesIO

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.errors import PICTURE_CODES
from biobank.web.desk.pictures.pages import FILE_ERROR_LABELS
from tests.support.pages import attributes, select, texts
from tests.support.pictures import DETAILS, encode, quarters
from tests.support.users import submit_form

NIZAMI = "nizami-gencevi"
LIST = "/en/desk/pictures"
FIELDS = {
    **{name: DETAILS[name] for name in ("licence", "author", "source")},
    **{f"alt-{lang}": text for lang, text in dict(DETAILS["alt"]).items()},
}


def upload(client: FlaskClient, data: bytes, name: str = "a.jpg", **changes: object) -> TestResponse:
    return submit_form(client, LIST, file=(BytesIO(data), name), **{**FIELDS, **changes})


def latest_media(services: Services, person_id: str = NIZAMI) -> tuple[int, list[dict[str, object]]]:
    with services.database.read() as session:
        latest = latest_revision(session, person_id)
        assert latest
        return latest.number, latest.record.get("media", [])


def test_picture_type_is_detected_by_content(contributor_client: FlaskClient, own_services: Services) -> None:
    names = ("../../etc/passwd", "a.php", "C:\\x\\y.exe", "şəkil.svg", "x")
    for size, name in enumerate(names, 200):
        response = upload(contributor_client, encode(quarters(size, size), "PNG"), name)
        assert response.status_code == 303, name
    page = contributor_client.get(response.location)
    assert any(
        re.fullmatch("/media/[0-9a-f]{64}-204.webp", src) for src in attributes(page.text, "img", "src")
    )
    files = list(own_services.settings.media_dir.rglob("*.*"))
    assert len(files) == 3 * len(names)
    for file in files:
        assert re.fullmatch(r"[0-9a-f]{64}-(\d+|square)\.webp", file.name)


def test_file_error_is_shown_and_input_is_preserved(contributor_client: FlaskClient) -> None:
    for data, words in (
        (b"", "Choose a picture file."),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "The file is not a JPEG, PNG or WebP picture. Choose another file.",
        ),
        (encode()[:500], "The file is damaged"),
    ):
        response = upload(contributor_client, data, author="Əsl Müəllif")
        assert response.status_code == 422
        assert texts(response.text, "a[href='#file']")[0].startswith(words)
        assert select(response.text, "#file-error")
        assert attributes(response.text, "#author", "value") == ["Əsl Müəllif"]
        assert attributes(response.text, "#licence [selected]", "value") == ["CC BY 4.0"]


def test_every_file_error_has_a_message() -> None:
    assert {*FILE_ERROR_LABELS, "picture_used", "bad_details"} == set(PICTURE_CODES)


def test_oversized_form_is_rejected_before_parsing(contributor_client: FlaskClient) -> None:
    kind = "multipart/form-data; boundary=x"
    response = contributor_client.post(
        LIST, content_type=kind, environ_overrides={"CONTENT_LENGTH": "9000000"}
    )
    assert response.status_code == 413


def test_missing_details_are_reported_at_their_fields(contributor_client: FlaskClient) -> None:
    response = upload(
        contributor_client, encode(), licence="Mine", author=" ", source="ftp://a.az", **{"alt-ru": ""}
    )
    assert response.status_code == 422
    for field in ("licence", "author", "source", "alt-ru"):
        assert select(response.text, f"a[href='#{field}']")
        assert select(response.text, f"#{field}-error")
    assert "Missing: Русский" in response.text
    too_long = upload(contributor_client, encode(), author="x" * 400)
    assert "The text is too long. Shorten it." in too_long.text


def test_duplicate_upload_redirects_to_the_existing_picture(
    contributor_client: FlaskClient, editor_client: FlaskClient
) -> None:
    first = upload(contributor_client, encode()).location
    repeated = upload(editor_client, encode(), "b.png", author="Another")
    assert repeated.location == f"{first}?known=1"
    assert "This picture is already in the database." in editor_client.get(repeated.location).text
    upload(editor_client, encode(quarters(200, 200)))
    assert "2 pictures" in editor_client.get(LIST).text
    assert "1 picture " in contributor_client.get(f"{LIST}?own=1").text


def test_a_picture_goes_from_the_form_to_the_public_page(
    contributor_client: FlaskClient, contributor: Identity, editor: Identity, own_services: Services
) -> None:
    where = upload(contributor_client, encode()).location
    search_page = contributor_client.get(f"{where}/person?q=Низами")
    assert search_page.status_code == 200
    assert select(search_page.text, f"[name=person][value={NIZAMI}]")
    attachment = {"person": NIZAMI, "base": "1", "portrait": "1"}
    response = submit_form(contributor_client, f"{where}/person", form=where, **attachment)
    assert response.location == f"/en/desk/people/{NIZAMI}"
    record = contributor_client.get(response.location).text
    assert select(record, f"a[href='/en/desk/pictures?person={NIZAMI}']")
    # The revision message is translated to the reader's language.
    record = contributor_client.get(f"/ru/desk/people/{NIZAMI}").text
    assert "Добавлено изображение." in record
    assert "Picture added." not in record
    # The picture is titled by its description.
    assert "Squares · picture" in contributor_client.get(f"/en/desk/people/{NIZAMI}/blame").text
    # The reviewer sees the picture before readers do.
    preview = contributor_client.get(f"{response.location}/revisions/2").text
    assert select(preview, ".portrait")
    # The form shows a thumbnail, not only a hash URL.
    form = contributor_client.get(f"{response.location}/edit").text
    assert re.fullmatch("/media/[0-9a-f]{64}-square.webp", attributes(form, "img.row-picture", "src")[0])
    number, media = latest_media(own_services)
    assert (number, media[0]["licence"], media[0]["alt"]) == (2, "CC BY 4.0", DETAILS["alt"])
    page = contributor_client.get(where)
    assert "in a draft only" in page.text
    assert "Delete picture" not in page.text
    # A user with a stale page is notified and sees the latest revision.
    late_response = submit_form(contributor_client, f"{where}/person", form=where, **attachment)
    assert late_response.status_code == 422
    assert select(late_response.text, "[name=base][value='2']")
    workflow.submit(own_services.database, contributor, NIZAMI, 2)
    workflow.publish(own_services.database, editor, NIZAMI, 2)
    reader = contributor_client.application.test_client()
    assert select(reader.get(f"/en/people/{NIZAMI}").text, ".portrait")


def test_recently_edited_drafts_are_offered(
    contributor_client: FlaskClient, contributor: Identity, own_services: Services
) -> None:
    new = {"names": [{"text": "Uydurma Şəxs", "lang": "az", "kind": "preferred"}]}
    saved = drafts.save_draft(own_services.database, contributor, new, None)
    where = upload(contributor_client, encode()).location
    assert "Uydurma Şəxs" in contributor_client.get(f"{where}/person").text
    assert "Uydurma Şəxs" in contributor_client.get(f"{where}/person?q={saved.person_id}").text
    attachment = {"person": saved.person_id, "base": "1"}
    assert submit_form(contributor_client, f"{where}/person", form=where, **attachment).status_code == 303
    number, media = latest_media(own_services, saved.person_id)
    assert (number, len(media)) == (2, 1)
    missing = submit_form(contributor_client, f"{where}/person", form=where, person="nobody", base="1")
    assert missing.status_code == 404


def test_upload_for_a_person_redirects_to_that_person(contributor_client: FlaskClient) -> None:
    form = contributor_client.get(f"{LIST}?person={NIZAMI}").text
    assert select(form, f"input[type=hidden][name=person][value={NIZAMI}]")
    assert not select(contributor_client.get(f"{LIST}?person=%22><b").text, "[name=person]")
    response = upload(contributor_client, encode(), person=NIZAMI)
    assert response.location == f"{LIST}/1/person?q={NIZAMI}"
    assert select(contributor_client.get(response.location).text, f"[name=person][value={NIZAMI}]")


def test_outdated_picture_details_in_a_record_are_updated(
    contributor_client: FlaskClient, own_services: Services
) -> None:
    where = upload(contributor_client, encode()).location
    attachment = {"person": NIZAMI, "base": "1", "portrait": "1"}
    submit_form(contributor_client, f"{where}/person", form=where, **attachment)
    changed = {**FIELDS, "author": "Əsl Müəllif"}
    assert submit_form(contributor_client, where, **changed).location == where
    page = contributor_client.get(where)
    assert "The picture details in this record differ from the current ones." in page.text
    submit_form(contributor_client, f"{where}/person", form=where, **{**attachment, "base": "2"})
    assert latest_media(own_services)[1][0]["author"] == "Əsl Müəllif"
    assert (
        "The picture details in this record differ from the current ones."
        not in contributor_client.get(where).text
    )


def test_unused_picture_is_removed_by_its_uploader(
    contributor_client: FlaskClient, editor_client: FlaskClient, own_services: Services
) -> None:
    theirs = upload(editor_client, encode()).location
    assert "Delete picture" not in contributor_client.get(theirs).text
    assert submit_form(contributor_client, theirs, do="remove").status_code == 403
    assert submit_form(editor_client, theirs, do="remove").location == LIST
    assert editor_client.get(theirs).status_code == 404
    assert list(own_services.settings.media_dir.rglob("*.webp")) == []


def test_typed_text_is_escaped(contributor_client: FlaskClient) -> None:
    evil = "\"><script>alert(1)</script>'"
    response = upload(contributor_client, encode(), author=evil, **{"alt-en": evil})
    where = response.location
    for page in (
        contributor_client.get(where),
        contributor_client.get(LIST),
        contributor_client.get(where + "/person"),
    ):
        assert page.status_code == 200
        assert "<script>alert" not in page.text
    refused = upload(contributor_client, b"", author=evil, source=evil, **{"alt-az": evil})
    assert "<script>alert" not in refused.text
    assert contributor_client.get(f"{where}/person?q={evil}").status_code == 200
