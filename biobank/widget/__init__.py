"""The embeddable widget: its script builds and the oEmbed endpoint.

The frames and the page that generates embed code are in `web/embed/`.
"""

from biobank.widget.routes import blueprint

__all__ = ["blueprint"]
