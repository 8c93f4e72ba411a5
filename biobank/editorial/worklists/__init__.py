"""What is to be done: lists that are saved searches, how long they are, and how they shrink."""
