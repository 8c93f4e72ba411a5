"""API tokens."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import ROLE_SCOPES, Identity, Role
from biobank.accounts.keys import TOKEN_PREFIX, generate_key, hash_key, key_matches
from biobank.accounts.models import ApiToken, User
from biobank.accounts.policy import Action, require
from biobank.accounts.second_factor import require_password
from biobank.accounts.sessions import build_identity
from biobank.accounts.validators import validate_name
from biobank.common.clock import as_utc, now
from biobank.errors import AccountRefused, BadToken, NotFound
from biobank.store.session import Database

#: `used_at` is written at most this often.
TOKEN_TOUCH_INTERVAL = timedelta(minutes=1)
#: Lifetime of a token in days.
DEFAULT_TOKEN_DAYS, MAX_TOKEN_DAYS = 90, 365


def create_token(
    database: Database,
    actor: Identity,
    password: str,
    name: str,
    scopes: Sequence[str],
    days: int = DEFAULT_TOKEN_DAYS,
) -> str:
    """Create a token for `actor` and return it; only a hash is stored.

    The password is required, so that an unattended browser cannot be used to keep access.
    """
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    require_password(database, actor, password)
    with database.write() as session:
        return _create(session, actor, session.get_one(User, actor.user_id), name, scopes, days)


def create_token_for(
    database: Database,
    actor: Identity,
    user_id: int,
    name: str,
    scopes: Sequence[str],
    days: int = DEFAULT_TOKEN_DAYS,
) -> str:
    """Create a token for another user; only the operator may."""
    require(actor, Action.CREATE_TOKENS_FOR_OTHERS)
    with database.write() as session:
        return _create(session, actor, session.get_one(User, user_id), name, scopes, days)


def _create(
    session: Session, actor: Identity, user: User, name: str, scopes: Sequence[str], days: int
) -> str:
    """Create a token for `user`.

    Raises:
        AccountRefused: `bad_scope`: the role does not include the scopes; `bad_lifetime`.
    """
    if not 1 <= days <= MAX_TOKEN_DAYS:
        raise AccountRefused(f"Enter 1 to {MAX_TOKEN_DAYS} days.", code="bad_lifetime")
    role: Role = user.role  # type: ignore[assignment]
    granted = [scope for scope in ROLE_SCOPES[role] if scope in scopes]
    if not granted or set(scopes) - set(granted):
        raise AccountRefused("Choose at least one scope for the token.", code="bad_scope")
    key, timestamp = generate_key(TOKEN_PREFIX), now()
    session.add(
        ApiToken(
            user_id=user.id,
            key_hash=hash_key(key),
            name=validate_name(name),
            scopes=granted,
            created_at=timestamp,
            expires_at=timestamp + timedelta(days=days),
        )
    )
    audit.record(session, actor, "token_made", user, name=name, scopes=granted)
    return key


def identify_token(database: Database, key: str, ip_address: str) -> Identity:
    """Return the identity that a token authenticates.

    Raises:
        BadToken: the token is unknown, expired or revoked, or its owner is inactive.
    """
    query = (
        select(ApiToken, User)
        .join(User, User.id == ApiToken.user_id)
        .where(ApiToken.key_hash == hash_key(key), *_valid(), User.active)
    )
    with database.read() as session:
        row = session.execute(query).one_or_none()
    if row is None or not key_matches(key, row[0].key_hash):
        raise BadToken("The token is invalid, has expired or has been revoked.")
    token, user = row
    if token.used_at is None or now() - as_utc(token.used_at) > TOKEN_TOUCH_INTERVAL:
        # A reader does not wait for writers; the next request updates it.
        database.write_if_free(update(ApiToken).where(ApiToken.id == token.id).values(used_at=now()))
    return build_identity(user, "token", ip_address, scopes=token.scopes)


def revoke_token(database: Database, actor: Identity, token_id: int) -> None:
    """Revoke a token of `actor`.

    Raises:
        NotFound: the token belongs to another user or does not exist.
    """
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    with database.write() as session:
        token = session.get(ApiToken, token_id)
        if token is None or token.user_id != actor.user_id:
            raise NotFound("Token not found.")
        if token.revoked_at is None:
            token.revoked_at = now()
            user = session.get(User, token.user_id)
            audit.record(session, actor, "token_revoked", user, name=token.name)


def list_own_tokens(database: Database, actor: Identity) -> Sequence[ApiToken]:
    """Return the active tokens of `actor`, newest first."""
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    query = select(ApiToken).where(ApiToken.user_id == actor.user_id, *_valid())
    with database.read() as session:
        return session.scalars(query.order_by(ApiToken.id.desc())).all()


def revoke_user_tokens(session: Session, user: User) -> None:
    """Revoke all tokens of a user."""
    active_tokens = (ApiToken.user_id == user.id) & ApiToken.revoked_at.is_(None)
    session.execute(update(ApiToken).where(active_tokens).values(revoked_at=now()))


def _valid() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions of a token that is neither revoked nor expired."""
    return ApiToken.revoked_at.is_(None), ApiToken.expires_at > now()
