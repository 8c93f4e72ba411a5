"""Delivery of account links: by e-mail if configured, otherwise on the administrator's page."""

import logging
import threading
from dataclasses import dataclass

from flask import current_app

from biobank.accounts import signing_in
from biobank.accounts.identity import Identity
from biobank.accounts.letters import letter
from biobank.accounts.users import PATHS, Invited
from biobank.bootstrap import Services
from biobank.errors import BiobankError, MailFailed
from biobank.extensions import services
from biobank.web.links import absolute

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Handed:
    """A link for a user: `emailed`, or else to be shown to the administrator who created it."""

    email: str
    kind: str
    link: str
    sent: bool


def hand_over(made: Invited) -> Handed:
    link = absolute(made.path)
    sent = False
    if services.mailer:
        try:
            user = made.user
            services.mailer.send(letter(made.kind, user.email, user.name, user.lang, link))
            sent = True
        except MailFailed as error:
            log.warning("%s", error.message)
    return Handed(made.user.email, made.kind, link, sent)


def send_reset(who: Identity, email: str) -> None:
    """Send a password reset link to `email` if it has an account.

    Runs in a thread, so that the response time does not reveal whether the account exists.
    """
    its: Services = current_app.extensions["biobank"]
    threading.Thread(target=_send_reset, args=(its, who, email), daemon=True).start()


def _send_reset(its: Services, who: Identity, email: str) -> None:
    try:
        made = signing_in.ask_reset(its.database, who, email)
        if made and its.mailer:
            link = f"{its.settings.base_url}/{made.lang}{PATHS['reset']}{made.key}"
            its.mailer.send(letter("reset", made.email, made.name, made.lang, link))
    except BiobankError as error:
        log.warning("%s", error.message)
