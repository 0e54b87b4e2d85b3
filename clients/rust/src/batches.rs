//! Which hourly batches there are.

use async_stream::try_stream;
use futures_core::Stream;
use wikifeed_proto::v1::{Batch, GetBatchRequest, ListBatchesRequest};

use crate::client::{ask, Client};
use crate::error::{Error, Result};
use crate::Timestamp;

/// Which hourly batches [`Client::batches`] gives. Empty fields let everything pass.
#[derive(Clone, Debug, Default)]
pub struct Batches {
    /// A moment of the hour.
    pub hour: Option<Timestamp>,
    /// The projects.
    pub projects: Vec<String>,
    /// The namespaces.
    pub namespaces: Vec<i64>,
}

impl Client {
    /// The batches of hours that are over, the newest hour first, by identifier within each.
    pub fn batches(&self, batches: Batches) -> impl Stream<Item = Result<Batch>> + Send + 'static {
        let client = self.clone();
        let mut request = ListBatchesRequest {
            hour: batches.hour,
            projects: batches.projects,
            namespaces: batches.namespaces,
            ..Default::default()
        };
        try_stream! {
            loop {
                let answer = ask!(client, client.batch_service(), list_batches, request.clone()).await?;
                for batch in answer.batches {
                    yield batch;
                }
                if answer.next_page_token.is_empty() {
                    break;
                }
                request.page_token = answer.next_page_token;
            }
        }
    }

    /// The batch of the hour that a moment is in: a `SystemTime`, or the `hour` of another batch. The identifier is of
    /// the form "enwiki_namespace_0".
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] with the reason BATCH_NOT_FOUND where there is none: the hour is not over yet, is no longer
    /// kept, or had no changes there.
    pub async fn batch(&self, hour: impl Into<Timestamp>, identifier: &str) -> Result<Batch> {
        let request = GetBatchRequest { hour: Some(hour.into()), identifier: identifier.to_owned() };
        let answer = ask!(self, self.batch_service(), get_batch, request).await?;
        answer.batch.ok_or_else(|| Error::DamagedData("the answer holds no batch".to_owned()))
    }
}
