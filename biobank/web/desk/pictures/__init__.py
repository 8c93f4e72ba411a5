"""The desk of pictures: added, described, put on people."""
