"""Script and spelling of names: folding, sort order, readings and the matcher."""
