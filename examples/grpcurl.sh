#!/usr/bin/env bash
# What Wikifeed answers, asked with grpcurl (https://github.com/fullstorydev/grpcurl). Reflection is on: no protos needed.
#
#   wikifeed serve &
#   examples/grpcurl.sh [HOST:PORT [PROJECT [TITLE]]]
set -euo pipefail

server=${1:-localhost:50051}
project=${2:-enwiki}
title=${3:-Anarchism}

call() {
    echo "--- $1 $2"
    grpcurl -plaintext -max-msg-sz 67108864 -d "$2" "$server" "wikifeed.v1.$1"
}

grpcurl -plaintext "$server" list
grpcurl -plaintext "$server" describe wikifeed.v1.ArticleService

call ArticleService/GetArticle \
    "{\"project\": \"$project\", \"title\": \"$title\", \"read_mask\": {\"paths\": [\"name\", \"abstract\", \"version.editor\"]}}"
call ArticleService/LookupArticles "{\"title\": \"$title\", \"read_mask\": {\"paths\": [\"name\", \"url\"]}}"
call ArticleService/ListArticles "{\"project\": \"$project\", \"page_size\": 3, \"read_mask\": {\"paths\": [\"name\"]}}"
call CatalogService/ListProjects '{}'
call ChangeService/GetChangeLogInfo '{}'
# Without until_offset the stream goes on with each change as it happens.
call ChangeService/StreamChanges '{"after_offset": 0, "until_offset": 3, "no_body": true}'
call SnapshotService/CreateSnapshot "{\"project\": \"$project\", \"namespace\": 0}"
call SnapshotService/ListSnapshots '{}'

# Is it well? Of the server as a whole without a service's name.
grpcurl -plaintext "$server" grpc.health.v1.Health/Check
grpcurl -plaintext -d '{"service": "wikifeed.v1.ArticleService"}' "$server" grpc.health.v1.Health/Check
