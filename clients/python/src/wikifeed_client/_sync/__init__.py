"""The client for threads: the core's decisions, carried out with grpc."""
