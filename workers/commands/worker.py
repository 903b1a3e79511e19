"""`khabar worker`: enrich what comes in, or a bounded range again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workers.commands.console import counted, say
from workers.commands.options import Brokers, Lexicons, OutputSuffix, ProfileName, load_settings, suffixed
from workers.failures import EXIT_FAILED, EXIT_PARTLY, UsageFailed

if TYPE_CHECKING:
    from workers.settings import Settings
    from workers.stream.side_replay import Job, Replayed


def worker(
    brokers: Brokers = None,
    profile: ProfileName = None,
    lexicon: Lexicons = None,
    web_port: Annotated[
        int | None, typer.Option("--web-port", min=0, max=65535, help="Port of probes and metrics; 0: none.")
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option("--replay", metavar="PLAN", help="Read only the offsets of this plan, and end."),
    ] = None,
    output_suffix: OutputSuffix = None,
    max_rate: Annotated[
        float | None,
        typer.Option("--max-rate", metavar="NUMBER", help="With --replay: articles a second at most."),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option("--group", "-g", help="With --replay: group in place of KHABAR_GROUP.replay.DIGEST."),
    ] = None,
) -> None:
    """Run a worker: it reads raw articles, publishes what it found in them, and commits.

    Start one for each core; all workers of a group (KHABAR_GROUP) share the partitions. A worker that can no
    longer do its work ends with exit code 1: let a supervisor start it again. On SIGTERM it finishes or gives
    back the batch in hand.

    With --replay it works beside the live workers: it reads the offsets of a plan (khabar replay --export
    writes one) under a group of its own, and ends with a summary. Its events have the same keys and ids as
    the live ones, and go to the same topics; with --output-suffix v2 to topics beside them
    (news.enriched.v2 …), which `khabar topics create --output-suffix v2` makes. SIGTERM or Ctrl-C stops it
    with exit code 3, so that a Kubernetes Job that is evicted half-way counts as not done. The same command
    goes on from there.

    \b
    Examples
      khabar worker
      KHABAR_PROFILE=accurate khabar worker -b kafka-1:9092 --web-port 6067
      khabar worker --replay plan.json --max-rate 20
      khabar worker --replay plan.json --output-suffix v2 --web-port 0

    \b
    Exit codes: 0 told to stop, or the replay is done; 1 failed; 2 the request is at fault; 3 a replay was
    stopped before its end.
    """
    settings = load_settings(
        brokers=brokers, profile=profile, lexicons=tuple(lexicon or ()), web_port=web_port
    )
    if replay is not None:
        if max_rate is not None and not 0 < max_rate < float("inf"):
            raise UsageFailed(f"--max-rate is a number above 0, not {max_rate:g}")
        _replay(settings, replay, output_suffix, max_rate, group)
        return
    if (output_suffix, max_rate, group) != (None, None, None):
        raise UsageFailed("--output-suffix, --max-rate and --group go with --replay PLAN")

    from workers.stream.run import run_worker

    raise typer.Exit(run_worker(settings))


def _replay(
    settings: "Settings", path: Path, suffix: str | None, max_rate: float | None, group: str | None
) -> None:
    from workers.operations.bounds import plan_digest
    from workers.operations.plans import load_plan
    from workers.stream.side_replay import Job, run_replay

    plan = load_plan(path)
    digest = plan_digest(plan, suffix)
    job = Job(
        plan=plan,
        group=group or f"{settings.group}.replay.{digest}",
        digest=digest,
        max_rate=max_rate,
        topics_made_by="khabar topics create" + (f" --output-suffix {suffix}" if suffix else ""),
    )
    found = run_replay(suffixed(settings, suffix), job)
    _tell(found, job)
    if found.state == "failed":
        raise typer.Exit(EXIT_FAILED)
    if found.state == "stopped":
        raise typer.Exit(EXIT_PARTLY)


def _tell(found: "Replayed", job: "Job") -> None:
    dead = {reason: n for reason, n in found.outcomes.items() if reason not in ("enriched", "withdrawn")}
    text = f" ({', '.join(f'{n:,} {reason}' for reason, n in sorted(dead.items()))})" if dead else ""
    rate = f", {found.read / found.seconds:,.1f} a second" if found.read else ""
    print(
        f"replay {found.state}: {counted(found.read, 'record')} read, {found.outcomes.get('enriched', 0):,} "
        f"enriched, {found.outcomes.get('withdrawn', 0):,} withdrawn, {sum(dead.values()):,} dead{text}; "
        f"{found.seconds:.1f} s{rate}"
    )
    if found.before:
        print(f"{counted(found.before, 'offset')} done before by group {job.group}")
    if found.gone:
        print(f"{counted(found.gone, 'offset')} gone: deleted from the topic before they were read")
    if found.ahead:
        print(f"{counted(found.ahead, 'offset')} of the plan are past the end of the topic: nothing to read")
    if found.left:
        print(
            f"{counted(found.left, 'offset')} left; the same command goes on from there (group {job.group})"
        )
    elif not found.read and not found.gone:
        say("khabar: nothing was left to read; --group NAME reads it all again under another group")
