"""Route handlers of the widget."""
