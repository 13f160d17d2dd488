"""Costs of strategies in parts: by owner, task type, model and others."""
