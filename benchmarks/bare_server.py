"""What grpc.aio and uvloop cost by themselves: a server that answers each call with bytes made beforehand.

    python benchmarks/bare_server.py PATH=BYTESxCOUNT...

It answers a call of PATH ("/package.Service/Method") with COUNT messages of BYTES bytes, as `cpp/constants_server.cpp`
does, with the allocator and the options of gRPC that `wikifeed serve` has. It prints the address it listens on.
"""

import sys
from collections.abc import Mapping

import grpc
import uvloop

from wikifeed_server.runtime.memory import keep_freed_memory
from wikifeed_server.transport.options import ServerOptions


def handler(size: int, count: int) -> grpc.RpcMethodHandler:
    """A handler that answers with `count` messages of `size` bytes."""
    message = bytes(size)

    async def get(request: bytes, context: grpc.aio.ServicerContext) -> bytes:
        return message

    async def send(request: bytes, context: grpc.aio.ServicerContext) -> None:
        for _ in range(count):
            await context.write(message)

    return grpc.unary_unary_rpc_method_handler(get) if count == 1 else grpc.unary_stream_rpc_method_handler(send)


class _Handlers(grpc.GenericRpcHandler):
    def __init__(self, handlers: Mapping[str, grpc.RpcMethodHandler]) -> None:
        self._handlers = handlers

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        return self._handlers.get(handler_call_details.method)


async def serve(handlers: Mapping[str, grpc.RpcMethodHandler]) -> None:
    """Serve until the process is ended."""
    server = grpc.aio.server(options=ServerOptions().as_channel_arguments())
    server.add_generic_rpc_handlers((_Handlers(handlers),))
    print(f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}", flush=True)
    await server.start()
    await server.wait_for_termination()


def main() -> None:
    """Run the command line."""
    answers = {}
    for argument in sys.argv[1:]:
        path, _, answer = argument.partition("=")
        size, _, count = answer.partition("x")
        answers[path] = handler(int(size), int(count))
    keep_freed_memory()
    uvloop.run(serve(answers))


if __name__ == "__main__":
    main()
