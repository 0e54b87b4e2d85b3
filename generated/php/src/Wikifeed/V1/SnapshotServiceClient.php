<?php
// GENERATED CODE -- DO NOT EDIT!

namespace Wikifeed\V1;

/**
 * SnapshotService gives whole projects, each snapshot exact at one offset of the log.
 */
class SnapshotServiceClient extends \Grpc\BaseStub {

    /**
     * @param string $hostname hostname
     * @param array $opts channel options
     * @param \Grpc\Channel $channel (optional) re-use channel object
     */
    public function __construct($hostname, $opts, $channel = null) {
        parent::__construct($hostname, $opts, $channel);
    }

    /**
     * ListSnapshots returns the snapshots that this server holds, newest first within each identifier.
     * @param \Wikifeed\V1\ListSnapshotsRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function ListSnapshots(\Wikifeed\V1\ListSnapshotsRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.SnapshotService/ListSnapshots',
        $argument,
        ['\Wikifeed\V1\ListSnapshotsResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * GetSnapshot returns one snapshot with its chunks. NOT_FOUND with reason SNAPSHOT_NOT_FOUND.
     * @param \Wikifeed\V1\GetSnapshotRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function GetSnapshot(\Wikifeed\V1\GetSnapshotRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.SnapshotService/GetSnapshot',
        $argument,
        ['\Wikifeed\V1\GetSnapshotResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * CreateSnapshot begins to write a snapshot as of the newest offset and returns at once with the state WRITING;
     * GetSnapshot with its identifier and offset tells how far it is. Where the same snapshot (same identifier and
     * offset) exists or is being written, that one is returned.
     * @param \Wikifeed\V1\CreateSnapshotRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function CreateSnapshot(\Wikifeed\V1\CreateSnapshotRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.SnapshotService/CreateSnapshot',
        $argument,
        ['\Wikifeed\V1\CreateSnapshotResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * ExportSnapshot sends the bytes of a snapshot's files, one chunk after the other.
     *
     * A client that was cut off goes on at any byte: first_chunk and start_position say where.
     * FAILED_PRECONDITION with reason SNAPSHOT_NOT_READY (metadata `articles_count`) while it is being written.
     * OUT_OF_RANGE with reason POSITION_BEYOND_END when start_position is greater than the file's size, or
     * the snapshot has no chunk of the number first_chunk.
     * @param \Wikifeed\V1\ExportSnapshotRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\ServerStreamingCall
     */
    public function ExportSnapshot(\Wikifeed\V1\ExportSnapshotRequest $argument,
      $metadata = [], $options = []) {
        return $this->_serverStreamRequest('/wikifeed.v1.SnapshotService/ExportSnapshot',
        $argument,
        ['\Wikifeed\V1\ExportSnapshotResponse', 'decode'],
        $metadata, $options);
    }

}
