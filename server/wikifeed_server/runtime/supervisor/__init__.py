"""The supervisor: the one process that a user starts, and that starts and ends all others of a server.

It never loads gRPC: it starts children all the time, and has to be small.
"""
