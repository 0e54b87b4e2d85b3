// Package wikifeed is a client of Wikifeed, a server that turns wikis into one machine-readable feed.
//
// [Dial] makes a [Client]. Its methods are the three ways to fetch:
//
//   - on demand: [Client.Get], [Client.Structured], [Client.BatchGet], [Client.Lookup], [Client.List]
//   - in realtime: [Client.Changes], which never repeats a change and never skips one however often the connection is
//     cut, and [Client.Subscribe], for which the server keeps the place
//   - as a whole: [Client.Export] writes a snapshot's files, [ReadArticles] reads them, and [Client.Mirror] keeps a copy
//     of a project: a snapshot first, then the changes from its offset; [Client.Batches] lists the changes of closed
//     hours as files, and [Client.ExportBatch] writes one
//
// Beside them, [Client.Projects] and [Client.ChangeLog] tell what the server has, and [Client.Account] and
// [Client.Usage] what it lets the caller do.
//
// # Iterators
//
// What comes one after the other comes as an [iter.Seq2] of values and errors. An error is the last pair of its
// iterator. Leaving the loop ends the call behind it.
//
// # Errors
//
// What the server refuses, and what does not reach it, is a [CallError], or one of the types that hold one and tell
// more: [NotFoundError], [InvalidRequestError], [CursorExpiredError], [QuotaExceededError], [UnauthenticatedError],
// [PermissionDeniedError], [UnavailableError]. Files that stay damaged are a [DamagedError]. All are found by
// [errors.As]. A context that ends makes its own error, found by [errors.Is].
package wikifeed
