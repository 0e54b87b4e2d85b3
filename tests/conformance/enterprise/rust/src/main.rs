//! Takes the crate `wme-client` through a server: `enterprise-conformance URL USERNAME PASSWORD DATE HOUR`.
//!
//! Prints one JSON object a line for each scenario: its name under "scenario", and under "saw" what the crate made of
//! the answer, or under "error" how it failed. What is right is for the caller to say.

use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::time::Duration;

use futures::StreamExt;
use serde_json::{json, Value};
use wme_client::{RealtimeConnectOptions, RequestParams, WmeClient};

mod files;

type Seen = Result<Value, Box<dyn Error>>;

const STREAMED: usize = 3;
const PATIENCE: Duration = Duration::from_secs(20);

struct Site {
    client: WmeClient,
    date: String,
    hour: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, username, password, date, hour] = arguments.as_slice() else {
        return Err("enterprise-conformance URL USERNAME PASSWORD DATE HOUR".into());
    };
    // The crate takes the address for tokens from what is set when it is given the credentials.
    let client = WmeClient::builder()
        .api_url(url)
        .auth_url(url)
        .realtime_url(url)
        .credentials(username, password)
        .disable_retry()
        .build()
        .await?;
    let site = Site {
        client,
        date: date.clone(),
        hour: hour.clone(),
    };
    tell("login", login(&site).await);
    tell("refresh", refresh(&site).await);
    tell("metadata", metadata(&site).await);
    tell("namespaces", namespaces(&site).await);
    tell(
        "metadata with a request",
        metadata_with_a_request(&site).await,
    );
    tell("article", article(&site).await);
    tell(
        "article of all projects",
        article_of_all_projects(&site).await,
    );
    tell("absent article", absent_article(&site).await);
    tell("structured contents", structured_contents(&site).await);
    tell("snapshot", files::snapshot(&site).await);
    tell("chunk", files::chunk(&site).await);
    tell(
        "structured snapshot",
        files::structured_snapshot(&site).await,
    );
    tell("batch", files::batch(&site).await);
    tell("batch read", files::batch_read(&site).await);
    tell("stream", stream(&site).await);
    tell("revoke", revoke(&site).await);
    Ok(())
}

fn tell(scenario: &str, seen: Seen) {
    let line = match seen {
        Ok(saw) => json!({"scenario": scenario, "saw": saw}),
        Err(error) => json!({"scenario": scenario, "error": error.to_string()}),
    };
    println!("{line}");
}

fn of_enwiki() -> RequestParams {
    RequestParams::new()
        .filter("is_part_of.identifier", "enwiki")
        .limit(5)
}

async fn login(site: &Site) -> Seen {
    let manager = site.client.token_manager().ok_or("no credentials")?;
    manager.authenticate().await?;
    let tokens = manager.get_tokens().ok_or("no tokens")?;
    Ok(
        json!({"has_all": ![tokens.id_token, tokens.access_token, tokens.refresh_token].contains(&String::new())}),
    )
}

async fn refresh(site: &Site) -> Seen {
    let manager = site.client.token_manager().ok_or("no credentials")?;
    let before = manager.get_access_token().await?;
    manager.refresh().await?;
    Ok(json!({"is_another": manager.get_access_token().await? != before}))
}

async fn metadata(site: &Site) -> Seen {
    let metadata = site.client.metadata();
    let codes: Vec<_> = metadata
        .list_project_codes()
        .await?
        .into_iter()
        .map(|code| code.identifier)
        .collect();
    let languages: Vec<_> = metadata
        .list_languages()
        .await?
        .into_iter()
        .map(|each| each.identifier)
        .collect();
    let projects: Vec<_> = metadata
        .list_projects()
        .await?
        .into_iter()
        .map(|each| each.identifier)
        .collect();
    let alone = json!([
        metadata.get_project_code("wiki").await?.identifier,
        metadata.get_language("en").await?.identifier,
        metadata.get_project("enwiki").await?.identifier,
        metadata.get_namespace(14).await?.identifier,
    ]);
    Ok(json!({
        "codes": codes, "languages": languages, "projects": projects, "alone": alone,
    }))
}

async fn namespaces(site: &Site) -> Seen {
    let namespaces = site.client.metadata().list_namespaces().await?;
    Ok(json!(namespaces
        .iter()
        .map(|each| each.identifier)
        .collect::<Vec<_>>()))
}

async fn metadata_with_a_request(site: &Site) -> Seen {
    let wanted = RequestParams::new()
        .filter("identifier", "enwiki")
        .field("identifier")
        .field("name");
    let projects = site
        .client
        .metadata()
        .list_projects_with_params(Some(&wanted))
        .await?;
    Ok(json!(projects))
}

async fn article(site: &Site) -> Seen {
    let articles = site
        .client
        .on_demand()
        .get_article("Ada Lovelace", Some(&of_enwiki()))
        .await?;
    Ok(json!(articles))
}

async fn article_of_all_projects(site: &Site) -> Seen {
    let articles = site
        .client
        .on_demand()
        .get_article("Ada Lovelace", None)
        .await?;
    Ok(json!(articles.len()))
}

async fn absent_article(site: &Site) -> Seen {
    let articles = site
        .client
        .on_demand()
        .get_article("Nothing of the kind", None)
        .await?;
    Ok(json!(articles.len()))
}

async fn structured_contents(site: &Site) -> Seen {
    let articles = site
        .client
        .on_demand()
        .get_structured_article("Ada Lovelace", Some(&of_enwiki()))
        .await?;
    Ok(json!(articles.len()))
}

async fn stream(site: &Site) -> Seen {
    let offsets: HashMap<String, u64> = (0..50)
        .map(|partition| (partition.to_string(), 0))
        .collect();
    let options = RealtimeConnectOptions::default()
        .with_partitions((0..10).collect())
        .with_offsets(offsets);
    let mut updates = site.client.realtime().connect(&options, None).await?;
    let mut seen = Vec::new();
    while seen.len() < STREAMED {
        match tokio::time::timeout(PATIENCE, updates.next()).await? {
            Some(Ok(update)) => seen.push(update.article.name),
            Some(Err(error)) => seen.push(error.to_string()),
            None => break,
        }
    }
    Ok(json!(seen))
}

async fn revoke(site: &Site) -> Seen {
    let manager = site.client.token_manager().ok_or("no credentials")?;
    let tokens = manager.get_tokens().ok_or("no tokens")?;
    manager.revoke_token().await?;
    manager.set_tokens(tokens);
    // Every process of a server is to refuse them within a second, the one that is asked at once or not.
    let metadata = site.client.metadata();
    let refusal = tokio::time::timeout(PATIENCE, async {
        loop {
            if let Err(error) = metadata.list_projects().await {
                return error.to_string();
            }
        }
    });
    Ok(json!(refusal.await?))
}
