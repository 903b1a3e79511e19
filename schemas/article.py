"""The raw article, as producers publish it to `news.raw`."""

from typing import Annotated

from msgspec import Meta, Struct


class RawArticle(Struct, frozen=True, kw_only=True):
    """One crawled news article; unknown fields are allowed, kept and passed on.

    Every value may be dirty: cleaning is the worker's job. `id` or `url` must be there.
    """

    id: Annotated[
        str | None, Meta(description="Stable id; when absent, a digest of `url` takes its place")
    ] = None
    url: Annotated[str | None, Meta(description="Address of the page")] = None
    title: Annotated[str | None, Meta(description="Headline, text or HTML")] = None
    body: Annotated[str, Meta(description="Text or HTML, as crawled")]
    lead: Annotated[str | None, Meta(description="Standfirst, when the crawl has it apart from the body")] = (
        None
    )
    published: Annotated[
        str | int | float | None,
        Meta(description="Jalali or Gregorian date in any common form, or Unix time in s or ms"),
    ] = None
    fetched: Annotated[str | int | float | None, Meta(description="When the crawl read the page")] = None
    agency: Annotated[str | None, Meta(description="Publishing agency or site")] = None
    language: Annotated[str | None, Meta(description="BCP 47 tag as the producer believes it")] = None
