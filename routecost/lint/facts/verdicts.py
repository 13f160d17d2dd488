"""Verdicts on single samples: a tier fails at a task type, or work leaves it too often."""

from __future__ import annotations

from routecost.engine.numeric.proportions import Sample, wilson
from routecost.model.routing.limits import Limits


def fails(sample: Sample, limits: Limits) -> bool:
    """Return whether the success rate is significantly below ``success_rate``."""
    least = float(limits.success_rate)
    return sample.rate < least and wilson(sample, float(limits.confidence)).high < least


def escalates_too_often(escalated: Sample, limits: Limits) -> bool:
    """Return whether the share of escalated tasks is significantly above ``escalation_rate``."""
    return wilson(escalated, float(limits.confidence)).low > limits.escalation_rate
