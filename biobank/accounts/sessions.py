"""Sessions: browsers in which somebody is signed in. They hold a key, the store its hash."""

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

#: A session ends when it was not used for a while, and at the latest some weeks after its start.
IDLE, LONGEST = timedelta(days=3), timedelta(days=30)
#: Time to find the telephone with the second factor.
HALF = timedelta(minutes=10)
#: "Last seen" is not written at every request.
SEEN_EVERY = timedelta(minutes=1)


def start(session: Session, user: User, who: Identity, browser: str, *, half: bool = False) -> str:
    """Starts a session and gives its key, which is kept nowhere here.

    `half` where a second factor is still to be given. Sessions that ended are swept out.
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
    """The session of a key while it lasts, and its user while they may sign in."""
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
    """Who is signed in with this key, or nobody."""
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
    """A new key for the session that `who` acts in; the old one is worth nothing from now on."""
    row = session.get(SignIn, who.sign_in) if who.sign_in else None
    if row is None:
        return None
    key = new_key()
    row.key_hash = hash_key(key)
    return key


def end_of(session: Session, user_id: int, *, but: int | None = None) -> int:
    """Ends all sessions of a user, `but` one; tells how many."""
    theirs = (SignIn.user_id == user_id) & (SignIn.id != (but or 0))
    ids = session.scalars(select(SignIn.id).where(theirs)).all()
    session.execute(delete(SignIn).where(SignIn.id.in_(ids)))
    return len(ids)


def sign_out(database: Database, who: Identity) -> None:
    """Ends the session that `who` acts in."""
    with database.write() as session:
        row = session.get(SignIn, who.sign_in) if who.sign_in else None
        if row:
            audit.note(session, who, "signed_out", session.get(User, row.user_id))
            session.delete(row)


def sign_out_everywhere(database: Database, who: Identity, *, else_only: bool = True) -> None:
    """Ends all sessions of `who`, by default all but the one they act in."""
    require(who, Action.OWN_ACCOUNT)
    assert who.user_id is not None
    with database.write() as session:
        count = end_of(session, who.user_id, but=who.sign_in if else_only else None)
        user = session.get_one(User, who.user_id)
        audit.note(session, who, "signed_out_everywhere", user, sessions=count)


def end_one(database: Database, who: Identity, sign_in: int) -> None:
    """Ends one session of `who`. Raises NotFound where it is not theirs."""
    require(who, Action.OWN_ACCOUNT)
    with database.write() as session:
        row = session.get(SignIn, sign_in)
        if row is None or row.user_id != who.user_id:
            raise NotFound("There is no such session.")
        audit.note(session, who, "signed_out", session.get(User, row.user_id))
        session.delete(row)


def own(database: Database, who: Identity) -> Sequence[SignIn]:
    """The sessions of `who`, the last used first."""
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
