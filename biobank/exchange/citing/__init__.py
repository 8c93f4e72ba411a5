"""Citations: a biography or a source as APA, Chicago, MLA and GOST write it, and as files."""
