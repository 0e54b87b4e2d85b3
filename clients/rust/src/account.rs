//! The account that calls, as the server sees it.

use wikifeed_proto::v1::account_service_client::AccountServiceClient;
use wikifeed_proto::v1::{DailyUsage, GetAccountRequest, GetAccountResponse, ListUsageRequest};

use crate::client::{ask, Client};
use crate::error::Result;

impl Client {
    /// The account that calls with its plan, what it used this month (UTC), and what is left to it.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthenticated`](crate::Error::Unauthenticated) where no key or token is shown that is good.
    pub async fn account(&self) -> Result<GetAccountResponse> {
        let stub = AccountServiceClient::new(self.service());
        ask!(self, stub, get_account, GetAccountRequest {}).await
    }

    /// What the account that calls used on each day on which it used something, from one day to another, both included:
    /// "2026-01-31", UTC. Unless told it is from the first of the last day's month until today.
    ///
    /// # Errors
    ///
    /// As [`Client::account`], and [`Error::InvalidRequest`](crate::Error::InvalidRequest) for what is no day, or a
    /// first day behind the last.
    pub async fn usage(&self, first_day: Option<&str>, last_day: Option<&str>) -> Result<Vec<DailyUsage>> {
        let stub = AccountServiceClient::new(self.service());
        let text = |day: Option<&str>| day.unwrap_or_default().to_owned();
        let request = ListUsageRequest { first_day: text(first_day), last_day: text(last_day) };
        Ok(ask!(self, stub, list_usage, request).await?.days)
    }
}
