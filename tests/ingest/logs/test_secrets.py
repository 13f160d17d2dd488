"""What prompts, answers and keys say is in nothing that is read from a log."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecost.ingest.logs.items import SuccessRule
from tests.ingest.logs.dialects.test_scores import score
from tests.ingest.logs.dialects.test_usage_reports import SECONDS, anthropic, openai
from tests.ingest.logs.samples import attribute, chat, encoded, log_of, observation, otlp, page, span

SECRET = "sk-ant-s3cr3t"
PROMPTS = ("gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.prompt")
COUNTED = (
    otlp(
        span(
            {**chat(input_tokens=5), **{f".{name}": SECRET for name in PROMPTS}},
            name=SECRET,
            traceState=SECRET,
            events=[{"name": SECRET, "attributes": [attribute("gen_ai.completion", SECRET)]}],
            status={"code": 2, "message": SECRET},
        )
    ),
    encoded(
        observation({"input": 5}, input=SECRET, output={"text": SECRET}, metadata={"key": SECRET})
        | {"status_message": SECRET, "user_id": SECRET, "model_parameters": SECRET, "prompt_name": SECRET}
    ),
    page(anthropic(api_key_id=SECRET, account_id=SECRET)),
    page(openai(api_key_id=SECRET, user_id=SECRET), seconds=SECONDS),
    encoded(score("t1", 1, comment=SECRET, metadata={"key": SECRET}, author_user_id=SECRET)),
)
KEYS = ["task_type", "agent", "outcome", "session", "task", "provider"]


@pytest.mark.parametrize("line", COUNTED)
def test_no_text_of_a_record_is_kept(tmp_path: Path, line: bytes) -> None:
    with log_of(tmp_path, line, success=SuccessRule("correct", 0.5)) as log:
        assert log.read.faults.count == 0
        rows = log.frame.to_native().fetchall()
        cells = log.cells(KEYS, [])
        assert SECRET not in repr((log.read, cells, rows))


VALUES = (b'"5"', b"5}", b"800000", b"27000", b'"2026-11-20 09:00:00"')
"""A value of each line."""


@pytest.mark.parametrize(("line", "value"), list(zip(COUNTED, VALUES, strict=True)))
@pytest.mark.parametrize("wrong", ['"%s"', '{"%s": "%s"}', '["%s"]'])
def test_no_text_of_a_bad_record_is_in_its_reason(
    tmp_path: Path, line: bytes, value: bytes, wrong: str
) -> None:
    bad = wrong.replace("%s", SECRET).encode() + (b"}" if value.endswith(b"}") else b"")
    assert value in line
    with log_of(tmp_path, line + b"\n" + line.replace(value, bad, 1)) as log:
        assert log.read.faults.count == 1
        assert SECRET not in repr(log.read)
