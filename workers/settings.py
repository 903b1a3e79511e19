"""Settings of every command, from environment variables, a file, or arguments.

`KHABAR_BROKERS=kafka-1:9092,kafka-2:9092` in the environment or in a file `.env`, or
`brokers = ["kafka-1:9092"]` in `khabar.toml` (another file: `KHABAR_CONFIG`). The environment wins over
`.env`, which wins over the TOML file.
"""

import os
import re
import ssl
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from schemas.topics import ARTICLE_BYTES, TOPICS, Role, Topic, topic
from workers.nlp.profile import Profile

SaslMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]
Compression = Literal["none", "gzip", "snappy", "lz4", "zstd"]
CONFIG_VARIABLE = "KHABAR_CONFIG"
_TOPIC_CHARACTERS = 249  # Kafka's own limit


class Settings(BaseSettings):
    """What an operator can set. Each field is also the environment variable `KHABAR_<FIELD>`."""

    model_config = SettingsConfigDict(
        env_prefix="KHABAR_",
        env_file=".env",
        toml_file="khabar.toml",
        extra="ignore",
        frozen=True,
    )

    # Brokers and how to reach them
    brokers: Annotated[tuple[str, ...], NoDecode] = Field(
        ("127.0.0.1:9092",), description="Bootstrap brokers, host:port, separated by commas", min_length=1
    )
    tls: bool = Field(False, description="Encrypt connections to the brokers")
    tls_ca: Path | None = Field(None, description="PEM file of trusted authorities, else the system's")
    tls_certificate: Path | None = Field(None, description="PEM file of this client's certificate")
    tls_key: Path | None = Field(None, description="PEM file of this client's private key")
    tls_key_password: SecretStr | None = None
    sasl_mechanism: SaslMechanism | None = Field(None, description="Log in to the brokers by SASL")
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    client_id: str = "khabar"

    # Topics
    topic_prefix: str = Field("", description="Put before the name of every topic")
    topic_raw: str | None = Field(None, description="Name of the topic in place of the declared one")
    topic_enriched: str | None = None
    topic_statements: str | None = None
    topic_entities: str | None = None
    topic_dead: str | None = None
    replication_factor: int = Field(
        -1, description="Replicas of topics that are created; -1: the broker's default"
    )

    # The worker
    group: str = Field("khabar", description="Consumer group", min_length=1)
    batch_articles: int = Field(32, ge=1, description="Articles taken, confirmed and committed together")
    batch_seconds: float = Field(0.2, gt=0, description="Longest wait for a batch to fill")
    article_seconds: float = Field(30.0, gt=0, description="Time limit of one article")
    max_bytes: int = Field(
        ARTICLE_BYTES,
        ge=1024,
        description="Largest value of a raw record, in bytes: producers and topics keep to it, and what is "
        "larger all the same becomes a dead letter",
    )
    session_seconds: float = Field(
        30.0, ge=1, description="Time after which brokers give a silent worker's partitions to others"
    )
    stalled_seconds: float = Field(
        120.0,
        gt=0,
        description="The worker ends itself when there is work and nothing was committed for this long",
    )
    stop_seconds: float = Field(6.0, gt=0, description="On SIGTERM, time to finish the batch in hand")
    compression: Compression = Field("lz4", description="Compression of the records that the worker sends")

    # The pipeline
    profile: Profile = Field("fast", description="Name tagger: fast or accurate")
    lexicons: Annotated[tuple[Path, ...], NoDecode] = Field(
        (), description="Folders of tables that add to the shipped ones, separated by commas"
    )
    pipeline_factory: str = Field(
        "workers.nlp.pipeline:build_pipeline",
        description="module:function(profile, lexicons) that builds the pipeline in the enriching process",
    )

    # Probes and metrics
    web_host: str = "127.0.0.1"
    web_port: int = Field(6066, ge=0, le=65535, description="Port of the web server; 0: no web server")
    log_format: Literal["json", "text"] = "json"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("brokers", "lexicons", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("brokers")
    @classmethod
    def _have_ports(cls, brokers: tuple[str, ...]) -> tuple[str, ...]:
        for broker in brokers:
            host, _, port = broker.rpartition(":")
            if not host or not port.isdecimal():
                raise ValueError(f"a broker is host:port, not {broker!r}")
        return brokers

    @model_validator(mode="after")
    def _consistent(self) -> "Settings":
        if self.sasl_mechanism and (self.sasl_username is None or self.sasl_password is None):
            raise ValueError("sasl_mechanism needs sasl_username and sasl_password")
        if self.tls_key and not self.tls_certificate:
            raise ValueError("tls_key needs tls_certificate")
        if (self.tls_ca or self.tls_certificate) and not self.tls:
            raise ValueError("tls_ca and tls_certificate need tls = true")
        names = [t.name for t in self.topics]
        if len(set(names)) != len(names):
            raise ValueError(f"two topics have one name: {', '.join(names)}")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - by pydantic
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then `.env`, then the TOML file."""
        named = os.environ.get(CONFIG_VARIABLE)
        if named and not Path(named).is_file():
            raise FileNotFoundError(f"{CONFIG_VARIABLE} names {named}, and there is no such file")
        toml = TomlConfigSettingsSource(settings_cls, named or settings_cls.model_config.get("toml_file"))
        return init_settings, env_settings, dotenv_settings, toml

    @classmethod
    def misspelt(cls) -> list[str]:
        """Names in the environment and in the TOML file that look like settings and are unknown."""
        own = {f"KHABAR_{name.upper()}" for name in cls.model_fields} | {CONFIG_VARIABLE}
        others = ("KHABAR_TEST_", "KHABAR_SHARED")  # of the tests
        found = [
            name
            for name in os.environ
            if name.startswith("KHABAR_") and name.upper() not in own and not name.startswith(others)
        ]
        file = Path(os.environ.get(CONFIG_VARIABLE) or str(cls.model_config.get("toml_file")))
        if file.is_file():
            with file.open("rb") as opened:
                found += [
                    f"{name} in {file}" for name in tomllib.load(opened) if name not in cls.model_fields
                ]
        return sorted(found)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The declared topics under the names that these settings give them."""
        return tuple(
            msgspec.structs.replace(t, name=self.topic_name(t.role)).for_articles_of(self.max_bytes)
            for t in TOPICS
        )

    def topic(self, role: Role) -> Topic:
        """One declared topic under the name that these settings give it."""
        return next(t for t in self.topics if t.role == role)

    def topic_name(self, role: Role) -> str:
        """The name of a topic on the brokers."""
        override: str | None = getattr(self, f"topic_{role}")
        return self.topic_prefix + (override or topic(role).name)

    def with_output_suffix(self, suffix: str) -> "Settings":
        """The same settings with `news.enriched.SUFFIX` and so on for the topics that a worker writes.

        Raises ValueError for what cannot stand in a topic's name.
        """
        if not re.fullmatch(r"[A-Za-z0-9._-]+", suffix):
            raise ValueError(f"a suffix has letters of English, digits, dots, hyphens and _, not {suffix!r}")
        names = {t.role: f"{t.name}.{suffix}" for t in self.topics if t.role != "raw"}
        if longest := [name for name in names.values() if len(name) > _TOPIC_CHARACTERS]:
            raise ValueError(f"{longest[0]} is too long: a topic's name has {_TOPIC_CHARACTERS} characters")
        bare = {f"topic_{role}": name.removeprefix(self.topic_prefix) for role, name in names.items()}
        return self.model_copy(update=bare)

    def ssl_context(self) -> ssl.SSLContext | None:
        """The TLS context of these settings, or None. Raises OSError (or SSLError) that names the file."""
        if not self.tls:
            return None
        for path in (self.tls_ca, self.tls_certificate, self.tls_key):
            if path is not None:
                path.open("rb").close()
        try:
            context = ssl.create_default_context(cafile=self.tls_ca)
        except ssl.SSLError as error:
            raise ssl.SSLError(f"{self.tls_ca} holds no certificates: {error}") from error
        if self.tls_certificate:
            # Never None: OpenSSL would ask the terminal for the password of an encrypted key, and wait.
            password = self.tls_key_password.get_secret_value() if self.tls_key_password else ""
            try:
                context.load_cert_chain(self.tls_certificate, self.tls_key, password)
            except ssl.SSLError as error:
                files = " and ".join(str(p) for p in (self.tls_certificate, self.tls_key) if p)
                raise ssl.SSLError(
                    f"{files}: no certificate, or no key to it, or no right password: {error}"
                ) from error
        return context

    def kafka_options(self) -> dict[str, Any]:
        """Connection arguments of every client of kafka-python or aiokafka: brokers, TLS, SASL."""
        options: dict[str, Any] = {
            "bootstrap_servers": list(self.brokers),
            "client_id": self.client_id,
            "security_protocol": ("SASL_" if self.sasl_mechanism else "")
            + ("SSL" if self.tls else "PLAINTEXT"),
        }
        if self.tls:
            options["ssl_context"] = self.ssl_context()
        if self.sasl_mechanism and self.sasl_password:
            options["sasl_mechanism"] = self.sasl_mechanism
            options["sasl_plain_username"] = self.sasl_username
            options["sasl_plain_password"] = self.sasl_password.get_secret_value()
        return options
