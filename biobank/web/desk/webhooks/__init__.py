"""Webhooks at the desk: the receivers of change notifications."""
