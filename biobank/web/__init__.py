"""The HTML pages. Handlers parse the request, call one service and render a template."""

# ruff: noqa: F401 - importing a module of views adds its routes
import biobank.web.account.sign_in_views
import biobank.web.account.views
import biobank.web.browse.views
import biobank.web.citing.views
import biobank.web.data.views
import biobank.web.desk.duplicates.views
import biobank.web.desk.forms.views
import biobank.web.desk.imports.views
import biobank.web.desk.inbox.views
import biobank.web.desk.merging.views
import biobank.web.desk.pictures.views
import biobank.web.desk.reference.views
import biobank.web.desk.review.views
import biobank.web.desk.webhooks.views
import biobank.web.desk.worklists.views
import biobank.web.desk.writing.views
import biobank.web.embed.views
import biobank.web.map.views
import biobank.web.media.views
import biobank.web.people.views
import biobank.web.public.views
import biobank.web.revisions.views
import biobank.web.search.advanced.views
import biobank.web.search.views
import biobank.web.sharing.views
from biobank.web.account import blueprint as account_pages
from biobank.web.account.sign_in_views import redirect_to_sign_in
from biobank.web.core.blueprint import blueprint as public_pages
from biobank.web.core.error_pages import error_page, tombstone_page
from biobank.web.desk import blueprint as desk_pages

#: The blueprints of the areas; their views are imported above.
WEB_BLUEPRINTS = (public_pages, account_pages, desk_pages)

__all__ = ["WEB_BLUEPRINTS", "error_page", "redirect_to_sign_in", "tombstone_page"]
