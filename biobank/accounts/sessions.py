"""Browser sessions. The browser holds a key, the database its hash."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.clock import as_utc, now
from biobank.accounts.identity import Identity, Role
from biobank.accounts.keys import hash_key, is_key_of, new_key
from biobank.accounts.models import SignIn, User
from biobank.accounts.policy import Action, require
from biobank.errors import NotFound
from biobank.store.session import Database

#: A session ends after this time without use, and at the latest after the maximum age.
IDLE, LONGEST = timedelta(days=3), timedelta(days=30)
#: Time to enter the second factor.
HALF = timedelta(minutes=10)
#: `seen_at` is written at most this often.
SEEN_EVERY = timedelta(minutes=1)


def start(session: Session, user: User, who: Identity, browser: str, *, half: bool = False) -> str:
    """Create a session and return its key, which is not stored.

    `pending_2fa` marks a session that still needs the second factor. Expired sessions are deleted.
    """
    moment = now()
    session.execute(delete(SignIn).where(SignIn.expires_at < moment))
    key = new_key()
    session.add(
        SignIn(
            user_id=user.id,
            key_hash=hash_key(key),
            half=half,
            created_at=moment,
            seen_at=moment,
            expires_at=moment + (HALF if half else LONGEST),
            address=who.address[:64],
            browser=browser[:200],
        )
    )
    return key


def find(session: Session, key: str, *, half: bool = False) -> tuple[SignIn, User] | None:
    """Return the unexpired session of a key and its active user, if any."""
    moment = now()
    query = (
        select(SignIn, User)
        .join(User, User.id == SignIn.user_id)
        .where(
            SignIn.key_hash == hash_key(key),
            SignIn.half == half,
            SignIn.expires_at > moment,
            SignIn.seen_at > moment - IDLE,
            User.active,
        )
    )
    found = session.execute(query).one_or_none()
    return (found[0], found[1]) if found and is_key_of(key, found[0].key_hash) else None


def identity(database: Database, key: str, address: str) -> Identity | None:
    """Return the identity that a session key authenticates, if any."""
    with database.read() as session:
        found = find(session, key)
    if found is None:
        return None
    sign_in, user = found
    if now() - as_utc(sign_in.seen_at) > SEEN_EVERY:
        _see(database, sign_in.id)
    return identity_of(user, "session", address, sign_in.id)


def identity_of(
    user: User, via: str, address: str, sign_in: int | None = None, scopes: Sequence[str] = ()
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
        address=address,
        sign_in=sign_in,
    )


def rotate(session: Session, who: Identity) -> str | None:
    """Replace the key of the current session and return the new one."""
    row = session.get(SignIn, who.sign_in) if who.sign_in else None
    if row is None:
        return None
    key = new_key()
    row.key_hash = hash_key(key)
    return key


def end_of(session: Session, user_id: int, *, but: int | None = None) -> int:
    """End all sessions of a user except `except_id` and return how many."""
    theirs = (SignIn.user_id == user_id) & (SignIn.id != (but or 0))
    ids = session.scalars(select(SignIn.id).where(theirs)).all()
    session.execute(delete(SignIn).where(SignIn.id.in_(ids)))
    return len(ids)


def sign_out(database: Database, who: Identity) -> None:
    """End the current session of `actor`."""
    with database.write() as session:
        row = session.get(SignIn, who.sign_in) if who.sign_in else None
        if row:
            audit.note(session, who, "signed_out", session.get(User, row.user_id))
            session.delete(row)


def sign_out_everywhere(database: Database, who: Identity, *, else_only: bool = True) -> None:
    """End all sessions of `actor`, by default except the current one."""
    require(who, Action.OWN_ACCOUNT)
    assert who.user_id is not None
    with database.write() as session:
        count = end_of(session, who.user_id, but=who.sign_in if else_only else None)
        user = session.get_one(User, who.user_id)
        audit.note(session, who, "signed_out_everywhere", user, sessions=count)


def end_one(database: Database, who: Identity, sign_in: int) -> None:
    """End one session of `actor`.

    Raises:
        NotFound: the session belongs to another user or does not exist.
    """
    require(who, Action.OWN_ACCOUNT)
    with database.write() as session:
        row = session.get(SignIn, sign_in)
        if row is None or row.user_id != who.user_id:
            raise NotFound("There is no such session.")
        audit.note(session, who, "signed_out", session.get(User, row.user_id))
        session.delete(row)


def own(database: Database, who: Identity) -> Sequence[SignIn]:
    """Return the sessions of `actor`, most recently used first."""
    require(who, Action.OWN_ACCOUNT)
    query = select(SignIn).where(
        SignIn.user_id == who.user_id, ~SignIn.half, SignIn.expires_at > now()
    )
    with database.read() as session:
        return session.scalars(query.order_by(SignIn.seen_at.desc())).all()


def _see(database: Database, sign_in: int) -> None:
    with database.write() as session:
        if row := session.get(SignIn, sign_in):
            row.seen_at = now()
