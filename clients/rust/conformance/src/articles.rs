//! The actions that get articles on demand.

use std::pin::pin;

use futures_util::StreamExt;
use serde::Deserialize;
use wikifeed_client::{Client, List, Lookup, Page, Result};

use crate::errors::described;
use crate::observation::Observation;
use crate::words::borrowed;

#[derive(Deserialize)]
pub struct Get {
    project: String,
    title: Option<String>,
    page_id: Option<i64>,
    #[serde(default)]
    read_mask: Vec<String>,
}

impl Get {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let page = match (&self.title, self.page_id) {
            (Some(title), _) => Page::from(title.as_str()),
            (None, identifier) => Page::from(identifier.unwrap_or_default()),
        };
        seen.names.push(client.get_fields(&self.project, page, &borrowed(&self.read_mask)).await?.name);
        Ok(())
    }
}

#[derive(Deserialize)]
pub struct BatchGet {
    project: String,
    titles: Vec<String>,
    #[serde(default)]
    read_mask: Vec<String>,
}

impl BatchGet {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let keys = self.titles.iter().map(|title| (&self.project, title.as_str()));
        let mut outcomes = client.batch_get(keys, &borrowed(&self.read_mask));
        while let Some(outcome) = outcomes.next().await {
            let outcome = outcome?;
            match outcome.article {
                Ok(article) => seen.names.push(article.name),
                Err(error) => {
                    seen.missing.insert(outcome.index.to_string(), described(&error));
                }
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
pub struct Structured {
    project: String,
    title: String,
}

impl Structured {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        seen.names.push(client.structured(&self.project, self.title.as_str(), &[]).await?.name);
        Ok(())
    }
}

#[derive(Deserialize)]
pub struct LookUp {
    title: String,
}

impl LookUp {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let found = client.lookup(&self.title, Lookup::default()).await?;
        seen.names.extend(found.into_iter().map(|each| each.article.unwrap_or_default().name));
        Ok(())
    }
}

#[derive(Deserialize)]
pub struct ListArticles {
    project: String,
    page_size: i32,
}

impl ListArticles {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let list = List { page_size: self.page_size, ..List::default() };
        let mut articles = pin!(client.list(&self.project, list));
        while let Some(article) = articles.next().await {
            seen.names.push(article?.name);
        }
        Ok(())
    }
}
