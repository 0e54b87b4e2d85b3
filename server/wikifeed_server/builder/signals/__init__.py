"""What is worth knowing of a revision beyond its contents: pure functions of facts and texts, one module for each.

`diff` compares with the revision before, `word_lists` are the lists that it knows words by, `breaking_news` tells news
that is breaking, `reverts` what an edit undid, `editor` and `scores` bring facts into the contract's form.
"""
