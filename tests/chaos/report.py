"""The account of a chaos run for people, and what in it is a failure."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from tests.chaos.account import Account, Sent
from tests.chaos.faults import Event
from tests.chaos.processes import Sample, memory_lines
from tests.chaos.supervisor import Life
from tests.chaos.worker_logs import takeovers, unexpected_lines

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Report:
    """The results of one run."""

    seed: int
    seconds: float
    drained_seconds: float
    account: Account
    sent: list[Sent]
    unsure: dict[str, int]
    lives: list[Life]
    events: list[Event]
    samples: list[Sample]
    orphans: list[str]
    uncommitted: list[str]

    @property
    def failures(self) -> dict[str, list[str]]:
        """What the guarantees exclude, by name."""
        more = {
            "processes left behind": self.orphans,
            "partitions whose commit stands still": self.uncommitted,
        }
        return self.account.failures | {name: found for name, found in more.items() if found}

    def text(self) -> str:
        """Several lines."""
        account = self.account
        kinds = Counter(s.kind for s in self.sent)
        lines = [
            "",
            f"== Chaos, seed {self.seed}: {account.sent} raw records in {self.seconds:.0f} s, "
            f"the last worked off {self.drained_seconds:.0f} s after the last was sent",
            f"kinds          {_counts(kinds)}",
            f"outcomes       {_counts(account.outcomes)}",
            f"unsure         {_counts(self.unsure)}; {account.unconfirmed} of such were seen",
            f"faults         {_counts(Counter(e.name for e in self.events))}",
            f"workers        {len(self.lives)} started; ends: {_counts(_ends(self.lives))}",
            f"came again     {account.twice}, each with the same bytes",
            f"out of order   {len(account.out_of_order)} articles were first seen in another order",
        ]
        lines += [f"lost           {len(account.lost)}", f"in both        {len(account.in_both)}"]
        lines += [f"changed        {len(account.changed)}", f"stale          {len(account.stale)}"]
        lines += [f"left behind    {len(self.orphans)} processes"]
        lines += [f"uncommitted    {len(self.uncommitted)} partitions"]
        lines += [f"recovery       {line}" for line in self._recoveries()]
        lines += [f"memory         {line}" for line in memory_lines(self.samples)]
        complaints = unexpected_lines(self.lives)
        lines += [f"log            {count} times: {line}" for line, count in complaints] or [
            "log            nothing"
        ]
        for name, found in self.failures.items():
            lines += ["", f"FAILED: {len(found)} {name}", *(f"  {line}" for line in found[:_SHOWN])]
            lines += [f"  … and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
        lines += [
            "",
            "FAILED"
            if self.failures
            else "Nothing lost, nothing in two ways, all committed, nobody left behind.",
        ]
        return "\n".join(lines)

    def _recoveries(self) -> Iterable[str]:
        by_signal = defaultdict(list)
        for takeover in takeovers(self.lives):
            by_signal[takeover.how].append(takeover)
        for how, found in sorted(by_signal.items()):
            assigned, worked = [t.assigned for t in found], [t.worked for t in found]
            yield f"after {how}: all partitions assigned again {_seconds(assigned)}"
            yield f"after {how}: a record of each of them worked on {_seconds(worked)}"
        for name in ("restart broker", "kill broker"):
            returns = [e.recovered for e in self.events if e.name == name]
            yield f"after {name}: first commit {_seconds(returns)}"


def _seconds(found: list[float | None]) -> str:
    known = sorted(s for s in found if s is not None)
    if not known:
        return f"not known ({len(found)} cases)"
    unknown = f", {len(found) - len(known)} not known" if len(found) > len(known) else ""
    return f"after {median(known):.1f} s (median), {known[-1]:.1f} s (most), {len(known)} cases{unknown}"


def _ends(lives: list[Life]) -> Counter[str]:
    return Counter(f"{life.asked or 'by itself'} → {life.code}" for life in lives)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"
