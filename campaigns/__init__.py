"""Long campaigns against a running bank, outside the tests."""
