"""One module for each RPC service: requests in, serialized responses out, errors from `errors`.

A unary method is `async def GetArticle(self, request: GetArticleRequest) -> bytes`; one that streams its responses is
an async generator, `def StreamChanges(self, request: StreamChangesRequest) -> AsyncGenerator[bytes, None]`. Requests
have passed the contract's validation rules, and no service changes one, since it may be handed out again. Nothing of a
transport comes in here, and no engine of the store.
"""
