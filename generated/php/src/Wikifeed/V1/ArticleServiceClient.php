<?php
// GENERATED CODE -- DO NOT EDIT!

namespace Wikifeed\V1;

/**
 * ArticleService answers what articles say now.
 *
 * Every read_mask names fields of Article by dotted paths ("name", "version.editor.name", "article_body.wikitext"); an
 * empty mask means the whole article; an unknown path is INVALID_ARGUMENT. In titles, underscores are spaces and the
 * first letter's case follows the project's rule, as in MediaWiki.
 */
class ArticleServiceClient extends \Grpc\BaseStub {

    /**
     * @param string $hostname hostname
     * @param array $opts channel options
     * @param \Grpc\Channel $channel (optional) re-use channel object
     */
    public function __construct($hostname, $opts, $channel = null) {
        parent::__construct($hostname, $opts, $channel);
    }

    /**
     * GetArticle returns one article. A redirect is followed and reported.
     *
     * NOT_FOUND with reason ARTICLE_NOT_FOUND when the project has no such page or revision, ARTICLE_DELETED when the
     * page was deleted (metadata `deleted_at`), PROJECT_NOT_FOUND when this server has no such project,
     * REDIRECT_TARGET_NOT_FOUND when the page leads to one that this server does not have.
     * @param \Wikifeed\V1\GetArticleRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function GetArticle(\Wikifeed\V1\GetArticleRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.ArticleService/GetArticle',
        $argument,
        ['\Wikifeed\V1\GetArticleResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * GetStructuredContents returns the structured contents of one article: the Article with these fields and no others,
     * those that Wikimedia Enterprise's structured contents have: name, identifier, abstract, description, version,
     * event, url, date_created, date_modified, main_entity, is_part_of, additional_entities, in_language, image,
     * visibility, license, infoboxes, sections, references, tables, attribution. A redirect is followed and reported.
     *
     * Errors are those of GetArticle. A page of which nothing structured is known is answered without those fields.
     * @param \Wikifeed\V1\GetStructuredContentsRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function GetStructuredContents(\Wikifeed\V1\GetStructuredContentsRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.ArticleService/GetStructuredContents',
        $argument,
        ['\Wikifeed\V1\GetStructuredContentsResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * BatchGetArticles returns many articles, each with an outcome of its own; one missing article fails nothing else.
     * Outcomes come in the order of the keys, several in a response.
     * @param \Wikifeed\V1\BatchGetArticlesRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\ServerStreamingCall
     */
    public function BatchGetArticles(\Wikifeed\V1\BatchGetArticlesRequest $argument,
      $metadata = [], $options = []) {
        return $this->_serverStreamRequest('/wikifeed.v1.ArticleService/BatchGetArticles',
        $argument,
        ['\Wikifeed\V1\BatchGetArticlesResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * LookupArticles returns the articles that bear one title, across all projects.
     * @param \Wikifeed\V1\LookupArticlesRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function LookupArticles(\Wikifeed\V1\LookupArticlesRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.ArticleService/LookupArticles',
        $argument,
        ['\Wikifeed\V1\LookupArticlesResponse', 'decode'],
        $metadata, $options);
    }

    /**
     * ListArticles returns a project's articles in the order of their page ids, without redirect pages and deleted ones.
     * All pages of one listing show the project as of the same offset.
     * @param \Wikifeed\V1\ListArticlesRequest $argument input argument
     * @param array $metadata metadata
     * @param array $options call options
     * @return \Grpc\UnaryCall
     */
    public function ListArticles(\Wikifeed\V1\ListArticlesRequest $argument,
      $metadata = [], $options = []) {
        return $this->_simpleRequest('/wikifeed.v1.ArticleService/ListArticles',
        $argument,
        ['\Wikifeed\V1\ListArticlesResponse', 'decode'],
        $metadata, $options);
    }

}
