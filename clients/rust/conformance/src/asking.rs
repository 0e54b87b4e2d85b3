//! The actions that ask for what the server knows.

use std::pin::pin;

use futures_util::StreamExt;
use serde::Deserialize;
use wikifeed_client::{Client, Result};

use crate::observation::Observation;
use crate::words::borrowed;

#[derive(Deserialize)]
pub struct Projects {
    #[serde(default)]
    languages: Vec<String>,
}

impl Projects {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let found = client.projects(&borrowed(&self.languages)).await?;
        seen.projects.extend(found.into_iter().map(|project| project.identifier));
        Ok(())
    }
}

#[derive(Deserialize)]
pub struct ChangeLog {}

impl ChangeLog {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let log = client.change_log().await?;
        seen.log = vec![log.oldest_offset, log.newest_offset];
        Ok(())
    }
}

#[derive(Deserialize)]
pub struct Subscriptions {}

impl Subscriptions {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let mut subscriptions = pin!(client.subscriptions());
        while let Some(subscription) = subscriptions.next().await {
            seen.subscription(&subscription?);
        }
        Ok(())
    }
}

#[derive(Deserialize)]
pub struct Subscription {
    name: String,
}

impl Subscription {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        seen.subscription(&client.subscription(&self.name).await?);
        Ok(())
    }
}

#[derive(Deserialize)]
pub struct DeleteSubscription {
    name: String,
}

impl DeleteSubscription {
    pub async fn perform(&self, client: &Client) -> Result<()> {
        client.delete_subscription(&self.name).await
    }
}

#[derive(Deserialize)]
pub struct Account {}

impl Account {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        seen.account = client.account().await?.account.unwrap_or_default().username;
        Ok(())
    }
}

#[derive(Deserialize)]
pub struct Usage {
    first_day: Option<String>,
    last_day: Option<String>,
}

impl Usage {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let days = client.usage(self.first_day.as_deref(), self.last_day.as_deref()).await?;
        days.iter().for_each(|day| seen.day(day));
        Ok(())
    }
}
