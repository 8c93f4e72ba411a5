"""Exports of whole result sets: one module per format, from records to text."""
