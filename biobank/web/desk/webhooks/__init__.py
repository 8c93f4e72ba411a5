"""The desk of webhooks: whom the bank tells of its changes."""
