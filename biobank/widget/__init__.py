"""What other sites embed: the script with its builds, and oEmbed.

Frames, and the page that makes the code for all of them, are pages: `web/embed/`."""

from biobank.widget.blueprint import blueprint
from biobank.widget.routes import oembed, scripts  # noqa: F401 - they add routes

__all__ = ["blueprint"]
