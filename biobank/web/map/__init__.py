"""The map of an answer: what of the earth is shown, outlines of land, circles, labels."""
