"""The embeddable widget: its script builds and the oEmbed endpoint.

The frames and the page that generates embed code are in `web/embed/`.
"""

from biobank.widget.blueprint import blueprint
from biobank.widget.routes import oembed, scripts  # noqa: F401 - they add routes

__all__ = ["blueprint"]
