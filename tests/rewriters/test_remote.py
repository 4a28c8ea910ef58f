"""Which hosts a SPEC would send texts to."""

import pytest

from posteditor.errors import ModelError
from posteditor.rewriters.remote import parse_server_spec, remote_host


@pytest.mark.parametrize(
    ("spec", "host"),
    [
        ("default", None),
        ("none", None),
        ("memory", None),
        ("grammarly/coedit-large", None),
        ("default+memory", None),
        ("openai:m@http://localhost:8000/v1", None),
        ("openai:m@http://LOCALHOST:8000", None),
        ("openai:m@http://127.0.0.1:8000", None),
        ("openai:m@http://127.8.9.1", None),
        ("openai:m@http://[::1]:8000", None),
        ("openai:m@http://ollama.localhost", None),
        ("languagetool:http://localhost:8081", None),
        ("openai:m@https://api.example.com/v1", "api.example.com"),
        ("openai:m@https://API.example.com:8443/v1", "api.example.com:8443"),
        ("openai:m@http://192.168.1.5:11434", "192.168.1.5:11434"),
        ("openai:m@http://[2001:db8::1]/v1", "[2001:db8::1]"),
        ("openai:m@http://localhost.example.com", "localhost.example.com"),
        ("openai:m@http://127.0.0.1.example.com", "127.0.0.1.example.com"),
        ("openai:m@http://0.0.0.0:1", "0.0.0.0:1"),
        ("default+openai:m@https://a.example/v1", "a.example"),
        ("openai:m@https://a.example/v1+default+languagetool:http://b.example:8081", "a.example, b.example:8081"),
        ("openai:m@http://localhost+openai:m@https://a.example", "a.example"),
        ("languagetool:https://api.languagetoolplus.example/v2", "api.languagetoolplus.example"),
        # Whatever two parsers might read differently is remote.
        ("openai:m@http://localhost@evil.example/", "an address that can't be read"),
        ("openai:m@http://localhost\\@evil.example/", "an address that can't be read"),
        ("openai:m@http://localhost#@evil.example/", "an address that can't be read"),
        ("openai:m@http://localhost:99999/", "an address that can't be read"),
        ("openai:m@http://[::1", "an address that can't be read"),
        ("openai:m@HTTP://evil.example", "an address that can't be read"),
        ("openai:m@http:/evil.example", "an address that can't be read"),
        ("openai:m@http://éxample.com", "an address that can't be read"),
    ],
)
def test_every_host_beyond_this_machine_is_named(spec: str, host: str | None) -> None:
    assert remote_host(spec) == host


@pytest.mark.parametrize(
    ("argument", "model", "url"),
    [
        ("m@http://h", "m", "http://h/v1"),
        ("m@http://h/", "m", "http://h/v1"),
        ("m@http://h/v1", "m", "http://h/v1"),
        ("m@http://h:8/v1/", "m", "http://h:8/v1"),
        ("m@http://h/v1/chat/completions", "m", "http://h/v1"),
        ("m@https://h/api/v1", "m", "https://h/api/v1"),
        ("m@https://h/v1beta/openai", "m", "https://h/v1beta/openai"),
        ("m@https://h/proxy", "m", "https://h/proxy/v1"),
        ("qwen3:4b@http://h", "qwen3:4b", "http://h/v1"),
        ("meta/llama-3@2024@http://h", "meta/llama-3@2024", "http://h/v1"),
        ("a@http://b@http://h", "a@http://b", "http://h/v1"),
        ("/models/tiny one@http://[::1]:8", "/models/tiny one", "http://[::1]:8/v1"),
    ],
)
def test_a_server_spec_is_a_model_and_an_address(argument: str, model: str, url: str) -> None:
    server = parse_server_spec(argument)
    assert (server.model, server.address.url) == (model, url)


@pytest.mark.parametrize(
    "argument",
    [
        "", "m", "@http://h", " @http://h", "m@h", "m@ftp://h", "m@http://", "m@http://-", "m@http://h:0",
        "m@http://user:secret@h/v1", "m@http://h/v1?key=secret", "m@http://h/v1#secret", "m@http://h /v1secret",
        "m\x1b@http://h", "m@http://h/v1\n",
    ],
)  # fmt: skip
def test_other_server_specs_are_refused_without_being_repeated(argument: str) -> None:
    with pytest.raises(ModelError) as caught:
        parse_server_spec(argument)
    assert "openai:MODEL@URL" in caught.value.hint
    assert "secret" not in str(caught.value)
