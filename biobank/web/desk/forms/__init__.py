"""The forms of the desk: a schema describes a form, which is read, converted and rendered by it."""
