"""A secret in any text field of any dialect is in nothing that is printed, but for fields that hold names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from routecost.api.logs.source import LogSource
from routecost.api.logs.usage import log_usage
from routecost.ingest.logs.faults import Faults
from routecost.report.logs.usage import report
from tests.ingest.logs.dialects import test_codex as codex
from tests.ingest.logs.dialects.test_claude_code import answer
from tests.ingest.logs.dialects.test_litellm import row
from tests.ingest.logs.dialects.test_scores import score
from tests.ingest.logs.dialects.test_usage_reports import SECONDS, anthropic, openai
from tests.ingest.logs.mapped.test_ready_mappings import AWS, HELICONE, OPENROUTER
from tests.ingest.logs.samples import attribute, chat, encoded, observation, otlp, page, span

SECRET = "sk-ant-s3cr3t"
TEXTS = {"input": [{"role": "user", "content": "t"}], "output": "t", "metadata": {"k": "t"}, "user": "t"}
SPAN = {
    **chat(input_tokens=5),
    "agent.name": "a",
    "conversation.id": "c",
    ".user.id": "t",
    ".gen_ai.prompt": "t",
}
EVENT = {"name": "t", "attributes": [attribute("gen_ai.completion", "t")]}
CLAUDE = answer(message={"content": [{"type": "text", "text": "t"}]}, gitBranch="t", version="t", agentId="a")
USAGE_TYPE = "USE1-anthropic.claude-opus-4-8-mantle-cache-write-tokens-global-standard"
DIALECTS: dict[str, list[Any]] = {
    "claude-code": [CLAUDE | {"attributionAgent": "a", "attributionSkill": "s"}],
    "codex": [codex.session(instructions="t"), codex.turn("t"), codex.ONE],
    "otel": [msgspec.json.decode(otlp(span(SPAN, events=[EVENT], traceState="t"), service="s"))],
    "litellm": [row({"prompt_tokens": 3000}, messages="t", response="t", end_user="t", agent_id="a")],
    "langfuse": [
        observation({"input": 5}, **TEXTS, session_id="s", trace_name="w", tags=["a:b"], user_id="t")
    ],
    "langfuse-scores": [score("t1", 1, comment="t", author_user_id="t")],
    "anthropic-usage": [msgspec.json.decode(page(anthropic(api_key_id="t", workspace_id="t")))],
    "openai-usage": [msgspec.json.decode(page(openai(api_key_id="t", user_id="t"), seconds=SECONDS))],
    "openrouter": [OPENROUTER | {"user": "t", "api_key_name": "t"}],
    "helicone": [HELICONE | {"request_body": "t", "response_body": "t", "request_user_id": "t"}],
    "aws-cur-bedrock": [AWS | {"identity_line_item_id": "t", "line_item_usage_type": USAGE_TYPE}],
}
NAMES = {
    "claude-code": {"service_tier", "model", "cwd", "attributionAgent", "attributionSkill"},
    "codex": {"model", "cwd"},
    "otel": {"gen_ai.request.model", "gen_ai.agent.name", "service.name"},
    "litellm": {"model", "request_tags", "agent_id", "team_id"},
    "langfuse": {"provided_model_name", "name", "trace_name", "tags"},
    "anthropic-usage": {"inference_geo", "service_tier", "model", "workspace_id"},
    "openai-usage": {"service_tier", "model", "project_id"},
    "openrouter": {"model_permaslug", "app_name", "variant"},
    "helicone": {"response_model", "model_override", "Task"},
    "aws-cur-bedrock": {"line_item_usage_type", "line_item_usage_account_id", "resource_tags"},
}
"""The fields that hold names of models, tiers, regions, agents, projects and task types, which are shown."""


def planted(record: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the name of each text of a record, and the record with a secret in its place."""
    if isinstance(record, str):
        yield name, SECRET
    elif isinstance(record, dict):
        for key, value in record.items():
            own = (
                str(record["key"])
                if key == "value" and "key" in record
                else name
                if key.endswith("Value")
                else key
            )
            for field, changed in planted(value, own):
                yield field, {**record, key: changed}
    elif isinstance(record, list):
        for at, value in enumerate(record):
            for field, changed in planted(value, name):
                yield field, [*record[:at], changed, *record[at + 1 :]]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_secret_in_a_text_field_is_in_nothing_that_is_printed(tmp_path: Path, dialect: str) -> None:
    fields = {}
    for number, (field, records) in enumerate(planted(DIALECTS[dialect])):
        text = b"\n".join(map(encoded, records)) + b"\n"
        (tmp_path / f"{number}.jsonl").write_bytes(
            text.replace(SECRET.encode(), f"{SECRET}{number}x".encode())
        )
        fields[number] = field
    rejects: list[Faults] = []
    source = LogSource([tmp_path], dialect=dialect, allow_unpriced=True, rejects=rejects.append)
    found = log_usage(source, pricing="claude-2026-11", by=["task_type", "agent", "outcome"])
    printed = repr((report(found), rejects))
    assert len(fields) >= 5
    assert {fields[int(number)] for number in re.findall(SECRET + r"(\d+)x", printed)} <= NAMES.get(
        dialect, set()
    )
