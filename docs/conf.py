"""Sphinx configuration: `make docs` builds this folder into build/docs."""

from importlib.metadata import version as installed_version

project = "Biobank"
author = "The authors of Biobank"
project_copyright = "The authors of Biobank"
version = release = installed_version("biobank")

extensions = ["myst_parser", "sphinx_click"]
exclude_patterns = ["maps/*"]
html_theme = "furo"
html_title = f"Biobank {version}"
# No request to another site: furo loads no web fonts, and source links stay off.
html_copy_source = False
html_show_sourcelink = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# Only web addresses are external links; `biobank:` and the like are text.
myst_url_schemes = ["http", "https", "mailto"]
# Code blocks of examples: `http` blocks are requests (tests/docs), lexed as plain text.
highlight_language = "none"
suppress_warnings = ["misc.highlighting_failure"]
