"""`biobank users`: accounts, managed by the operator."""

import os

import click

from biobank.accounts import erasure
from biobank.accounts import users as accounts
from biobank.accounts.identity import OPERATOR, ROLE_SCOPES, ROLES, Role
from biobank.accounts.links import account_email
from biobank.accounts.tokens import DEFAULT_TOKEN_DAYS, MAX_TOKEN_DAYS, create_token_for
from biobank.accounts.users import IssuedLink
from biobank.bootstrap import Services, open_current_services
from biobank.cli.output import json_option, print_result
from biobank.common.i18n import LANGUAGES
from biobank.errors import MailFailed


@click.group()
def users() -> None:
    """Manage user accounts."""


@users.command()
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--name", default="", help="Name of the user, who can change it later.")
@click.option("--lang", default=LANGUAGES[0], type=click.Choice(LANGUAGES), help="Language of the e-mail.")
@click.option("--token", is_flag=True, help="Also create an API token with all rights of the role.")
@click.option(
    "--token-days",
    type=click.IntRange(1, MAX_TOKEN_DAYS),
    default=DEFAULT_TOKEN_DAYS,
    show_default=True,
    help="Days until the token expires.",
)
@json_option
def add(email: str, role: Role, name: str, lang: str, token: bool, token_days: int, as_json: bool) -> None:
    """Invite EMAIL; print the link if no e-mail is sent, and the token as the last line."""
    with open_current_services() as services:
        invitation = accounts.invite(services.database, OPERATOR, email, role, name, lang)
        lines, facts = _deliver_link(services, invitation)
        if token:
            key = create_token_for(
                services.database, OPERATOR, invitation.user.id, "command line", ROLE_SCOPES[role], token_days
            )
            lines += ["API token, shown only now:", key]
            facts["token"] = key
    print_result(
        "\n".join([f"{invitation.user.email} is invited as {role}.", *lines]), as_json=as_json, **facts
    )


@users.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List all users with role and state."""
    with open_current_services() as services:
        members = accounts.list_users(services.database, OPERATOR)
    rows = [
        {"email": user.email, "name": user.name, "role": user.role, "state": accounts.user_state(user)}
        for user in members
    ]
    text = "\n".join(f"{row['email']}\t{row['role']}\t{row['state']}\t{row['name']}" for row in rows)
    print_result(
        text or "No users yet. Run: biobank users add EMAIL --role admin", as_json=as_json, users=rows
    )


@users.command()
@click.argument("email")
@json_option
def reset(email: str, as_json: bool) -> None:
    """Create a one-time link with which EMAIL sets a new password."""
    with open_current_services() as services:
        user_id = accounts.get_user_id(services.database, OPERATOR, email)
        lines, facts = _deliver_link(services, accounts.issue_link(services.database, OPERATOR, user_id))
    print_result("\n".join(lines), as_json=as_json, **facts)


@users.command()
@click.argument("email")
@json_option
def deactivate(email: str, as_json: bool) -> None:
    """Deactivate EMAIL: end all sessions and revoke tokens and links."""
    with open_current_services() as services:
        user_id = accounts.get_user_id(services.database, OPERATOR, email)
        accounts.deactivate(services.database, OPERATOR, user_id)
    print_result(f"{email} can no longer sign in.", as_json=as_json, deactivated=email)


@users.command()
@click.argument("email")
@json_option
def erase(email: str, as_json: bool) -> None:
    """Erase EMAIL for good: a pseudonym replaces name and address in all records and in the audit log.

    This cannot be undone. What the user wrote remains.
    """
    with open_current_services() as services:
        user_id = accounts.get_user_id(services.database, OPERATOR, email)
        name = erasure.erase_account(services.database, OPERATOR, user_id, email)
    print_result(f"The account is erased; its work remains as that of {name}.", as_json=as_json, erased=name)


def _deliver_link(services: Services, invitation: IssuedLink) -> tuple[list[str], dict[str, object]]:
    """Send the link by e-mail where possible; print it in any case, as the operator may see it."""
    base = services.settings.base_url or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    link = f"{base}{invitation.path}"
    expires = f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC"
    facts: dict[str, object] = {"email": invitation.user.email, "link": link, "sent": False}
    if services.mailer:
        user = invitation.user
        try:
            services.mailer.send(account_email(invitation.kind, user.email, user.name, user.lang, link))
            facts["sent"] = True
        except MailFailed as error:
            click.echo(error.message, err=True)
    delivery = "also sent by e-mail" if facts["sent"] else "to be passed on"
    return [f"One-time link ({delivery}), valid until {expires}:", link], facts
