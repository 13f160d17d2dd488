"""The cost of bands: 100,000 paths, 24 months, four strategies, against drawing their random numbers."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import routecost
from routecost.documents.scenario.scenario_file import file_of
from routecost.engine.projection import project as exact
from routecost.engine.uncertainty.sampling import draw
from routecost.engine.uncertainty.simulate import outlook
from routecost.model.results.projection import Projection
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.scenario import Scenario

RUNS, MONTHS, SEED = 100_000, 24, 7
LIMIT, MOST_GIGABYTES = 3.0, 1.0
REPEATS = 7

FLEET = """version: 1
pricing: claude-article
as_of: 2026-02-01
workload:
  tasks_per_day: {{uncertain: normal, mean: 500, sd: 60}}
  tokens:
    input: {{uncertain: normal, mean: 2000, sd: 300}}
    output: {{uncertain: normal, mean: 500, sd: 80}}
  cache: {cache}
strategies:
  all-haiku: {{tier: haiku}}
  all-sonnet: {{tier: sonnet}}
  routed-80-15-5: {{mix: {{haiku: 80%, sonnet: 15%, opus: 5%}}}}
  all-opus: {other}
budget: {{amount: 150, per: month, strategy: routed-80-15-5}}
plan:
  growth: {{uncertain: normal, mean: 3%, sd: 2%, each: month}}
"""

CACHED = "{read: {uncertain: beta, mean: 60%, trials: 50}, write_5m: 5%}"
CASCADE = (
    "{cascade: [haiku, opus], accept: {haiku: 70%}, judge: {tier: sonnet, tokens: {input: 400, output: 20}}}"
)


def planned(text: str) -> tuple[Scenario, Projection]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fleet.yaml"
        path.write_text(text)
        scenario = routecost.load_scenario(path)
    assert scenario.as_of is not None
    assert scenario.plan is not None
    rate = scenario.plan.growth[0].rate
    return scenario, exact.project(scenario, Horizon(scenario.as_of, MONTHS, rate))


def fastest(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def ratio(text: str) -> tuple[float, float]:
    """Return the seconds that drawing takes, and how many times that all of it takes."""
    scenario, projection = planned(text)
    assert scenario.uncertainty is not None
    fields = scenario.uncertainty.fields
    file = file_of(scenario)
    assert file is not None
    resample = file.resample
    drawing = fastest(lambda: [draw(field, RUNS, SEED, MONTHS) for field in fields])
    return drawing, fastest(lambda: outlook(scenario, projection, resample, RUNS, SEED)) / drawing


def main() -> int:
    drawing, bands = ratio(FLEET.format(cache="{}", other="{tier: opus}"))
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 10**9
    print(f"drawing {(3 + MONTHS) * RUNS:,} normal numbers: {drawing * 1000:.0f} ms")
    print(f"bands of {RUNS:,} paths x {MONTHS} months x 4 strategies, draws included: {bands:.2f} times that")
    print(f"limit {LIMIT}; peak memory of the process {gigabytes:.2f} GB, limit {MOST_GIGABYTES}")
    _, separate = ratio(FLEET.format(cache=CACHED, other=CASCADE))
    print(
        f"four strategies none of which is a multiple of another: {separate:.2f} times the drawing (no limit)"
    )
    return int(bands > LIMIT or gigabytes > MOST_GIGABYTES)


if __name__ == "__main__":
    sys.exit(main())
