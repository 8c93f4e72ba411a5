"""API tokens."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.checks import checked_name
from biobank.accounts.clock import as_utc, now
from biobank.accounts.identity import SCOPES_OF, Identity, Role
from biobank.accounts.keys import TOKEN_PREFIX, hash_key, is_key_of, new_key
from biobank.accounts.models import ApiToken, User
from biobank.accounts.policy import Action, require
from biobank.accounts.sessions import identity_of
from biobank.errors import AccountRefused, BadToken, NotFound
from biobank.store.session import Database

#: `used_at` is written at most this often.
USED_EVERY = timedelta(minutes=1)


def make_token(database: Database, who: Identity, name: str, scopes: Sequence[str]) -> str:
    """Create a token for `actor` and return it; only a hash is stored."""
    require(who, Action.OWN_ACCOUNT)
    with database.write() as session:
        return _add(session, who, session.get_one(User, who.user_id), name, scopes)


def make_token_for(
    database: Database, who: Identity, user_id: int, name: str, scopes: Sequence[str]
) -> str:
    """Create a token for another user; only the operator may."""
    require(who, Action.MAKE_TOKENS_FOR_OTHERS)
    with database.write() as session:
        return _add(session, who, session.get_one(User, user_id), name, scopes)


def _add(session: Session, who: Identity, user: User, name: str, scopes: Sequence[str]) -> str:
    """Create a token for `user`.

    Raises:
        AccountRefused: `bad_scope`: the role does not include the scopes.
    """
    role: Role = user.role  # type: ignore[assignment]
    chosen = [scope for scope in SCOPES_OF[role] if scope in scopes]
    if not chosen or set(scopes) - set(chosen):
        raise AccountRefused("Choose what the token is for.", code="bad_scope")
    key = new_key(TOKEN_PREFIX)
    session.add(
        ApiToken(
            user_id=user.id,
            key_hash=hash_key(key),
            name=checked_name(name),
            scopes=chosen,
            created_at=now(),
        )
    )
    audit.note(session, who, "token_made", user, name=name, scopes=chosen)
    return key


def token_identity(database: Database, key: str, address: str) -> Identity:
    """Return the identity that a token authenticates.

    Raises:
        BadToken: the token is unknown or revoked, or its owner is inactive.
    """
    query = (
        select(ApiToken, User)
        .join(User, User.id == ApiToken.user_id)
        .where(ApiToken.key_hash == hash_key(key), ApiToken.revoked_at.is_(None), User.active)
    )
    with database.read() as session:
        found = session.execute(query).one_or_none()
    if found is None or not is_key_of(key, found[0].key_hash):
        raise BadToken("This token is not valid, or not any more.")
    token, user = found
    if token.used_at is None or now() - as_utc(token.used_at) > USED_EVERY:
        with database.write() as session:
            session.execute(update(ApiToken).where(ApiToken.id == token.id).values(used_at=now()))
    return identity_of(user, "token", address, scopes=token.scopes)


def revoke_token(database: Database, who: Identity, token_id: int) -> None:
    """Revoke a token of `actor`.

    Raises:
        NotFound: the token belongs to another user or does not exist.
    """
    require(who, Action.OWN_ACCOUNT)
    with database.write() as session:
        token = session.get(ApiToken, token_id)
        if token is None or token.user_id != who.user_id:
            raise NotFound("There is no such token.")
        if token.revoked_at is None:
            token.revoked_at = now()
            user = session.get(User, token.user_id)
            audit.note(session, who, "token_revoked", user, name=token.name)


def own(database: Database, who: Identity) -> Sequence[ApiToken]:
    """Return the active tokens of `actor`, newest first."""
    require(who, Action.OWN_ACCOUNT)
    query = select(ApiToken).where(ApiToken.user_id == who.user_id, ApiToken.revoked_at.is_(None))
    with database.read() as session:
        return session.scalars(query.order_by(ApiToken.id.desc())).all()


def end_of(session: Session, user: User) -> None:
    """Revoke all tokens of a user."""
    working = (ApiToken.user_id == user.id) & ApiToken.revoked_at.is_(None)
    session.execute(update(ApiToken).where(working).values(revoked_at=now()))
