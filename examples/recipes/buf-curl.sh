#!/usr/bin/env bash
# What Wikifeed answers, asked with buf (https://github.com/bufbuild/buf).
#
#   wikifeed serve &
#   examples/recipes/buf-curl.sh [HOST:PORT [PROJECT [TITLE]]]
set -euo pipefail

server=${1:-localhost:50051}
project=${2:-enwiki}
title=${3:-Anarchism}

call() {
    echo "--- $1 $2"
    buf curl --protocol grpc --http2-prior-knowledge --data "$2" "http://$server/wikifeed.v1.$1"
}

# The server tells what there is to ask; --schema proto/released.binpb does it for one without reflection.
buf curl --protocol grpc --http2-prior-knowledge --list-services "http://$server"
buf curl --protocol grpc --http2-prior-knowledge --list-methods "http://$server"

call ArticleService/GetArticle \
    "{\"project\": \"$project\", \"title\": \"$title\", \"read_mask\": \"name,abstract,version.editor\"}"
call ArticleService/ListArticles "{\"project\": \"$project\", \"page_size\": 3, \"read_mask\": \"name\"}"
call ChangeService/GetChangeLogInfo '{}'
# Without until_offset the stream goes on with each change as it happens.
call ChangeService/StreamChanges '{"after_offset": 0, "until_offset": 3, "no_body": true}'
