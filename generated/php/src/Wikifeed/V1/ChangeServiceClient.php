<?php
// GENERATED CODE -- DO NOT EDIT!

namespace Wikifeed\V1;

/**
 * ChangeService answers what changed.
 */
class ChangeServiceClient extends \Grpc\BaseStub {

    /**
     * @param string $hostname hostname
     * @param array $opts channel options
     * @param \Grpc\Channel $channel (optional) re-use channel object
     */
    public function __construct($hostname, $opts, $channel = null) {
        parent::__construct($hostname, $opts, $channel);
    }

    /**
     * StreamChanges sends the log's changes that pass the filters, in the order of their offsets, from the start that
     * the request names, first those of the past and then each as it happens, until the client ends the call.
     *
     * Each change is sent exactly once on a stream. A client that was cut off goes on without loss or repeat by
     * asking for after_offset = the last response's through_offset.
     *
     * OUT_OF_RANGE with reason OFFSET_EXPIRED when the start is older than the log keeps (metadata `oldest_offset`: a
     * start after oldest_offset - 1 works; `snapshot_identifier` and `snapshot_offset`: the newest snapshot of the first
     * project asked for from which the stream can go on, where there is one), OFFSET_IN_FUTURE when it is beyond the
     * newest (metadata `newest_offset`).
     * UNAVAILABLE with reason SERVER_STOPPING (metadata `through_offset`) when the server stops: connect again.
     * RESOURCE_EXHAUSTED with reason SUBSCRIBER_STALLED (metadata `through_offset`) when the client took nothing for so
     * long that the server gives it up: connect again, and read.
     * @param \Wikifeed\V1\StreamChangesRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\ServerStreamingCall
     */
    public function StreamChanges(\Wikifeed\V1\StreamChangesRequest $argument,
      $metadata = [], $options = []) {
        return $this->_serverStreamRequest('/wikifeed.v1.ChangeService/StreamChanges',
        $argument,
        ['\Wikifeed\V1\StreamChangesResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * Subscribe opens a durable subscription by its name. The server keeps what was acknowledged, so that a client that
     * lost everything but the name goes on where it was.
     *
     * The first request is `open`; every later one is another action. Each change that passes the filter is delivered at
     * least once; the changes of a page come in the order of their offsets. Those that were delivered but not
     * acknowledged when a client goes away are delivered again. Several clients on one name share the work by page: all
     * changes of a page go to the same client until the shares move, and none is delivered to another client before what
     * the first one holds of that page is acknowledged or the first one is gone.
     *
     * Errors as of StreamChanges: OFFSET_EXPIRED where the log no longer keeps what follows the acknowledged offset.
     * FAILED_PRECONDITION with reason SUBSCRIPTION_FULL when the name has as many clients as may share one.
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\BidiStreamingCall
     */
    public function Subscribe($metadata = [], $options = []) {
        return $this->_bidiRequest('/wikifeed.v1.ChangeService/Subscribe',
        ['\Wikifeed\V1\SubscribeResponse','decode'],
        $metadata, $options);
    }

    /**
     * GetSubscription tells how far a subscription is. NOT_FOUND with reason SUBSCRIPTION_NOT_FOUND.
     * @param \Wikifeed\V1\GetSubscriptionRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function GetSubscription(\Wikifeed\V1\GetSubscriptionRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.ChangeService/GetSubscription',
        $argument,
        ['\Wikifeed\V1\GetSubscriptionResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * ListSubscriptions returns all subscriptions in the order of their names.
     * @param \Wikifeed\V1\ListSubscriptionsRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function ListSubscriptions(\Wikifeed\V1\ListSubscriptionsRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.ChangeService/ListSubscriptions',
        $argument,
        ['\Wikifeed\V1\ListSubscriptionsResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * DeleteSubscription forgets a subscription; its clients' calls end with NOT_FOUND, reason SUBSCRIPTION_NOT_FOUND.
     * @param \Wikifeed\V1\DeleteSubscriptionRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function DeleteSubscription(\Wikifeed\V1\DeleteSubscriptionRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.ChangeService/DeleteSubscription',
        $argument,
        ['\Wikifeed\V1\DeleteSubscriptionResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * GetChangeLogInfo tells which offsets and times the log holds, and how long it keeps them.
     * @param \Wikifeed\V1\GetChangeLogInfoRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function GetChangeLogInfo(\Wikifeed\V1\GetChangeLogInfoRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.ChangeService/GetChangeLogInfo',
        $argument,
        ['\Wikifeed\V1\GetChangeLogInfoResponse', 'decode'],
        $metadata, $options);
    }

}
