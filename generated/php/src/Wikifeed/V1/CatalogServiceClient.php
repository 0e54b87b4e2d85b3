<?php
// GENERATED CODE -- DO NOT EDIT!

namespace Wikifeed\V1;

/**
 * CatalogService tells which projects, languages, namespaces and codes this server has articles of.
 * All lists are whole and in the order of their identifiers. NOT_FOUND where an identifier is not among them.
 */
class CatalogServiceClient extends \Grpc\BaseStub {

    /**
     * @param string $hostname hostname
     * @param array $opts channel options
     * @param \Grpc\Channel $channel (optional) re-use channel object
     */
    public function __construct($hostname, $opts, $channel = null) {
        parent::__construct($hostname, $opts, $channel);
    }

    /**
     * ListProjects returns all projects.
     * @param \Wikifeed\V1\ListProjectsRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function ListProjects(\Wikifeed\V1\ListProjectsRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.CatalogService/ListProjects',
        $argument,
        ['\Wikifeed\V1\ListProjectsResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * GetProject returns one project. NOT_FOUND with reason PROJECT_NOT_FOUND.
     * @param \Wikifeed\V1\GetProjectRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function GetProject(\Wikifeed\V1\GetProjectRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.CatalogService/GetProject',
        $argument,
        ['\Wikifeed\V1\GetProjectResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * ListLanguages returns the languages of all projects.
     * @param \Wikifeed\V1\ListLanguagesRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function ListLanguages(\Wikifeed\V1\ListLanguagesRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.CatalogService/ListLanguages',
        $argument,
        ['\Wikifeed\V1\ListLanguagesResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * GetLanguage returns one language. NOT_FOUND with reason LANGUAGE_NOT_FOUND.
     * @param \Wikifeed\V1\GetLanguageRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function GetLanguage(\Wikifeed\V1\GetLanguageRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.CatalogService/GetLanguage',
        $argument,
        ['\Wikifeed\V1\GetLanguageResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * ListNamespaces returns the namespaces of one project or of all.
     * @param \Wikifeed\V1\ListNamespacesRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function ListNamespaces(\Wikifeed\V1\ListNamespacesRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.CatalogService/ListNamespaces',
        $argument,
        ['\Wikifeed\V1\ListNamespacesResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * GetNamespace returns one namespace. NOT_FOUND with reason NAMESPACE_NOT_FOUND.
     * @param \Wikifeed\V1\GetNamespaceRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function GetNamespace(\Wikifeed\V1\GetNamespaceRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.CatalogService/GetNamespace',
        $argument,
        ['\Wikifeed\V1\GetNamespaceResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * ListCodes returns the kinds of projects.
     * @param \Wikifeed\V1\ListCodesRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function ListCodes(\Wikifeed\V1\ListCodesRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.CatalogService/ListCodes',
        $argument,
        ['\Wikifeed\V1\ListCodesResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * GetCode returns one kind of project. NOT_FOUND with reason CODE_NOT_FOUND.
     * @param \Wikifeed\V1\GetCodeRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function GetCode(\Wikifeed\V1\GetCodeRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.CatalogService/GetCode',
        $argument,
        ['\Wikifeed\V1\GetCodeResponse', 'decode'],
        $metadata, $options);
    }

}
