<?php
// GENERATED CODE -- DO NOT EDIT!

namespace Wikifeed\V1;

/**
 * AccountService is what accounts can do for themselves. Who runs the server makes and changes accounts and plans, at
 * the command line.
 *
 * Calls show who makes them in metadata: "authorization: Bearer " and an access token or an API key. CreateSession,
 * RefreshSession and DeleteSession need none, ListPlans needs one where the server asks it of all calls; the other
 * methods are about the account that calls, and UNAUTHENTICATED with reason CREDENTIALS_INVALID without one. No plan
 * counts or refuses these calls.
 */
class AccountServiceClient extends \Grpc\BaseStub {

    /**
     * @param string $hostname hostname
     * @param array $opts channel options
     * @param \Grpc\Channel $channel (optional) re-use channel object
     */
    public function __construct($hostname, $opts, $channel = null) {
        parent::__construct($hostname, $opts, $channel);
    }

    /**
     * CreateSession gives tokens for a password. UNAUTHENTICATED with reason CREDENTIALS_INVALID: there is no such
     * account, it has another password or none, or it is disabled; which of these is not told. RESOURCE_EXHAUSTED with
     * reason TOO_MANY_TRIES and RetryInfo: too many wrong passwords came of late.
     * @param \Wikifeed\V1\CreateSessionRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function CreateSession(\Wikifeed\V1\CreateSessionRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.AccountService/CreateSession',
        $argument,
        ['\Wikifeed\V1\CreateSessionResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * RefreshSession gives further tokens for a refresh token. UNAUTHENTICATED with reason CREDENTIALS_INVALID: it is
     * expired or revoked, or its account is disabled.
     * @param \Wikifeed\V1\RefreshSessionRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function RefreshSession(\Wikifeed\V1\RefreshSessionRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.AccountService/RefreshSession',
        $argument,
        ['\Wikifeed\V1\RefreshSessionResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * DeleteSession revokes a refresh token and all access tokens that it gave. Streams opened with these end within 5
     * seconds. A token that is not good (any more) is no error.
     * @param \Wikifeed\V1\DeleteSessionRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function DeleteSession(\Wikifeed\V1\DeleteSessionRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.AccountService/DeleteSession',
        $argument,
        ['\Wikifeed\V1\DeleteSessionResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * ChangePassword sets a new password and revokes all tokens of the account; keys stay. UNAUTHENTICATED with reason
     * CREDENTIALS_INVALID: the old password is another. RESOURCE_EXHAUSTED as above.
     * @param \Wikifeed\V1\ChangePasswordRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function ChangePassword(\Wikifeed\V1\ChangePasswordRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.AccountService/ChangePassword',
        $argument,
        ['\Wikifeed\V1\ChangePasswordResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * GetAccount returns the account that calls, and what is left to it this month.
     * @param \Wikifeed\V1\GetAccountRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function GetAccount(\Wikifeed\V1\GetAccountRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.AccountService/GetAccount',
        $argument,
        ['\Wikifeed\V1\GetAccountResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * ListUsage returns what the account that calls used, by day.
     * @param \Wikifeed\V1\ListUsageRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function ListUsage(\Wikifeed\V1\ListUsageRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.AccountService/ListUsage',
        $argument,
        ['\Wikifeed\V1\ListUsageResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * CreateKey makes an API key of the account that calls. The key itself is in this response and nowhere else: the
     * server does not keep it.
     * @param \Wikifeed\V1\CreateKeyRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function CreateKey(\Wikifeed\V1\CreateKeyRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.AccountService/CreateKey',
        $argument,
        ['\Wikifeed\V1\CreateKeyResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * ListKeys returns the keys of the account that calls, the oldest first. The list is whole.
     * @param \Wikifeed\V1\ListKeysRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function ListKeys(\Wikifeed\V1\ListKeysRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.AccountService/ListKeys',
        $argument,
        ['\Wikifeed\V1\ListKeysResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * DeleteKey revokes a key of the account that calls. Streams opened with it end within 5 seconds. NOT_FOUND with
     * reason KEY_NOT_FOUND.
     * @param \Wikifeed\V1\DeleteKeyRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function DeleteKey(\Wikifeed\V1\DeleteKeyRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.AccountService/DeleteKey',
        $argument,
        ['\Wikifeed\V1\DeleteKeyResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * ListPlans returns the server's plans in the order of their identifiers. The list is whole.
     * @param \Wikifeed\V1\ListPlansRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function ListPlans(\Wikifeed\V1\ListPlansRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.AccountService/ListPlans',
        $argument,
        ['\Wikifeed\V1\ListPlansResponse', 'decode'],
        $metadata, $options);
    }

}
