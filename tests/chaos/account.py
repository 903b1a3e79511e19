"""What became of every raw record, by what was sent and what was seen: pure, no broker.

A *source* is a raw record's partition and offset. `take_account` answers: which sources have no outcome,
which have two, which were published differently the second time, and which articles end with an older version
than the newest one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Source = tuple[int, int]
NOTHING = "nothing"  # the outcome of a record whose transaction was aborted
ENRICHED, WITHDRAWN = "enriched", "withdrawn"  # any other outcome is a dead letter's reason
_ON_ENRICHED = frozenset({ENRICHED, WITHDRAWN})  # what the enriched topic holds


@dataclass(frozen=True, slots=True)
class Sent:
    """A raw record that the brokers confirmed. `expected`: the outcomes it may have; empty: any one."""

    source: Source
    kind: str
    expected: frozenset[str] = frozenset()
    digest: bytes = b""  # of key and value; empty: not compared with its dead letter


@dataclass(frozen=True, slots=True)
class Seen:
    """A record on the enriched or the dead topic. `place`: its own partition and offset."""

    source: Source
    outcome: str
    place: tuple[int, int]
    key: bytes | None
    digest: bytes  # of all that must be the same when it comes again
    untouched: bytes = b""  # of a dead letter's key and value; empty: something was left out of it
    promised: frozenset[str] = frozenset()  # derived events that must be on their topics


@dataclass(slots=True)
class Account:
    """Each list holds a sentence a source or article; `failures` names the lists that must be empty."""

    sent: int = 0
    seen: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)  # first outcome of each source
    twice: int = 0  # records that came again, byte for byte
    unconfirmed: int = 0  # sources that were seen, and whose producer never heard so
    lost: list[str] = field(default_factory=list)
    in_both: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    underived: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)

    @property
    def failures(self) -> dict[str, list[str]]:
        """What the guarantees exclude, by name; only what there is."""
        named = {
            "lost": self.lost,
            "enriched and dead": self.in_both,
            "came again with other bytes": self.changed,
            "ends with an older version": self.stale,
            "wrong outcome": self.wrong,
            "dead letter with other bytes": self.altered,
            "derived events missing": self.underived,
        }
        return {name: found for name, found in named.items() if found}


def take_account(
    sent: Iterable[Sent], seen: Iterable[Seen], derived: Mapping[Source, frozenset[str]] | None = None
) -> Account:
    """Compare what was sent with what was seen; `derived` are the derived events by source, if they count."""
    known = {s.source: s for s in sent}
    by_source: dict[Source, list[Seen]] = defaultdict(list)
    by_key: dict[bytes | None, list[Seen]] = defaultdict(list)
    account = Account(sent=len(known))
    for record in seen:
        account.seen += 1
        by_source[record.source].append(record)
        if record.outcome in _ON_ENRICHED:
            by_key[record.key].append(record)
    for source, records in by_source.items():
        _look_at_source(account, known.get(source), records)
        if derived is not None:
            missing = frozenset().union(*(r.promised for r in records)) - derived.get(source, frozenset())
            if missing:
                account.underived.append(f"{_name(source)}: {len(missing)}, such as {min(missing)}")
    for source, raw in known.items():
        if source not in by_source and NOTHING not in raw.expected:
            account.lost.append(f"{_name(source)} ({raw.kind})")
    for records in by_key.values():
        _look_at_article(account, sorted(records, key=lambda r: r.place))
    return account


def _look_at_source(account: Account, raw: Sent | None, records: list[Seen]) -> None:
    outcomes = {r.outcome for r in records}
    name = f"{_name(records[0].source)} ({raw.kind if raw else 'unconfirmed'})"
    events = sorted((r for r in records if r.outcome in _ON_ENRICHED), key=lambda r: r.place)
    if outcomes - _ON_ENRICHED and events and events[-1].outcome == WITHDRAWN:
        # The brokers took a part of its events and refused the rest: taken back, and one dead letter.
        outcomes -= _ON_ENRICHED
        records = [r for r in records if r.outcome in outcomes]
    account.outcomes[records[0].outcome] = account.outcomes.get(records[0].outcome, 0) + 1
    digests = {r.digest for r in records}
    if len(outcomes) > 1:
        account.in_both.append(f"{name}: {', '.join(sorted(outcomes))}")
    elif len(digests) > 1:
        account.changed.append(f"{name}: {len(records)} times, {len(digests)} versions")
    else:
        account.twice += len(records) - 1
    if raw is None:
        account.unconfirmed += 1
        return
    if raw.expected and len(outcomes) == 1 and not outcomes <= raw.expected:
        wanted = " or ".join(sorted(raw.expected))
        account.wrong.append(f"{name}: {', '.join(sorted(outcomes - raw.expected))} instead of {wanted}")
    if any(r.untouched and raw.digest and r.untouched != raw.digest for r in records):
        account.altered.append(name)


def _look_at_article(account: Account, records: list[Seen]) -> None:
    """Records of one article id in the order of their topic; raw offsets of one partition have an order."""
    for partition in {r.source[0] for r in records}:
        mine = [r for r in records if r.source[0] == partition]
        newest = max(r.source for r in mine)
        key = (mine[0].key or b"").decode(errors="replace")
        if mine[-1].source != newest:
            account.stale.append(f"{key}: ends with {_name(mine[-1].source)}, the newest is {_name(newest)}")
        first = list(dict.fromkeys(r.source for r in mine))
        if first != sorted(first):
            account.out_of_order.append(f"{key}: first seen in the order {[o for _, o in first]}")


def _name(source: Source) -> str:
    return f"{source[0]}:{source[1]}"
