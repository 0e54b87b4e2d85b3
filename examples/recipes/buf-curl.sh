#!/usr/bin/env bash
# What Wikifeed answers, asked with buf (https://github.com/bufbuild/buf).
#
#   wikifeed serve &
#   examples/recipes/buf-curl.sh [HOST:PORT [PROJECT [TITLE]]]
set -euo pipefail

server=${1:-localhost:50051}
project=${2:-enwiki}
title=${3:-Anarchism}
contract=$(dirname "$0")/../../proto/released.binpb

call() {
    echo "--- $1 $2"
    buf curl --protocol grpc --http2-prior-knowledge "${@:3}" --data "$2" "http://$server/wikifeed.v1.$1"
}

buf curl --protocol grpc --http2-prior-knowledge --list-services "http://$server"

call ArticleService/GetArticle \
    "{\"project\": \"$project\", \"title\": \"$title\", \"read_mask\": \"name,abstract,version.editor\"}"
call ArticleService/ListArticles "{\"project\": \"$project\", \"page_size\": 3, \"read_mask\": \"name\"}"
# Where a server tells nothing of itself, the contract says what there is to ask.
call ChangeService/GetChangeLogInfo '{}' --schema "$contract"
# Without until_offset the stream goes on with each change as it happens.
call ChangeService/StreamChanges '{"after_offset": 0, "until_offset": 3, "no_body": true}' --schema "$contract"
