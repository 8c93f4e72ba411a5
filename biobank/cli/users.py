"""`biobank users`: accounts, managed by the operator."""

import click

from biobank.accounts import directory
from biobank.accounts import users as accounts
from biobank.accounts.identity import OPERATOR, ROLES, SCOPES_OF, Role
from biobank.accounts.letters import letter
from biobank.accounts.tokens import make_token_for
from biobank.accounts.users import Invited
from biobank.bootstrap import Services, open_services
from biobank.cli.output import json_option, say
from biobank.errors import MailFailed
from biobank.i18n import LANGUAGES
from biobank.store import schema


@click.group()
def users() -> None:
    """Who may sign in."""


@users.command()
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--name", default="", help="Until they write it themselves.")
@click.option("--lang", default=LANGUAGES[0], type=click.Choice(LANGUAGES), help="Of the letter.")
@click.option("--token", is_flag=True, help="An API token too, for all that the role may.")
@json_option
def add(email: str, role: Role, name: str, lang: str, token: bool, as_json: bool) -> None:
    """Invite EMAIL; prints the link where no letter is sent, and the token as the last line."""
    with open_services() as services:
        schema.require_current(services.database)
        made = accounts.invite(services.database, OPERATOR, email, role, name, lang)
        lines, facts = _hand_over(services, made)
        if token:
            key = make_token_for(
                services.database, OPERATOR, made.user.id, "command line", SCOPES_OF[role]
            )
            lines += ["API token, shown only now:", key]
            facts["token"] = key
    say("\n".join([f"{made.user.email} is invited as {role}.", *lines]), as_json=as_json, **facts)


@users.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Everybody, with role and state."""
    with open_services() as services:
        schema.require_current(services.database)
        found = directory.everybody(services.database, OPERATOR)
    rows = [
        {"email": user.email, "name": user.name, "role": user.role, "state": directory.state(user)}
        for user in found
    ]
    text = "\n".join(
        f"{row['email']}\t{row['role']}\t{row['state']}\t{row['name']}" for row in rows
    )
    say(text or "Nobody yet: biobank users add EMAIL --role admin", as_json=as_json, users=rows)


@users.command()
@click.argument("email")
@json_option
def reset(email: str, as_json: bool) -> None:
    """Make a one-time link by which EMAIL chooses a new password."""
    with open_services() as services:
        schema.require_current(services.database)
        user_id = directory.id_of(services.database, OPERATOR, email)
        lines, facts = _hand_over(
            services, accounts.make_link(services.database, OPERATOR, user_id)
        )
    say("\n".join(lines), as_json=as_json, **facts)


@users.command()
@click.argument("email")
@json_option
def deactivate(email: str, as_json: bool) -> None:
    """Keep EMAIL out: sessions, tokens and links end."""
    with open_services() as services:
        schema.require_current(services.database)
        user_id = directory.id_of(services.database, OPERATOR, email)
        accounts.deactivate(services.database, OPERATOR, user_id)
    say(f"{email} cannot sign in any more.", as_json=as_json, deactivated=email)


def _hand_over(services: Services, made: Invited) -> tuple[list[str], dict[str, object]]:
    """Send the link by e-mail where possible; print it in any case, as the operator may see it."""
    base = services.settings.base_url or "http://127.0.0.1:8000"
    link = f"{base}{made.path}"
    until = f"{made.expires:%Y-%m-%d %H:%M} UTC"
    facts: dict[str, object] = {"email": made.user.email, "link": link, "sent": False}
    if services.mailer:
        user = made.user
        try:
            services.mailer.send(letter(made.kind, user.email, user.name, user.lang, link))
            facts["sent"] = True
        except MailFailed as error:
            click.echo(error.message, err=True)
    how = "sent by mail, and here" if facts["sent"] else "to be handed over"
    return [f"The link, {how}; it works once, until {until}:", link], facts
