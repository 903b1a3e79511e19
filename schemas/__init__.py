"""The contract: what producers send and what consumers read. Depends on msgspec alone."""

CONTRACT_VERSION = "0.3.0"
"""Version of the contract; within one major version fields are only added (docs/contract.md)."""
