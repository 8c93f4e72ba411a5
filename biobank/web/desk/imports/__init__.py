"""Files of records at the desk: sent, checked, looked at, kept as drafts."""
