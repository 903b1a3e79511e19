"""HTML bodies to lines of text, every character with its place."""
