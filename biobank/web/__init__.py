"""The HTML pages. Handlers parse the request, call one service and render a template."""

from biobank.web.account.door import to_sign_in
from biobank.web.blueprint import blueprint
from biobank.web.errors import error_page, tombstone_page
from biobank.web.routes import (  # noqa: F401 - they add routes
    account,
    account_sign_in,
    account_users,
    advanced,
    browse,
    card_files,
    citing,
    data,
    desk,
    desk_conflict,
    desk_duplicates,
    desk_imports,
    desk_inbox,
    desk_merging,
    desk_pictures,
    desk_record,
    desk_reference,
    desk_tools,
    desk_webhooks,
    desk_worklists,
    desk_writing,
    eac,
    embed,
    entries,
    feeds,
    files,
    help,
    home,
    linked,
    map,
    media,
    on_this_day,
    opensearch,
    public,
    revisions,
    search,
    sitemaps,
    takeaway,
    values,
)

__all__ = ["blueprint", "error_page", "to_sign_in", "tombstone_page"]
