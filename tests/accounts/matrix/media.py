"""Pictures and players; the bank of this matrix has no pictures."""

from tests.accounts.matrix.answers import Case, Table, everybody, known

SHA = "0" * 64

TABLE: Table = {
    ("web.picture", "GET"): (Case(f"/media/{SHA}", everybody(404)),),
    ("web.picture_file", "GET"): (Case(f"/media/{SHA}-160.webp", everybody(404)),),
    ("web.player", "GET"): (Case("/en/people/nizami-gencevi/media/1", everybody(404)),),
    ("web.desk_pictures", "GET"): (Case("/en/desk/pictures", known()),),
    ("web.desk_pictures_send", "POST"): (Case("/en/desk/pictures", known(422, 401)),),
    ("web.desk_picture", "GET"): (Case("/en/desk/pictures/1", known(404)),),
    ("web.desk_picture_send", "POST"): (
        Case("/en/desk/pictures/1", known(404, 401)),
        Case("/en/desk/pictures/1", known(404, 401), {"do": "remove"}),
    ),
    ("web.desk_picture_person", "GET"): (Case("/en/desk/pictures/1/person", known(404)),),
    ("web.desk_picture_person_send", "POST"): (
        Case("/en/desk/pictures/1/person", known(404, 401), {"person": "nizami-gencevi"}),
    ),
}
