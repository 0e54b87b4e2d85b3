"""The `wikifeed` command: a thin skin over the other rooms. Results go to stdout, everything else to stderr."""
