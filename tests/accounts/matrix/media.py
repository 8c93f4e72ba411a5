"""Pictures and players. Nothing is in the bank of this table: what is there has tests of its own."""

from tests.accounts.matrix.answers import Case, Table, everybody

SHA = "0" * 64

TABLE: Table = {
    ("web.picture", "GET"): (Case(f"/media/{SHA}", everybody(404)),),
    ("web.picture_file", "GET"): (Case(f"/media/{SHA}-160.webp", everybody(404)),),
    ("web.player", "GET"): (Case("/en/people/nizami-gencevi/media/1", everybody(404)),),
}
