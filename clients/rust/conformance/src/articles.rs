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
    revision_id: Option<i64>,
    #[serde(default)]
    read_mask: Vec<String>,
}

impl Get {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let (project, fields) = (&self.project, borrowed(&self.read_mask));
        let article = match self.revision_id {
            Some(revision_id) => client.get_revision(project, self.page(), revision_id, &fields).await?,
            None => client.get_fields(project, self.page(), &fields).await?,
        };
        seen.names.push(article.name);
        Ok(())
    }

    fn page(&self) -> Page {
        match (&self.title, self.page_id) {
            (Some(title), _) => Page::from(title.as_str()),
            (None, identifier) => Page::from(identifier.unwrap_or_default()),
        }
    }
}

#[derive(Deserialize)]
pub struct BatchGet {
    project: String,
    #[serde(default)]
    titles: Vec<String>,
    #[serde(default)]
    page_ids: Vec<i64>,
    #[serde(default)]
    read_mask: Vec<String>,
}

impl BatchGet {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let titles = self.titles.iter().map(|title| Page::from(title.as_str()));
        let pages = titles.chain(self.page_ids.iter().copied().map(Page::from));
        let keys = pages.map(|page| (&self.project, page));
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
#[serde(transparent)]
pub struct Structured(Get);

impl Structured {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let Structured(get) = self;
        let (project, fields) = (&get.project, borrowed(&get.read_mask));
        let article = match get.revision_id {
            Some(revision_id) => client.structured_revision(project, get.page(), revision_id, &fields).await?,
            None => client.structured(project, get.page(), &fields).await?,
        };
        seen.names.push(article.name);
        Ok(())
    }
}

#[derive(Deserialize)]
pub struct LookUp {
    title: String,
    #[serde(default)]
    projects: Vec<String>,
    #[serde(default)]
    languages: Vec<String>,
    #[serde(default)]
    namespaces: Vec<i64>,
    #[serde(default)]
    limit: i32,
    #[serde(default)]
    read_mask: Vec<String>,
}

impl LookUp {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let lookup = Lookup {
            projects: self.projects.clone(),
            languages: self.languages.clone(),
            namespaces: self.namespaces.clone(),
            limit: self.limit,
            fields: self.read_mask.clone(),
        };
        let found = client.lookup(&self.title, lookup).await?;
        seen.names.extend(found.into_iter().map(|each| each.article.unwrap_or_default().name));
        Ok(())
    }
}

#[derive(Deserialize)]
pub struct ListArticles {
    project: String,
    #[serde(default)]
    page_size: i32,
    #[serde(default)]
    namespaces: Vec<i64>,
    #[serde(default)]
    read_mask: Vec<String>,
}

impl ListArticles {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let list =
            List { namespaces: self.namespaces.clone(), fields: self.read_mask.clone(), page_size: self.page_size };
        let mut articles = pin!(client.list(&self.project, list));
        while let Some(article) = articles.next().await {
            seen.names.push(article?.name);
        }
        Ok(())
    }
}
