"""Browser sessions. The browser holds a key, the database its hash."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity, Role
from biobank.accounts.keys import generate_key, hash_key, key_matches
from biobank.accounts.models import SignIn, User
from biobank.accounts.policy import Action, require
from biobank.common.clock import as_utc, now
from biobank.errors import NotFound
from biobank.store.session import Database

#: A session ends after this time without use, and at the latest after the maximum age.
IDLE_TIMEOUT, MAX_SESSION_AGE = timedelta(days=3), timedelta(days=30)
#: Time to enter the second factor.
PENDING_2FA_LIFETIME = timedelta(minutes=10)
#: `seen_at` is written at most this often.
SESSION_TOUCH_INTERVAL = timedelta(minutes=1)


def create_session(
    session: Session, user: User, actor: Identity, browser: str, *, pending_2fa: bool = False
) -> str:
    """Create a session and return its key, which is not stored.

    `pending_2fa` marks a session that still needs the second factor. Expired sessions are deleted.
    """
    current_time = now()
    session.execute(delete(SignIn).where(SignIn.expires_at < current_time))
    key = generate_key()
    session.add(
        SignIn(
            user_id=user.id,
            key_hash=hash_key(key),
            half=pending_2fa,
            created_at=current_time,
            seen_at=current_time,
            expires_at=current_time + (PENDING_2FA_LIFETIME if pending_2fa else MAX_SESSION_AGE),
            address=actor.ip_address[:64],
            browser=browser[:200],
        )
    )
    return key


def purge_ended(database: Database, timestamp: datetime) -> int:
    """Delete sessions that have ended, including address and browser, and return how many."""
    ended = (SignIn.expires_at < timestamp) | (SignIn.seen_at < timestamp - IDLE_TIMEOUT)
    with database.write() as session:
        ids = session.scalars(delete(SignIn).where(ended).returning(SignIn.id)).all()
        return len(ids)


def find_session(session: Session, key: str, *, pending_2fa: bool = False) -> tuple[SignIn, User] | None:
    """Return the unexpired session of a key and its active user, if any."""
    current_time = now()
    query = (
        select(SignIn, User)
        .join(User, User.id == SignIn.user_id)
        .where(
            SignIn.key_hash == hash_key(key),
            SignIn.half == pending_2fa,
            SignIn.expires_at > current_time,
            SignIn.seen_at > current_time - IDLE_TIMEOUT,
            User.active,
        )
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row and key_matches(key, row[0].key_hash) else None


def identify_session(database: Database, key: str, ip_address: str) -> Identity | None:
    """Return the identity that a session key authenticates, if any."""
    with database.read() as session:
        match = find_session(session, key)
    if match is None:
        return None
    sign_in, user = match
    if now() - as_utc(sign_in.seen_at) > SESSION_TOUCH_INTERVAL:
        _touch(database, sign_in.id)
    return build_identity(user, "session", ip_address, sign_in.id)


def build_identity(
    user: User, via: str, ip_address: str, session_id: int | None = None, scopes: Sequence[str] = ()
) -> Identity:
    """Return the identity of a user."""
    role: Role = user.role  # type: ignore[assignment]
    return Identity(
        role=role,
        via=via,  # type: ignore[arg-type]
        name=user.name,
        user_id=user.id,
        email=user.email,
        scopes=frozenset(scopes),  # type: ignore[arg-type]
        ip_address=ip_address,
        session_id=session_id,
    )


def rotate_key(session: Session, actor: Identity) -> str | None:
    """Replace the key of the current session and return the new one."""
    row = session.get(SignIn, actor.session_id) if actor.session_id else None
    if row is None:
        return None
    key = generate_key()
    row.key_hash = hash_key(key)
    return key


def end_user_sessions(session: Session, user_id: int, *, except_id: int | None = None) -> int:
    """End all sessions of a user except `except_id` and return how many."""
    matching = (SignIn.user_id == user_id) & (SignIn.id != (except_id or 0))
    ids = session.scalars(select(SignIn.id).where(matching)).all()
    session.execute(delete(SignIn).where(SignIn.id.in_(ids)))
    return len(ids)


def sign_out(database: Database, actor: Identity) -> None:
    """End the current session of `actor`."""
    with database.write() as session:
        row = session.get(SignIn, actor.session_id) if actor.session_id else None
        if row:
            audit.record(session, actor, "signed_out", session.get(User, row.user_id))
            session.delete(row)


def sign_out_everywhere(database: Database, actor: Identity, *, others_only: bool = True) -> None:
    """End all sessions of `actor`, by default except the current one."""
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    assert actor.user_id is not None
    with database.write() as session:
        count = end_user_sessions(session, actor.user_id, except_id=actor.session_id if others_only else None)
        user = session.get_one(User, actor.user_id)
        audit.record(session, actor, "signed_out_everywhere", user, sessions=count)


def end_own_session(database: Database, actor: Identity, session_id: int) -> None:
    """End one session of `actor`.

    Raises:
        NotFound: the session belongs to another user or does not exist.
    """
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    with database.write() as session:
        row = session.get(SignIn, session_id)
        if row is None or row.user_id != actor.user_id:
            raise NotFound("Session not found.")
        audit.record(session, actor, "signed_out", session.get(User, row.user_id))
        session.delete(row)


def list_own_sessions(database: Database, actor: Identity) -> Sequence[SignIn]:
    """Return the sessions of `actor`, most recently used first."""
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    query = select(SignIn).where(SignIn.user_id == actor.user_id, ~SignIn.half, SignIn.expires_at > now())
    with database.read() as session:
        return session.scalars(query.order_by(SignIn.seen_at.desc())).all()


def _touch(database: Database, session_id: int) -> None:
    # A reader does not wait for writers; the next request updates it.
    database.write_if_free(update(SignIn).where(SignIn.id == session_id).values(seen_at=now()))
