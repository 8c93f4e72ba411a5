"""The page of webhooks: delivery state of each receiver, and a form for a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.errors import BadAddress
from biobank.exchange.mirroring import webhooks
from biobank.exchange.mirroring.models import ADDRESS_MOST, Webhook
from biobank.exchange.mirroring.signing import secret_of, shown
from biobank.extensions import services
from biobank.settings import secret_key
from biobank.web.account.words import moment
from biobank.web.desk.page import Mistake, render_desk
from biobank.web.text import _

#: The name of the address field.
FIELD = "address"


@dataclass(frozen=True)
class Row:
    """A webhook; `state` is a short label, `summary` describes the last and next delivery."""

    id: int
    address: str
    state: str
    line: str
    paused: bool


@dataclass(frozen=True)
class Secret:
    """A secret with its address, shown only in the response that creates it."""

    address: str
    text: str


def make_page(
    mistakes: Sequence[Mistake] = (), typed: str = "", made: Webhook | None = None
) -> ResponseReturnValue:
    rows = tuple(_row(it) for it in webhooks.webhooks(services.database, identity()))
    return render_desk(
        "webhooks.html",
        _("Webhooks"),
        mistakes,
        rows=rows,
        secret=_secret(made) if made else None,
        typed=typed,
        most=ADDRESS_MOST,
        private=services.settings.webhooks_private,
    )


def mistake(error: BadAddress) -> Mistake:
    words: Mapping[str, str] = {
        "bad_address": _(
            "Write an address like https://example.org/changes, without # or password."
        ),
        "not_https": _("The address begins with https://."),
        "bad_port": _("Leave the port out, or take one from 1024 on."),
        "not_public": _("This address lies in a network of its own; the bank sends nothing there."),
        "unknown_host": _("This host is not known. Check its spelling."),
        "known_address": _("Changes are sent there already."),
        "too_many_webhooks": _(
            "There are %(most)s webhooks; remove one first.", most=webhooks.WEBHOOKS_MOST
        ),
    }
    return Mistake(words[error.code], FIELD)


def _secret(webhook: Webhook) -> Secret:
    secret = secret_of(secret_key(services.settings), webhook.salt)
    return Secret(webhook.address, shown(secret))


def _row(webhook: Webhook) -> Row:
    return Row(
        webhook.id, webhook.address, _state(webhook), _line(webhook), paused=bool(webhook.paused)
    )


def _state(webhook: Webhook) -> str:
    words = {
        "by_hand": _("paused"),
        "failed": _("stopped: nobody answered for three days"),
        "gone": _("stopped: the receiver said that it is gone"),
    }
    if webhook.paused:
        return words[webhook.paused]
    return _("does not come through") if webhook.failures else _("at work")


def _line(webhook: Webhook) -> str:
    if webhook.told_at is None:
        return _("nothing was sent yet")
    last = _(
        "last sent %(moment)s, %(outcome)s",
        moment=moment(webhook.told_at),
        outcome=_outcome(webhook.outcome),
    )
    if webhook.failures and not webhook.paused:
        return f"{last}; " + _("next attempt %(moment)s", moment=moment(webhook.next_at))
    return last


def _outcome(code: str) -> str:
    """Return the label of a delivery outcome: an HTTP status or an error."""
    words = {
        "late": _("no answer in time"),
        "refused": _("nobody listens there"),
        "untrusted": _("its certificate is not to be trusted"),
        "broken": _("the exchange broke off"),
        "not_https": _("the address does not begin with https://"),
        "bad_port": _("the port is no receiver’s"),
        "not_public": _("the host lies in a network of its own"),
        "unknown_host": _("nobody knows the host"),
    }
    return words.get(code) or _("answer %(status)s", status=code)
