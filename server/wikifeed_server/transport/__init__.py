"""How services are reached: each file binds the same handlers, bytes in and bytes out, to one way to carry them."""
