"""What the house itself lacks: the store, the search engine, mail, a setting."""

from biobank.errors.base import BiobankError


class SearchUnavailable(BiobankError):
    """The search engine does not answer; the store may still."""

    code = "search_unavailable"


class StoreUnavailable(BiobankError):
    """The database does not answer, or its schema is not the one this version needs."""

    code = "store_unavailable"


class Busy(BiobankError):
    """Another process holds what is needed and did not let go in time."""

    code = "busy"


class BadSetting(BiobankError):
    """A setting that cannot be used; the message names the variable and what it takes."""

    code = "bad_setting"


class MailFailed(BiobankError):
    """The mail server did not take a letter."""

    code = "mail_failed"
