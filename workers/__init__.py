"""khabar: a streaming worker that enriches Persian news."""

__version__ = "0.1.0"
