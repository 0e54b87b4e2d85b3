//! What the server knows of subscriptions and projects.

use async_stream::try_stream;
use futures_core::Stream;
use wikifeed_proto::v1::catalog_service_client::CatalogServiceClient;
use wikifeed_proto::v1::{
    DeleteSubscriptionRequest, GetSubscriptionRequest, ListProjectsRequest, ListSubscriptionsRequest, Project,
    Subscription as State,
};

use crate::client::{ask, Client};
use crate::error::{Error, Result};

impl Client {
    /// How far a subscription is.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is none of that name.
    pub async fn subscription(&self, name: &str) -> Result<State> {
        let request = GetSubscriptionRequest { name: name.to_owned() };
        let answer = ask!(self, self.change_service(), get_subscription, request).await?;
        answer.subscription.ok_or_else(|| Error::DamagedData("the answer holds no subscription".to_owned()))
    }

    /// All subscriptions, in the order of their names.
    pub fn subscriptions(&self) -> impl Stream<Item = Result<State>> + Send + 'static {
        let client = self.clone();
        let mut request = ListSubscriptionsRequest::default();
        try_stream! {
            loop {
                let answer = ask!(client, client.change_service(), list_subscriptions, request.clone()).await?;
                for subscription in answer.subscriptions {
                    yield subscription;
                }
                if answer.next_page_token.is_empty() {
                    break;
                }
                request.page_token = answer.next_page_token;
            }
        }
    }

    /// Have the server forget a subscription.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is none of that name.
    pub async fn delete_subscription(&self, name: &str) -> Result<()> {
        let request = DeleteSubscriptionRequest { name: name.to_owned() };
        ask!(self, self.change_service(), delete_subscription, request).await?;
        Ok(())
    }

    /// The projects that the server has, those in these languages ("en"). No languages mean all.
    ///
    /// # Errors
    ///
    /// What a call can end with.
    pub async fn projects(&self, languages: &[&str]) -> Result<Vec<Project>> {
        let stub = CatalogServiceClient::new(self.service());
        let languages = languages.iter().map(|&language| language.to_owned()).collect();
        Ok(ask!(self, stub, list_projects, ListProjectsRequest { languages, ..Default::default() }).await?.projects)
    }
}
