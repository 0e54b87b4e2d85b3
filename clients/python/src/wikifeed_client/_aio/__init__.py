"""The client for asyncio: the core's decisions, carried out with grpc.aio."""
