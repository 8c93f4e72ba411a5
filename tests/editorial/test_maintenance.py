"""Maintenance: worklists are counted once a day, secrets are encrypted."""

from datetime import timedelta

import pyotp
from sqlalchemy import select, update

from biobank.accounts.encryption import is_encrypted
from biobank.accounts.identity import OPERATOR
from biobank.accounts.models import User
from biobank.bootstrap import Services
from biobank.common.clock import now
from biobank.editorial.maintenance import MaintenanceScheduler, run_maintenance
from biobank.editorial.worklists import members
from biobank.editorial.worklists.members import ALL_PEOPLE
from tests.support.users import add_user


def test_maintenance_counts_daily_and_encrypts_secrets(own_services: Services) -> None:
    database, search, seal = own_services.database, own_services.search, own_services.secret_box
    add_user(database, "Nigar", "editor")
    secret = pyotp.random_base32()
    with database.write() as session:
        session.execute(update(User).values(totp=secret))
    timestamp = now()
    first = run_maintenance(database, timestamp, search=search, secret_box=seal)
    assert (first.counted, first.encrypted) == (True, 1)
    repeated = run_maintenance(database, timestamp, search=search, secret_box=seal)
    assert (repeated.counted, repeated.encrypted) == (False, 0)
    assert run_maintenance(database, timestamp + timedelta(days=1), search=search).counted
    progress = members.list_progress(database, OPERATOR, timestamp.date())[ALL_PEOPLE]
    assert [each.day - timestamp.date() for each in progress] == [timedelta(0), timedelta(1)]
    with database.read() as session:
        stored = session.scalars(select(User.totp)).one()
    assert stored
    assert is_encrypted(stored)


def test_scheduler_runs_immediately(own_services: Services) -> None:
    scheduler = MaintenanceScheduler(own_services.database, own_services.search, own_services.secret_box)
    report = scheduler.run_if_due()
    assert report
    assert report.counted
    assert scheduler.run_if_due() is None
