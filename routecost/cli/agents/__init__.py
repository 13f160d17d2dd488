"""Tools for agents: what ``routecost mcp`` serves, and how a call is run within the folders it may read."""
