"""`python -m wikifeed_server.cli` is `wikifeed`."""

from wikifeed_server.cli.main import main

main()
