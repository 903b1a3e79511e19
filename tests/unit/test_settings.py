"""Where settings come from, and what they make of them."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from workers.settings import Settings


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("KHABAR_BROKERS", "KHABAR_GROUP", "KHABAR_TEST_BROKERS", "KHABAR_CONFIG"):
        monkeypatch.delenv(name, raising=False)


def test_environment_wins_over_dotenv_over_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "khabar.toml").write_text('brokers = ["toml:1"]\ngroup = "toml"\nclient_id = "toml"\n')
    (tmp_path / ".env").write_text("KHABAR_GROUP=dotenv\nKHABAR_CLIENT_ID=dotenv\nUNRELATED=1\n")
    monkeypatch.setenv("KHABAR_CLIENT_ID", "environment")
    settings = Settings()
    assert (settings.brokers, settings.group, settings.client_id) == (("toml:1",), "dotenv", "environment")


def test_brokers_and_lexicons_are_lists_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_BROKERS", "a:1, b:2,")
    monkeypatch.setenv("KHABAR_LEXICONS", "x,y/z")
    settings = Settings()
    assert settings.brokers == ("a:1", "b:2")
    assert settings.lexicons == (Path("x"), Path("y/z"))


def test_a_named_file_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_CONFIG", "nowhere.toml")
    with pytest.raises(FileNotFoundError, match=r"nowhere\.toml"):
        Settings()


def test_topics_are_renamed_and_prefixed() -> None:
    settings = Settings(topic_prefix="test.", topic_raw="crawl")
    assert [t.name for t in settings.topics][:2] == ["test.crawl", "test.news.enriched"]
    larger = Settings(max_bytes=4 * 1024 * 1024)
    assert larger.topic("raw").max_message_bytes == settings.topic("raw").max_message_bytes + 3 * 1024 * 1024
    assert larger.topic("enriched").config == settings.topic("enriched").config
    assert settings.topic("dead").max_message_bytes > settings.topic("raw").max_message_bytes


def test_names_that_are_no_settings_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "khabar.toml").write_text('group = "a"\nbrokres = ["a:1"]\n')
    for name in ("KHABAR_BROKER", "KHABAR_TEST_X", "KHABAR_GROUP", "OTHER_BROKERS"):
        monkeypatch.setenv(name, "x")
    assert [n for n in Settings.misspelt() if "bro" in n.lower()] == [
        "KHABAR_BROKER",
        "brokres in khabar.toml",
    ]
    assert not {"KHABAR_TEST_X", "KHABAR_GROUP", "OTHER_BROKERS"} & set(Settings.misspelt())


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"brokers": "kafka"}, "host:port"),
        ({"brokers": ""}, "at least 1"),
        ({"sasl_mechanism": "PLAIN"}, "sasl_username"),
        ({"tls_ca": "ca.pem"}, "tls = true"),
        ({"topic_raw": "x", "topic_dead": "x"}, "two topics have one name"),
        ({"article_seconds": 0}, "greater than 0"),
    ],
)
def test_what_cannot_be_is_refused(fields: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Settings(**fields)


def test_every_client_gets_sasl_and_tls() -> None:
    from workers.stream.app import build_app

    settings = Settings(
        tls=True, sasl_mechanism="SCRAM-SHA-512", sasl_username="khabar", sasl_password="s3cret"
    )
    options = settings.kafka_options()
    assert (options["security_protocol"], options["sasl_mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")
    assert options["ssl_context"] is not None
    credentials = build_app(settings, "unused").conf.broker_credentials
    assert credentials.protocol.value == "SASL_SSL"
    assert (credentials.username, credentials.password) == ("khabar", "s3cret")
    assert "s3cret" not in repr(settings)


def test_files_of_tls_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("no certificate")
    for fields, told in (
        ({"tls_ca": tmp_path / "nowhere.pem"}, "nowhere.pem"),
        ({"tls_ca": rubbish}, "rubbish.pem"),
        ({"tls_certificate": rubbish}, "rubbish.pem"),
        ({"tls_certificate": tmp_path / "nowhere.crt"}, "nowhere.crt"),
    ):
        with pytest.raises(OSError, match=told):
            Settings.model_validate({"tls": True, **fields}).ssl_context()


def test_topics_beside_the_live_ones() -> None:
    settings = Settings(topic_prefix="test.", topic_dead="graves").with_output_suffix("v2")
    assert [t.name for t in settings.topics] == [
        "test.news.raw",
        "test.news.enriched.v2",
        "test.news.statements.v2",
        "test.news.entities.v2",
        "test.graves.v2",
    ]
    for fault in ("", "v 2", "نو", "a/b", "x" * 250):
        with pytest.raises(ValueError, match=r"suffix|too long"):
            Settings().with_output_suffix(fault)
