//! Calls a server with the generated stub alone, once in each way that there is, and prints what came.

use prost::Message;
use tonic_types::StatusExt;
use wikifeed_proto::v1::article_service_client::ArticleServiceClient;
use wikifeed_proto::v1::change_service_client::ChangeServiceClient;
use wikifeed_proto::v1::{
    get_article_request, open_subscription, stream_changes_request, subscribe_request::Action, Article,
    GetArticleRequest, OpenSubscription, StreamChangesRequest, SubscribeRequest,
};

type Failure = Box<dyn std::error::Error>;

fn by_title(title: &str) -> GetArticleRequest {
    let key = Some(get_article_request::Key::Title(title.to_owned()));
    GetArticleRequest { project: "enwiki".to_owned(), key, ..Default::default() }
}

async fn stream(address: &str) -> Result<Vec<u64>, Failure> {
    let start = Some(stream_changes_request::Start::AfterOffset(0));
    let request = StreamChangesRequest { start, until_offset: 3, ..Default::default() };
    let mut responses =
        ChangeServiceClient::connect(address.to_owned()).await?.stream_changes(request).await?.into_inner();
    let mut offsets = Vec::new();
    while let Some(response) = responses.message().await? {
        offsets.extend(response.changes.iter().map(|change| change.offset));
    }
    Ok(offsets)
}

async fn subscribe(address: &str, name: &str) -> Result<Vec<u64>, Failure> {
    let (requests, sent) = tokio::sync::mpsc::unbounded_channel();
    let start = Some(open_subscription::Start::AfterOffset(0));
    let open = OpenSubscription { name: name.to_owned(), max_batch_size: 1, start, ..Default::default() };
    requests.send(SubscribeRequest { action: Some(Action::Open(open)) })?;
    let sent = tokio_stream::wrappers::UnboundedReceiverStream::new(sent);
    let mut responses = ChangeServiceClient::connect(address.to_owned()).await?.subscribe(sent).await?.into_inner();
    let (mut taken, mut requests) = (Vec::new(), Some(requests));
    while let Some(response) = responses.message().await? {
        if response.delivery_id > 0 {
            if let Some(requests) = requests.take() {
                taken.extend(response.changes.iter().map(|change| change.offset));
                requests.send(SubscribeRequest { action: Some(Action::Acknowledge(response.delivery_id)) })?;
            }
        }
    }
    Ok(taken)
}

/// Whether a field of a later contract survives being read and written.
fn keeps_unknown_fields() -> Result<bool, Failure> {
    let later = b"\xd2\xb2\x04\x05later";
    Ok(Article::decode(&later[..])?.encode_to_vec() == later)
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().collect();
    let address = format!("http://{}", words[1]);
    let mut articles = ArticleServiceClient::connect(address.clone()).await?;
    let name = articles.get_article(by_title("Anarchism")).await?.into_inner().article.unwrap_or_default().name;
    let failure = articles.get_article(by_title("No such page")).await.err().ok_or("there is such a page")?;
    let reason = failure.get_details_error_info().map(|info| info.reason).unwrap_or_default();
    println!(
        r#"{{"name": {name:?}, "offsets": {:?}, "code": {}, "reason": {reason:?}, "delivered": {:?}, "kept": {}}}"#,
        stream(&address).await?,
        failure.code() as i32,
        subscribe(&address, &words[2]).await?,
        keeps_unknown_fields()?,
    );
    Ok(())
}
