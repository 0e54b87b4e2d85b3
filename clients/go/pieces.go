package wikifeed

import (
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	protobuf "google.golang.org/protobuf/proto"
)

// piece is a message of an export, whatever it is of.
type piece interface {
	GetChunkNumber() int32
	GetPosition() int64
	GetCrc32C() uint32
	GetData() []byte
}

// batchPiece is a piece of a batch, which is one file.
type batchPiece struct {
	*wikifeedv1.ExportBatchResponse
}

func (batchPiece) GetChunkNumber() int32 { return 0 }

// pieceCodec decodes the pieces of one stream of an export, each into the memory of the one before: an export is little
// but bytes, and gRPC's own codec copies them twice, into memory that it clears first. Everything else is left to that.
type pieceCodec struct {
	encoding.CodecV2
	message []byte
	rest    []byte
}

func newPieceCodec() *pieceCodec {
	return &pieceCodec{CodecV2: encoding.GetCodecV2(proto.Name)}
}

// dataField is the same in both messages, as all their fields are.
var dataField = (&wikifeedv1.ExportSnapshotResponse{}).ProtoReflect().Descriptor().Fields().ByName("data").Number()

// dataOf is where a piece has its data; nil where the message is no piece.
func dataOf(message any) *[]byte {
	switch message := message.(type) {
	case *wikifeedv1.ExportSnapshotResponse:
		return &message.Data
	case *wikifeedv1.ExportBatchResponse:
		return &message.Data
	}
	return nil
}

// Unmarshal decodes a piece, whose data is good until the next one.
func (c *pieceCodec) Unmarshal(from mem.BufferSlice, into any) error {
	decoded := dataOf(into)
	if decoded == nil {
		return c.CodecV2.Unmarshal(from, into)
	}
	size := from.Len()
	if cap(c.message) < size {
		c.message = make([]byte, size)
	}
	left := c.message[:size]
	from.CopyTo(left)
	c.rest = c.rest[:0]
	var data []byte
	for len(left) > 0 {
		number, kind, length := protowire.ConsumeTag(left)
		if length < 0 {
			return protowire.ParseError(length)
		}
		value := protowire.ConsumeFieldValue(number, kind, left[length:])
		if value < 0 {
			return protowire.ParseError(value)
		}
		if number == dataField && kind == protowire.BytesType {
			data, _ = protowire.ConsumeBytes(left[length:])
		} else {
			c.rest = append(c.rest, left[:length+value]...)
		}
		left = left[length+value:]
	}
	if err := protobuf.Unmarshal(c.rest, into.(protobuf.Message)); err != nil {
		return err
	}
	*decoded = data
	return nil
}
