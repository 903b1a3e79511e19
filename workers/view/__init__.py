"""Shows events as an annotated right-to-left web page and in the terminal. Knows the contract alone."""

from workers.view.dead import DeadRow
from workers.view.page import html_page
from workers.view.terminal import terminal

__all__ = ["DeadRow", "html_page", "terminal"]
