"""Spaces and half spaces, restored where a crawl lost them."""
