"""The contract: what producers send and what consumers read. Depends on msgspec alone."""

CONTRACT_VERSION = "0.3.0"
"""Of the contract; fields are only ever added within one major version (docs/contract.md)."""
