"""A process that opens a stream, says "open", and then how it ended.

Arguments: the store's folder, the authorization.
"""

import asyncio
import sys
from pathlib import Path

from wikifeed_server.accounts import Accounts, StoreGuard
from wikifeed_server.errors import WikifeedError


async def main(folder, authorization):
    async with Accounts(Path(folder)) as accounts, StoreGuard(accounts, required=True) as guard:
        try:
            async with guard.stream(await guard.caller(authorization)):
                print("open", flush=True)
                await asyncio.Event().wait()
        except WikifeedError as error:
            print(error.reason, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
