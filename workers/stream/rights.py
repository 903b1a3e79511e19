"""Rights on the brokers that a worker lacks, and the command that grants each."""

from aiokafka import errors

from workers.settings import Settings


def missing_right(error: BaseException, settings: Settings, *, sending: bool) -> str | None:
    """The sentence for an error about a missing right, else None. `sending`: the error came from sending."""
    if isinstance(error, errors.GroupAuthorizationFailedError):
        return missing_group_right(settings)
    if isinstance(error, errors.TopicAuthorizationFailedError):
        if sending:
            written = [t.name for t in settings.topics if t.role != "raw"]
            options = " ".join(f"--topic {name}" for name in written)
            return _grant(settings, f"write to one of {', '.join(written)}", "Write", options)
        raw = settings.topic_name("raw")
        return _grant(settings, f"read {raw}", "Read", f"--topic {raw}")
    if isinstance(error, errors.ClusterAuthorizationFailedError):
        return _grant(settings, "act on the cluster", "IdempotentWrite", "--cluster")
    return None


def missing_group_right(settings: Settings) -> str:
    """The sentence for a group that the worker may not read with."""
    return _grant(settings, f"read with group {settings.group}", "Read", f"--group {settings.group}")


def _grant(settings: Settings, what: str, operation: str, options: str) -> str:
    user = settings.sasl_username or "USER"
    return (
        f"the brokers do not let this worker {what}. Grant the right: "
        f"kafka-acls --add --allow-principal User:{user} --operation {operation} {options}"
    )
