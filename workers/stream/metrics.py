"""The counters of a worker, in Prometheus' text format."""

from collections import Counter
from collections.abc import Mapping

_BUCKETS_MS = (2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)


class Metrics:
    """Counters of one worker. `outcomes` counts each article once: `enriched`, or a dead letter's reason."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        self.batches = 0
        self.lag: Mapping[int, int] = {}
        self.process_starts = 0
        self.records_lost = 0
        self._durations: Counter[int] = Counter()
        self._duration_sum_ms = 0.0

    def count(self, outcome: str, milliseconds: float) -> None:
        """Count one article."""
        self.outcomes[outcome] += 1
        self._duration_sum_ms += milliseconds
        for bucket in _BUCKETS_MS:
            if milliseconds <= bucket:
                self._durations[bucket] += 1

    def count_lost(self, records: int) -> None:
        """Count records that were deleted before they were read."""
        self.records_lost += records

    def text(self) -> str:
        """All counters in Prometheus' text format (version 0.0.4)."""
        total = sum(self.outcomes.values())
        lines = [
            "# HELP khabar_articles_total Raw records by what became of them.",
            "# TYPE khabar_articles_total counter",
            *(f'khabar_articles_total{{outcome="{o}"}} {n}' for o, n in sorted(self.outcomes.items())),
            "# HELP khabar_records_sent_total Confirmed records by topic of the contract.",
            "# TYPE khabar_records_sent_total counter",
            *(f'khabar_records_sent_total{{role="{r}"}} {n}' for r, n in sorted(self.sent.items())),
            "# HELP khabar_batches_total Batches finished.",
            "# TYPE khabar_batches_total counter",
            f"khabar_batches_total {self.batches}",
            "# HELP khabar_process_starts_total Starts of the process that enriches.",
            "# TYPE khabar_process_starts_total counter",
            f"khabar_process_starts_total {self.process_starts}",
            "# HELP khabar_records_lost_total Offsets that were deleted (retention) before they were read.",
            "# TYPE khabar_records_lost_total counter",
            f"khabar_records_lost_total {self.records_lost}",
            "# HELP khabar_lag Records between the committed offset and the end of a partition.",
            "# TYPE khabar_lag gauge",
            *(f'khabar_lag{{partition="{p}"}} {n}' for p, n in sorted(self.lag.items())),
            "# HELP khabar_enriching_seconds Time to enrich one article.",
            "# TYPE khabar_enriching_seconds histogram",
            *(
                f'khabar_enriching_seconds_bucket{{le="{b / 1000:g}"}} {self._durations[b]}'
                for b in _BUCKETS_MS
            ),
            f'khabar_enriching_seconds_bucket{{le="+Inf"}} {total}',
            f"khabar_enriching_seconds_sum {self._duration_sum_ms / 1000:.6f}",
            f"khabar_enriching_seconds_count {total}",
        ]
        return "\n".join(lines) + "\n"
