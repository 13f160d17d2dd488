from __future__ import annotations

import pytest
import yaml


@pytest.fixture(params=[yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)], ids=["python", "c"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> object:
    """Run a test once with each of the parsers that an installation of PyYAML may have."""
    monkeypatch.setattr("routecost.source.yaml_events.PARSER", request.param)
    return request.param
