"""The desk: where records are written, reviewed and managed."""

from biobank.web.core.blueprint import LANG_RULE, make_blueprint

blueprint = make_blueprint("desk", f"/{LANG_RULE}/desk")
