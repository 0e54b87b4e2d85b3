package wikifeed

import (
	"hash/crc32"
	"testing"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// FuzzPieces finds out whether the codec of pieces and protobuf's own ever differ.
func FuzzPieces(f *testing.F) {
	data := []byte("some bytes of a file")
	whole, err := proto.Marshal(&wikifeedv1.ExportSnapshotResponse{
		ChunkNumber: 3, Position: 7, Crc32C: crc32.Checksum(data, castagnoli), Sha256: "ab", Offset: 9, Data: data,
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{})
	f.Add(whole)
	f.Add(whole[:len(whole)-1])
	f.Add(append(whole, whole...))
	f.Add(protowire.AppendString(protowire.AppendTag(whole, 9_999, protowire.BytesType), "from the future"))
	f.Add(protowire.AppendVarint(protowire.AppendTag(nil, dataField, protowire.VarintType), 7))
	f.Add(protowire.AppendTag(nil, 5, protowire.EndGroupType))
	f.Add(protowire.AppendString(protowire.AppendTag(nil, 4, protowire.BytesType), "\xff"))
	f.Fuzz(func(t *testing.T, message []byte) {
		expectSame(t, message, &wikifeedv1.ExportSnapshotResponse{}, &wikifeedv1.ExportSnapshotResponse{})
		expectSame(t, message, &wikifeedv1.ExportBatchResponse{}, &wikifeedv1.ExportBatchResponse{})
	})
}

// expectSame decodes a message in both ways.
func expectSame(t *testing.T, message []byte, got, expected proto.Message) {
	t.Helper()
	codec := newPieceCodec()
	expectedErr := proto.Unmarshal(message, expected)
	// The second time into memory that holds what was decoded the first time.
	for range 2 {
		err := codec.Unmarshal(halves(message), got)
		if (err == nil) != (expectedErr == nil) {
			t.Fatalf("%v, not %v", err, expectedErr)
		}
		if err == nil && !proto.Equal(got, expected) {
			t.Fatalf("%v, not %v", got, expected)
		}
	}
}

func halves(message []byte) mem.BufferSlice {
	middle := len(message) / 2
	return mem.BufferSlice{mem.SliceBuffer(message[:middle]), mem.SliceBuffer(message[middle:])}
}
