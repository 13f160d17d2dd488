"""New fleets: a scenario, a routing table with its taxonomy, and a CI job."""
