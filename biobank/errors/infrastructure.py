"""Errors of infrastructure: database, search engine, e-mail, settings."""

from biobank.errors.base import BiobankError


class SearchUnavailable(BiobankError):
    """The search engine does not respond; the database may still."""

    code = "search_unavailable"


class StoreUnavailable(BiobankError):
    """The database does not respond, or its schema is not the one this version requires."""

    code = "store_unavailable"


class Busy(BiobankError):
    """Another process holds a lock and did not release it in time."""

    code = "busy"


class BadSetting(BiobankError):
    """A setting is invalid; the message names the variable and the accepted values."""

    code = "bad_setting"


class MailFailed(BiobankError):
    """The mail server did not accept an e-mail."""

    code = "mail_failed"
