"""Citations of a biography: on its page, on the citation page, and as meta tags."""
