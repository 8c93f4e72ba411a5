"""Delivery of account links: by e-mail if configured, otherwise on the administrator's page."""

import logging
import threading
from dataclasses import dataclass

from flask import current_app

from biobank.accounts import authentication
from biobank.accounts.identity import Identity
from biobank.accounts.links import account_email
from biobank.accounts.users import LINK_PATHS, IssuedLink
from biobank.bootstrap import Services
from biobank.errors import BiobankError, MailFailed
from biobank.http.extensions import services
from biobank.web.core.urls import absolute_url

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LinkDelivery:
    """A link for a user: `emailed`, or else to be shown to the administrator who created it."""

    email: str
    kind: str
    link: str
    emailed: bool


def deliver_link(invitation: IssuedLink) -> LinkDelivery:
    link = absolute_url(invitation.path)
    emailed = False
    if services.mailer:
        try:
            user = invitation.user
            services.mailer.send(account_email(invitation.kind, user.email, user.name, user.lang, link))
            emailed = True
        except MailFailed as error:
            log.warning("%s", error.message)
    return LinkDelivery(invitation.user.email, invitation.kind, link, emailed)


def send_password_reset(actor: Identity, email: str) -> None:
    """Send a password reset link to `email` if it has an account.

    Runs in a thread, so that the response time does not reveal whether the account exists.
    """
    app_services: Services = current_app.extensions["biobank"]
    threading.Thread(target=_send_password_reset, args=(app_services, actor, email), daemon=True).start()


def _send_password_reset(app_services: Services, actor: Identity, email: str) -> None:
    try:
        reset_request = authentication.request_reset(app_services.database, actor, email)
        if reset_request and app_services.mailer:
            link = f"{app_services.settings.base_url}/{reset_request.lang}{LINK_PATHS['reset']}{reset_request.key}"
            app_services.mailer.send(
                account_email("reset", reset_request.email, reset_request.name, reset_request.lang, link)
            )
    except BiobankError as error:
        log.warning("%s", error.message)
