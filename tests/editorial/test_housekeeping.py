"""Maintenance: worklists are counted once a day, secrets are encrypted."""

from datetime import timedelta

import pyotp
from sqlalchemy import select, update

from biobank.accounts.clock import now
from biobank.accounts.identity import OPERATOR
from biobank.accounts.models import User
from biobank.accounts.seal import is_closed
from biobank.bootstrap import Services
from biobank.editorial.housekeeping import Housekeeper, keep_house
from biobank.editorial.worklists import counting
from biobank.editorial.worklists.lists import PEOPLE
from tests.support.users import add_user


def test_a_round_counts_once_a_day_and_seals_what_is_in_clear(own_services: Services) -> None:
    database, search, seal = own_services.database, own_services.search, own_services.seal
    add_user(database, "Nigar", "editor")
    secret = pyotp.random_base32()
    with database.write() as session:
        session.execute(update(User).values(totp=secret))
    moment = now()
    first = keep_house(database, moment, search=search, seal=seal)
    assert (first.counted, first.sealed) == (True, 1)
    again = keep_house(database, moment, search=search, seal=seal)
    assert (again.counted, again.sealed) == (False, 0)
    assert keep_house(database, moment + timedelta(days=1), search=search).counted
    noted = counting.progress(database, OPERATOR, moment.date())[PEOPLE]
    assert [each.day - moment.date() for each in noted] == [timedelta(0), timedelta(1)]
    with database.read() as session:
        kept = session.scalars(select(User.totp)).one()
    assert kept
    assert is_closed(kept)


def test_the_keeper_of_the_server_does_it_at_its_first_look(own_services: Services) -> None:
    keeper = Housekeeper(own_services.database, own_services.search, own_services.seal)
    done = keeper.look()
    assert done
    assert done.counted
    assert keeper.look() is None
