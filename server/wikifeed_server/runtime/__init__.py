"""How the server runs: its settings, its life from start to stop, its log, and what to look at when it does not."""
