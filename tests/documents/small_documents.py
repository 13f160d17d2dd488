"""A document of each kind that is as small as can be, and a call of a log."""

from __future__ import annotations

from tests.support.transcripts import call

FLEET = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-02-01
workload:
  task_types:
    one:
      tasks_per_day: 100
      tokens: {input: 2000, output: 500}
      success: {haiku: 90%, sonnet: 95%, opus: 99%}
      failure_cost: 5
strategies:
  all-haiku: {tier: haiku}
  all-opus: {tier: opus}
  routed: {table: ./table.yaml}
baseline: all-opus
default: all-opus
proposed: all-haiku
claims:
  - {that: strategies.all-haiku.cost_per_day, is: 1, within: 100, with: {pricing: ./other.yaml}}
"""
TABLE = """\
version: 1
taxonomy: ./taxonomy.yaml
escalation: [haiku, sonnet, opus]
routes: [{task: one, tier: haiku}]
"""
TAXONOMY = """\
version: 1
tiers: [haiku, sonnet, opus]
classes: {plain: {title: plain}}
task_types:
  one: {title: one, class: plain, reasoning: low, ambiguity: low, stakes: low, tiers: [haiku, sonnet, opus]}
"""
EVIDENCE = """\
version: 1
evidence: [{task: one, tier: haiku, successes: 90, trials: 100, evaluated: 2026-01-20}]
"""
ACTUALS = "version: 1\nstrategy: all-haiku\nmonths: [{month: 2026-02, spend: 10}]\n"
PLAN = "1. Read it -> haiku\n"
OUTCOMES = "query,model,score,confidence,category,input_tokens,output_tokens,split\n" + "".join(
    f"{part}{query},{model},{int(query % worst > 0)},{query / 12},one,1000,200,{part}\n"
    for part in ("train", "calibration", "test")
    for query in range(12)
    for model, worst in (("haiku", 2), ("sonnet", 4), ("opus", 12))
)
PRICE = {"input_cost_per_token": 1e-6, "output_cost_per_token": 5e-6, "litellm_provider": "v", "mode": "chat"}

CALL = call(1, "claude-3-5-haiku", "2026-02-01T00:00:00Z", input=1)
