"""Look up expressions whose tokens, joined, make a key: «به», «گفته» → «بهگفته»."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyIndex[T]:
    """Values by key, found at a token however the key is cut into tokens."""

    entries: Mapping[str, T]
    starts: frozenset[str]  # the keys and their beginnings

    @classmethod
    def build(cls, entries: Mapping[str, T]) -> "KeyIndex[T]":
        """Index all beginnings of all keys."""
        return cls(dict(entries), frozenset(key[: size + 1] for key in entries for size in range(len(key))))

    def all_at(self, keys: Sequence[str], at: int, last: int) -> list[tuple[int, T]]:
        """What begins at token `at` and ends before token `last`: (end, value), shortest first."""
        entries, starts = self.entries, self.starts
        found = []
        key, end = keys[at], at + 1
        while key in starts:
            if key in entries:
                found.append((end, entries[key]))
            if end >= last:
                break
            key += keys[end]
            end += 1
        return found

    def longest_at(self, keys: Sequence[str], at: int, last: int) -> tuple[int, T] | None:
        """The longest of them."""
        found = self.all_at(keys, at, last) if keys[at] in self.starts else None  # most words begin none
        return found[-1] if found else None


def first_by_key[T](pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """A table that keeps the first value of each key."""
    table: dict[str, T] = {}
    for key, value in pairs:
        table.setdefault(key, value)
    return table
