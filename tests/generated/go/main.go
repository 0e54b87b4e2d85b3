// Command talk calls a server with the generated stub alone, once in each way that there is, and prints what came.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	v1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

type talk struct {
	Name    string   `json:"name"`
	Offsets []uint64 `json:"offsets"`
	Code    int      `json:"code"`
	Reason  string   `json:"reason"`
	Taken   []uint64 `json:"delivered"`
	Kept    bool     `json:"kept"`
}

func main() {
	connection, err := grpc.NewClient(os.Args[1], grpc.WithTransportCredentials(insecure.NewCredentials()))
	check(err)
	ctx := context.Background()
	articles, changes := v1.NewArticleServiceClient(connection), v1.NewChangeServiceClient(connection)
	var told talk

	got, err := articles.GetArticle(ctx, byTitle("Anarchism"))
	check(err)
	told.Name = got.GetArticle().GetName()

	_, err = articles.GetArticle(ctx, byTitle("No such page"))
	failure := status.Convert(err)
	told.Code = int(failure.Code())
	for _, detail := range failure.Details() {
		if info, is := detail.(*errdetails.ErrorInfo); is {
			told.Reason = info.GetReason()
		}
	}

	stream, err := changes.StreamChanges(ctx, &v1.StreamChangesRequest{
		Start:       &v1.StreamChangesRequest_AfterOffset{AfterOffset: 0},
		UntilOffset: 3,
	})
	check(err)
	for response, err := stream.Recv(); !errors.Is(err, io.EOF); response, err = stream.Recv() {
		check(err)
		for _, change := range response.GetChanges() {
			told.Offsets = append(told.Offsets, change.GetOffset())
		}
	}

	told.Taken = subscribe(ctx, changes)
	told.Kept = keepsUnknownFields()
	text, err := json.Marshal(told)
	check(err)
	fmt.Println(string(text))
}

func byTitle(title string) *v1.GetArticleRequest {
	return &v1.GetArticleRequest{Project: "enwiki", Key: &v1.GetArticleRequest_Title{Title: title}}
}

func subscribe(ctx context.Context, changes v1.ChangeServiceClient) (taken []uint64) {
	call, err := changes.Subscribe(ctx)
	check(err)
	open := &v1.OpenSubscription{
		Name: os.Args[2], MaxBatchSize: 1, Start: &v1.OpenSubscription_AfterOffset{AfterOffset: 0},
	}
	check(call.Send(&v1.SubscribeRequest{Action: &v1.SubscribeRequest_Open{Open: open}}))
	for taken == nil {
		response, err := call.Recv()
		check(err)
		if response.GetDeliveryId() > 0 {
			for _, change := range response.GetChanges() {
				taken = append(taken, change.GetOffset())
			}
			acknowledge := &v1.SubscribeRequest_Acknowledge{Acknowledge: response.GetDeliveryId()}
			check(call.Send(&v1.SubscribeRequest{Action: acknowledge}))
		}
	}
	check(call.CloseSend())
	for err == nil {
		_, err = call.Recv()
	}
	return taken
}

// keepsUnknownFields says whether a field of a later contract survives being read and written.
func keepsUnknownFields() bool {
	later := []byte{0xd2, 0xb2, 0x04, 0x05, 'l', 'a', 't', 'e', 'r'}
	article := &v1.Article{}
	check(proto.Unmarshal(later, article))
	written, err := proto.Marshal(article)
	check(err)
	return string(written) == string(later)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
