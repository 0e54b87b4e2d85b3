//! Articles on demand.

use async_stream::try_stream;
use futures_core::Stream;
use futures_util::StreamExt;
use prost_types::FieldMask;
use wikifeed_proto::v1::{
    get_article_request, get_structured_contents_request, Article, ArticleMatch, GetArticleRequest,
    GetStructuredContentsRequest, ListArticlesRequest, ListArticlesResponse, LookupArticlesRequest,
};

use crate::client::{ask, Client};
use crate::error::{Error, Result};

/// A page, by its title or its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Page {
    /// The title, with its namespace's prefix.
    Title(String),
    /// The page id.
    Id(i64),
}

impl From<&str> for Page {
    fn from(title: &str) -> Self {
        Page::Title(title.to_owned())
    }
}

impl From<String> for Page {
    fn from(title: String) -> Self {
        Page::Title(title)
    }
}

impl From<i64> for Page {
    fn from(identifier: i64) -> Self {
        Page::Id(identifier)
    }
}

/// Which articles of a title [`Client::lookup`] finds. Empty fields let everything pass.
#[derive(Clone, Debug, Default)]
pub struct Lookup {
    /// Projects to look in.
    pub projects: Vec<String>,
    /// Languages to look in.
    pub languages: Vec<String>,
    /// Namespaces to look in.
    pub namespaces: Vec<i64>,
    /// How many matches at most; 0 leaves it to the server.
    pub limit: i32,
    /// The fields to get, as dotted paths; none means all.
    pub fields: Vec<String>,
}

/// Which articles of a project [`Client::list`] gives.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// Namespaces; none means all.
    pub namespaces: Vec<i64>,
    /// The fields to get, as dotted paths; none means all.
    pub fields: Vec<String>,
    /// How many articles come in an answer; 0 leaves it to the server.
    pub page_size: i32,
}

impl Client {
    /// One article, whole.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is none: `deleted_at` tells that there was one.
    pub async fn get(&self, project: &str, page: impl Into<Page>) -> Result<Article> {
        self.get_fields(project, page, &[]).await
    }

    /// One article, with these fields ("name", "version.editor.name") and no others.
    ///
    /// # Errors
    ///
    /// As [`Client::get`], and [`Error::InvalidRequest`] for a path that is no field.
    pub async fn get_fields(&self, project: &str, page: impl Into<Page>, fields: &[&str]) -> Result<Article> {
        self.get_article(project, page.into(), None, fields).await
    }

    /// One article as it was at a revision, of those that the server keeps.
    ///
    /// # Errors
    ///
    /// As [`Client::get_fields`].
    pub async fn get_revision(
        &self,
        project: &str,
        page: impl Into<Page>,
        revision_id: i64,
        fields: &[&str],
    ) -> Result<Article> {
        self.get_article(project, page.into(), Some(revision_id), fields).await
    }

    async fn get_article(
        &self,
        project: &str,
        page: Page,
        revision_id: Option<i64>,
        fields: &[&str],
    ) -> Result<Article> {
        let key = match page {
            Page::Title(title) => get_article_request::Key::Title(title),
            Page::Id(identifier) => get_article_request::Key::PageId(identifier),
        };
        let request =
            GetArticleRequest { project: project.to_owned(), revision_id, key: Some(key), read_mask: mask(fields) };
        let answer = ask!(self, self.article_service(), get_article, request).await?;
        answer.article.ok_or_else(|| Error::DamagedData("the answer holds no article".to_owned()))
    }

    /// The structured contents of one article: infoboxes, sections, tables, references and what belongs to them.
    ///
    /// # Errors
    ///
    /// As [`Client::get_fields`].
    pub async fn structured(&self, project: &str, page: impl Into<Page>, fields: &[&str]) -> Result<Article> {
        self.get_structured(project, page.into(), None, fields).await
    }

    /// The structured contents of one article as it was at a revision, of those that the server keeps.
    ///
    /// # Errors
    ///
    /// As [`Client::get_fields`].
    pub async fn structured_revision(
        &self,
        project: &str,
        page: impl Into<Page>,
        revision_id: i64,
        fields: &[&str],
    ) -> Result<Article> {
        self.get_structured(project, page.into(), Some(revision_id), fields).await
    }

    async fn get_structured(
        &self,
        project: &str,
        page: Page,
        revision_id: Option<i64>,
        fields: &[&str],
    ) -> Result<Article> {
        let key = match page {
            Page::Title(title) => get_structured_contents_request::Key::Title(title),
            Page::Id(identifier) => get_structured_contents_request::Key::PageId(identifier),
        };
        let request = GetStructuredContentsRequest {
            project: project.to_owned(),
            revision_id,
            key: Some(key),
            read_mask: mask(fields),
        };
        let answer = ask!(self, self.article_service(), get_structured_contents, request).await?;
        answer.article.ok_or_else(|| Error::DamagedData("the answer holds no article".to_owned()))
    }

    /// The articles of a title in all projects.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where no project has one.
    pub async fn lookup(&self, title: &str, lookup: Lookup) -> Result<Vec<ArticleMatch>> {
        let request = LookupArticlesRequest {
            title: title.to_owned(),
            projects: lookup.projects,
            languages: lookup.languages,
            namespaces: lookup.namespaces,
            limit: lookup.limit,
            read_mask: owned_mask(lookup.fields),
        };
        let answer = ask!(self, self.article_service(), lookup_articles, request).await?;
        Ok(answer.matches)
    }

    /// All articles of a project, as of one moment.
    pub fn list(&self, project: &str, list: List) -> impl Stream<Item = Result<Article>> + Send + 'static {
        let mut pages = Box::pin(self.list_pages(project, list));
        try_stream! {
            while let Some(page) = pages.next().await {
                for article in page?.articles {
                    yield article;
                }
            }
        }
    }

    /// The same page after page, each with the offset as of which the list is exact.
    pub fn list_pages(
        &self,
        project: &str,
        list: List,
    ) -> impl Stream<Item = Result<ListArticlesResponse>> + Send + 'static {
        let client = self.clone();
        let mut request = ListArticlesRequest {
            project: project.to_owned(),
            namespaces: list.namespaces,
            page_size: list.page_size,
            read_mask: owned_mask(list.fields),
            ..Default::default()
        };
        try_stream! {
            loop {
                let page = ask!(client, client.article_service(), list_articles, request.clone()).await?;
                request.page_token.clone_from(&page.next_page_token);
                yield page;
                if request.page_token.is_empty() {
                    break;
                }
            }
        }
    }
}

pub(crate) fn mask(fields: &[&str]) -> Option<FieldMask> {
    owned_mask(fields.iter().map(|&field| field.to_owned()).collect())
}

pub(crate) fn owned_mask(paths: Vec<String>) -> Option<FieldMask> {
    (!paths.is_empty()).then_some(FieldMask { paths })
}
