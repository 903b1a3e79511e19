"""The pure core: text in, enriched document out. No I/O, no asyncio, no clock, no global state."""
