"""A small scenario with a mix and a price step."""

SHEET = """\
version: 1
currency: USD
source: made up for tests
tiers: {small: little, large: big}
models:
  little:
    - {from: 2026-01-01, checked: 2026-01-01, source: test, input: 1, output: 5, cache_read: 0.1}
  big:
    - from: 2026-01-01
      checked: 2026-01-01
      source: test
      input: 3
      output: 15
      cache_read: 0.3
      above: [{tokens: 2500, input: 6, output: 22.5, cache_read: 0.6}]
"""
FLEET = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-06-01
workload: {tasks_per_day: 100, tokens: {input: 2000, output: 500}, cache: {read: 10%, write_5m: 0%}}
strategies:
  routed: {mix: {small: 75%, large: 25%}}
  all-large: {tier: large}
baseline: all-large
default: all-large
proposed: routed
budget: {amount: 10, per: month, strategy: routed}
"""
