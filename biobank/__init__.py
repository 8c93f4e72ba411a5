"""A searchable bank of biographies of notable Azerbaijanis."""

__version__ = "0.2.0"
