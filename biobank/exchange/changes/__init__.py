"""Synchronisation of copies of the bank: the feed of changes, and webhooks that announce them."""
