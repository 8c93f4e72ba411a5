"""Pictures and players; the bank of this matrix has no pictures."""

from tests.accounts.matrix.expectations import Case, Table, same_for_all, signed_in

SHA = "0" * 64

TABLE: Table = {
    ("web.picture", "GET"): (Case(f"/media/{SHA}", same_for_all(404)),),
    ("web.picture_file", "GET"): (Case(f"/media/{SHA}-160.webp", same_for_all(404)),),
    ("web.player", "GET"): (Case("/en/people/nizami-gencevi/media/1", same_for_all(404)),),
    ("desk.pictures", "GET"): (Case("/en/desk/pictures", signed_in()),),
    ("desk.pictures_post", "POST"): (Case("/en/desk/pictures", signed_in(422, 401)),),
    ("desk.picture", "GET"): (Case("/en/desk/pictures/1", signed_in(404)),),
    ("desk.picture_post", "POST"): (
        Case("/en/desk/pictures/1", signed_in(404, 401)),
        Case("/en/desk/pictures/1", signed_in(404, 401), {"do": "remove"}),
    ),
    ("desk.picture_person", "GET"): (Case("/en/desk/pictures/1/person", signed_in(404)),),
    ("desk.picture_person_post", "POST"): (
        Case("/en/desk/pictures/1/person", signed_in(404, 401), {"person": "nizami-gencevi"}),
    ),
}
