"""The contract: what producers send and what consumers read. Depends on msgspec alone."""
