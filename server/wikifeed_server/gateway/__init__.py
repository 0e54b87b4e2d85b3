"""Wikimedia Enterprise's HTTP API, and the status page, over the same services as gRPC."""

from wikifeed_server.gateway.application import gateway_application as gateway_application
from wikifeed_server.gateway.listening import RunningGateway as RunningGateway
from wikifeed_server.gateway.listening import start_gateway as start_gateway
from wikifeed_server.gateway.options import GatewayOptions as GatewayOptions
from wikifeed_server.gateway.parts import Parts as Parts
