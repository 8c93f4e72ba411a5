"""Sources: cited works, shared by people."""
