"""EAC-CPF 2.0: a person as archives describe one. Written here, read in `importing/eac_own`."""
