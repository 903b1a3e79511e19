"""Look up expressions whose tokens, joined, make a key: «به», «گفته» → «بهگفته»."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyIndex[T]:
    """Values by key, found at a token however the key is cut into tokens."""

    entries: Mapping[str, T]
    onward: Mapping[str, frozenset[str]]  # proper prefix of a key → the letters that follow it
    starts: frozenset[str]  # keys and prefixes: tokens at which something may begin

    @classmethod
    def build(cls, entries: Mapping[str, T]) -> "KeyIndex[T]":
        """Index all prefixes of all keys."""
        onward: dict[str, set[str]] = {}
        for key in entries:
            for size in range(1, len(key)):
                onward.setdefault(key[:size], set()).add(key[size])
        return cls(
            dict(entries),
            {prefix: frozenset(letters) for prefix, letters in onward.items()},
            frozenset(entries).union(onward),
        )

    def all_at(self, keys: Sequence[str], at: int, last: int) -> list[tuple[int, T]]:
        """What begins at token `at` and ends before token `last`: (end, value), shortest first."""
        entries, onward = self.entries, self.onward
        found = []
        key, end = keys[at], at + 1
        while True:
            if key in entries:
                found.append((end, entries[key]))
            if end >= last or key not in onward or keys[end][0] not in onward[key]:
                return found
            key += keys[end]
            end += 1

    def longest_at(self, keys: Sequence[str], at: int, last: int) -> tuple[int, T] | None:
        """The longest of them."""
        key = keys[at]
        if key not in self.onward:  # most words
            return (at + 1, self.entries[key]) if key in self.entries else None
        found = self.all_at(keys, at, last)
        return found[-1] if found else None


def first_by_key[T](pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """A table that keeps the first value of each key."""
    table: dict[str, T] = {}
    for key, value in pairs:
        table.setdefault(key, value)
    return table
