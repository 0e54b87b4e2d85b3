#!/usr/bin/env bash
# How many calls a second Wikifeed answers, and how fast, measured with ghz (https://github.com/bojand/ghz).
#
#   wikifeed serve &
#   examples/recipes/ghz.sh [HOST:PORT [PROJECT [TITLE]]]
#
# CALLS and AT_ONCE say how many calls to make (2000), and how many of them at once (20).
set -euo pipefail

server=${1:-localhost:50051}
project=${2:-enwiki}
title=${3:-Anarchism}

measure() {
    echo "--- $1 $2"
    ghz --insecure --total "${CALLS:-2000}" --concurrency "${AT_ONCE:-20}" --max-recv-message-size 64MB \
        --call "wikifeed.v1.$1" --data "$2" "$server"
}

measure ArticleService.GetArticle "{\"project\": \"$project\", \"title\": \"$title\"}"
measure ArticleService.LookupArticles "{\"title\": \"$title\", \"read_mask\": {\"paths\": [\"name\"]}}"
# A stream counts as one call, from its opening to its end.
measure ChangeService.StreamChanges '{"after_offset": 0, "until_offset": 30, "no_body": true}'
