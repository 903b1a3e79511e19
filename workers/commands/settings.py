"""`khabar settings`: every setting, its value and its meaning."""

from workers.commands.console import say
from workers.commands.options import Brokers, load_settings
from workers.commands.tables import print_table


def settings(brokers: Brokers = None) -> None:
    """Show every setting with its value and what it means; secrets are masked.

    A setting is the environment variable KHABAR_NAME, or NAME in .env or khabar.toml (another file:
    KHABAR_CONFIG). The environment wins over .env, which wins over the TOML file.

    \b
    Examples
      khabar settings
      KHABAR_BROKERS=kafka-1:9092 KHABAR_TLS=true khabar settings
    """
    loaded = load_settings(brokers=brokers)
    kind = type(loaded)
    rows = []
    for name, field in kind.model_fields.items():
        value = getattr(loaded, name)
        changed = value != field.get_default(call_default_factory=True)
        rows.append(
            (f"KHABAR_{name.upper()}", _shown(value), "set" if changed else "", field.description or "")
        )
    print_table(("setting", "value", "", "meaning"), rows)
    for name in kind.misspelt():
        say(f"khabar: there is no setting {name}")


def _shown(value: object) -> str:
    from pydantic import SecretStr

    if value is None or value == "":
        return "–"
    if isinstance(value, SecretStr):
        return "********"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "–"
    return str(value)
