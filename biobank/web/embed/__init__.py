"""What other sites embed as pages: frames that need no script, and the page that makes the code."""
