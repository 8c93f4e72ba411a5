"""The page of webhooks: delivery state of each receiver, and a form for a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from biobank.errors import BadAddress, FieldError
from biobank.exchange.changes import webhooks
from biobank.exchange.changes.http_client import derive_secret, encode_secret
from biobank.exchange.changes.models import MAX_WEBHOOK_ADDRESS_CHARS, Webhook
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.settings import secret_key
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_timestamp
from biobank.web.desk.layout import render_desk

#: The name of the address field.
ADDRESS_FIELD = "address"


@dataclass(frozen=True)
class WebhookRow:
    """A webhook; `state` is a short label, `summary` describes the last and next delivery."""

    id: int
    address: str
    state: str
    summary: str
    paused: bool


@dataclass(frozen=True)
class RevealedSecret:
    """A secret with its address, shown only in the response that creates it."""

    address: str
    text: str


def webhooks_page(
    errors: Sequence[FieldError] = (), typed_address: str = "", new_webhook: Webhook | None = None
) -> ResponseReturnValue:
    rows = tuple(_row(webhook) for webhook in webhooks.list_webhooks(services.database, identity()))
    return render_desk(
        "webhooks/webhooks.html",
        _("Webhooks"),
        errors,
        rows=rows,
        secret=_secret(new_webhook) if new_webhook else None,
        typed=typed_address,
        max_chars=MAX_WEBHOOK_ADDRESS_CHARS,
        private=services.settings.webhooks_private,
    )


def field_error(error: BadAddress) -> FieldError:
    messages: Mapping[str, str] = {
        "bad_address": _("Enter an address such as https://example.org/changes, without # or a password."),
        "not_https": _("The address must start with https://."),
        "bad_port": _("Leave out the port, or use port 1024 or higher."),
        "not_public": _("This address is in a private network. Enter a public address."),
        "unknown_host": _("Host not found. Check the spelling."),
        "known_address": _("There is already a webhook for this address."),
        "too_many_webhooks": _(
            "The limit of %(most)s webhooks has been reached. Remove one first.", most=webhooks.MAX_WEBHOOKS
        ),
    }
    return FieldError(ADDRESS_FIELD, message=messages[error.code])


def _secret(webhook: Webhook) -> RevealedSecret:
    secret = derive_secret(secret_key(services.settings), webhook.salt)
    return RevealedSecret(webhook.address, encode_secret(secret))


def _row(webhook: Webhook) -> WebhookRow:
    return WebhookRow(
        webhook.id, webhook.address, _state(webhook), _delivery_summary(webhook), paused=bool(webhook.paused)
    )


def _state(webhook: Webhook) -> str:
    labels = {
        "by_hand": _("paused"),
        "failed": _("stopped: no response for three days"),
        "gone": _("stopped: the receiver no longer exists"),
    }
    if webhook.paused:
        return labels[webhook.paused]
    return _("delivery failing") if webhook.failures else _("working")


def _delivery_summary(webhook: Webhook) -> str:
    if webhook.told_at is None:
        return _("nothing sent yet")
    summary = _(
        "last sent %(moment)s, %(outcome)s",
        moment=format_timestamp(webhook.told_at),
        outcome=_outcome_label(webhook.outcome),
    )
    if webhook.failures and not webhook.paused:
        return f"{summary}; " + _("next attempt %(moment)s", moment=format_timestamp(webhook.next_at))
    return summary


def _outcome_label(code: str) -> str:
    """Return the label of a delivery outcome: an HTTP status or an error."""
    labels = {
        "late": _("response timed out"),
        "refused": _("connection refused"),
        "untrusted": _("untrusted certificate"),
        "broken": _("connection lost"),
        "not_https": _("address does not start with https://"),
        "bad_port": _("port not allowed"),
        "not_public": _("host is in a private network"),
        "unknown_host": _("host not found"),
    }
    return labels.get(code) or _("response %(status)s", status=code)
