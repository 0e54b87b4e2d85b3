"""A process that says "ready", waits for its standard input to end, asks for an article as often as it may, and says
"admitted" each time.

Arguments: the store's folder, the authorization, how many tasks ask at once, and after how many articles the process
kills itself; 0: never.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed_server.accounts import Accounts, StoreGuard
from wikifeed_server.errors import QuotaExceededError

METHOD = "/wikifeed.v1.ArticleService/GetArticle"


async def main(folder, authorization, tasks, dies_after):
    async with Accounts(Path(folder)) as accounts, StoreGuard(accounts, required=True) as guard:
        request = GetArticleRequest(project="enwiki", title="Ada")
        count = 0

        async def ask():
            nonlocal count
            while True:
                caller = await guard.caller(authorization)
                try:
                    await guard.admit(caller, METHOD, request)
                except QuotaExceededError:
                    return
                count += 1
                print("admitted", flush=True)
                if count == int(dies_after):
                    os.kill(os.getpid(), signal.SIGKILL)

        await guard.caller(authorization)
        print("ready", flush=True)
        sys.stdin.read()
        await asyncio.gather(*(ask() for _ in range(int(tasks))))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
