"""Pages of accounts: sign-in, the user's own account, users and the audit log."""

from biobank.web.core.blueprint import LANG_RULE, make_blueprint

blueprint = make_blueprint("account", f"/{LANG_RULE}")
