<?php
// GENERATED CODE -- DO NOT EDIT!

namespace Wikifeed\V1;

/**
 * BatchService gives the changes of each closed hour as files: equal to the log of that hour.
 */
class BatchServiceClient extends \Grpc\BaseStub {

    /**
     * @param string $hostname hostname
     * @param array $opts channel options
     * @param \Grpc\Channel $channel (optional) re-use channel object
     */
    public function __construct($hostname, $opts, $channel = null) {
        parent::__construct($hostname, $opts, $channel);
    }

    /**
     * ListBatches returns the batches that this server holds, the newest hour first, by identifier within each.
     * @param \Wikifeed\V1\ListBatchesRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function ListBatches(\Wikifeed\V1\ListBatchesRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.BatchService/ListBatches',
        $argument,
        ['\Wikifeed\V1\ListBatchesResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * GetBatch returns one batch. NOT_FOUND with reason BATCH_NOT_FOUND: the hour is not over and its grace with it, it
     * is older than batches are kept, or nothing changed there in that hour.
     * @param \Wikifeed\V1\GetBatchRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function GetBatch(\Wikifeed\V1\GetBatchRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.BatchService/GetBatch',
        $argument,
        ['\Wikifeed\V1\GetBatchResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * ExportBatch sends the bytes of a batch's file. A client that was cut off goes on at any byte: start_position.
     * NOT_FOUND as above. OUT_OF_RANGE with reason POSITION_BEYOND_END when start_position is greater than the file's
     * size.
     * @param \Wikifeed\V1\ExportBatchRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\ServerStreamingCall
     */
    public function ExportBatch(\Wikifeed\V1\ExportBatchRequest $argument,
      $metadata = [], $options = []) {
        return $this->_serverStreamRequest('/wikifeed.v1.BatchService/ExportBatch',
        $argument,
        ['\Wikifeed\V1\ExportBatchResponse', 'decode'],
        $metadata, $options);
    }

}
