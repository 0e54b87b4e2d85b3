package wikifeed

import (
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	protobuf "google.golang.org/protobuf/proto"
)

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

var dataField = (&wikifeedv1.ExportSnapshotResponse{}).ProtoReflect().Descriptor().Fields().ByName("data").Number()

// Unmarshal decodes a piece, whose data is good until the next one.
func (c *pieceCodec) Unmarshal(from mem.BufferSlice, into any) error {
	piece, isPiece := into.(*wikifeedv1.ExportSnapshotResponse)
	if !isPiece {
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
	if err := protobuf.Unmarshal(c.rest, piece); err != nil {
		return err
	}
	piece.Data = data
	return nil
}
