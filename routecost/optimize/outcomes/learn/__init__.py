"""Choice of a policy from measured outcomes: fitted on one part of the queries, reported on another."""
