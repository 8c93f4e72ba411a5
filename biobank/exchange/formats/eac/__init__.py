"""EAC-CPF 2.0: writers of the sections of a document."""
