//! Many articles on demand, in as many calls as that takes.

use std::pin::Pin;

use async_stream::try_stream;
use futures_core::Stream;
use tokio::time::timeout;
use wikifeed_proto::v1::{article_key, article_outcome, Article, ArticleKey, ArticleOutcome, BatchGetArticlesRequest};

use crate::articles::{mask, Page};
use crate::client::Client;
use crate::error::{error_of_status, Error, Result};
use crate::reconnecting::Backoff;

/// How many keys a call may have.
const BATCH_KEYS: usize = 10_000;
const TRIES: u32 = 4;

/// What became of one key of [`Client::batch_get`].
#[derive(Debug)]
pub struct Outcome {
    /// Which key: counted from 0, in the order in which they were given.
    pub index: usize,
    /// The article, or why there is none.
    pub article: Result<Article>,
    /// The title of the redirect that led to it; empty where none did.
    pub redirected_from: String,
}

impl Client {
    /// Many articles, however many: an outcome for each key, in the order of the keys. It goes on where a call is cut.
    ///
    /// Keys are pairs of a project and a title, a page id, or a [`Page`] where there are both.
    pub fn batch_get<Project: Into<String>, P: Into<Page>>(
        &self,
        keys: impl IntoIterator<Item = (Project, P)>,
        fields: &[&str],
    ) -> Pin<Box<dyn Stream<Item = Result<Outcome>> + Send>> {
        let keys: Vec<ArticleKey> =
            keys.into_iter().map(|(project, page)| article_key(project.into(), page.into())).collect();
        let (client, mask) = (self.clone(), mask(fields));
        Box::pin(try_stream! {
            let silence = client.reconnecting.silence;
            let mut backoff = Backoff::new(client.reconnecting);
            let mut done = 0;
            while done < keys.len() {
                let first = done;
                let part = keys[first..keys.len().min(first + BATCH_KEYS)].to_vec();
                let last = first + part.len();
                let request = BatchGetArticlesRequest { keys: part, read_mask: mask.clone() };
                let ended: Result<()> = 'call: {
                    let mut service = client.article_service();
                    let mut responses = match timeout(silence, service.batch_get_articles(request)).await {
                        Ok(Ok(answer)) => answer.into_inner(),
                        Ok(Err(status)) => break 'call Err(status.into()),
                        Err(_) => break 'call Err(Error::silent("the server fell silent")),
                    };
                    loop {
                        match timeout(silence, responses.message()).await {
                            Ok(Ok(Some(response))) => {
                                backoff.reset();
                                for outcome in response.outcomes {
                                    done += 1;
                                    yield made(outcome, first);
                                }
                            }
                            Ok(Ok(None)) => break 'call Ok(()),
                            Ok(Err(status)) => break 'call Err(status.into()),
                            Err(_) => break 'call Err(Error::silent("the server fell silent")),
                        }
                    }
                };
                match ended {
                    Ok(()) if done >= last => {}
                    Err(error) if !error.is_passing() || backoff.tries + 1 >= TRIES => Err(error)?,
                    Ok(()) if backoff.tries + 1 >= TRIES => Err(Error::silent("the answer ended early"))?,
                    _ => tokio::time::sleep(backoff.wait()).await,
                }
            }
        })
    }
}

fn article_key(project: String, page: Page) -> ArticleKey {
    let key = match page {
        Page::Title(title) => article_key::Key::Title(title),
        Page::Id(identifier) => article_key::Key::PageId(identifier),
    };
    ArticleKey { project, key: Some(key) }
}

fn made(outcome: ArticleOutcome, first: usize) -> Outcome {
    let article = match outcome.outcome {
        Some(article_outcome::Outcome::Article(article)) => Ok(article),
        Some(article_outcome::Outcome::Error(status)) => Err(error_of_status(&status)),
        None => Err(Error::DamagedData("the answer tells nothing of a key".to_owned())),
    };
    let index = first + usize::try_from(outcome.index).unwrap_or_default();
    Outcome { index, article, redirected_from: outcome.redirected_from }
}
