"""Citations of biographies and sources in APA, Chicago, MLA and GOST style, and as files."""
