"""For those who keep a copy of the bank: the feed of changes, and webhooks that tell of them."""
