"""An answer taken away whole: one file a format, each from records to text."""
