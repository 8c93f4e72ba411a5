"""Server of the Model Context Protocol: read-only tools for assistants (`pip install "biobank[mcp]"`)."""
