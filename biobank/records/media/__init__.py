"""Pictures that the bank keeps itself: read safely, stored by what they are, with their licence."""
