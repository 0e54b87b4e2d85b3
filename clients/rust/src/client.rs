//! The connection, and calls that answer once.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{timeout, Instant};
use tonic::metadata::MetadataValue;
use tonic::service::interceptor::InterceptedService;
use tonic::service::Interceptor;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic::{Request, Response, Status};
use wikifeed_proto::v1::article_service_client::ArticleServiceClient;
use wikifeed_proto::v1::batch_service_client::BatchServiceClient;
use wikifeed_proto::v1::change_service_client::ChangeServiceClient;
use wikifeed_proto::v1::snapshot_service_client::SnapshotServiceClient;

use crate::error::{CallError, Error, Result};
use crate::reconnecting::{Backoff, Reconnecting};

const USER_AGENT: &str = concat!("wikifeed-rust/", env!("CARGO_PKG_VERSION"));
const RECEIVE_BYTES: usize = 64 << 20;
/// How much of one stream, and of all of a connection, may be on its way: what a snapshot at full speed needs.
const STREAM_WINDOW: u32 = 4 << 20;
const CONNECTION_WINDOW: u32 = 16 << 20;
/// Frames of more than the 16 KiB that HTTP/2 begins with cost less.
const FRAME_BYTES: u32 = 64 << 10;
const KEEPALIVE: Duration = Duration::from_secs(30);
const KEEPALIVE_ANSWER: Duration = Duration::from_secs(10);
const DEADLINE: Duration = Duration::from_secs(30);
const TRIES: u32 = 4;
const TRY_WAITS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

type Tokens = Arc<dyn Fn() -> String + Send + Sync>;
pub(crate) type Service = InterceptedService<Channel, Credentials>;

/// What each call shows.
#[derive(Clone)]
pub struct Credentials {
    tokens: Option<Tokens>,
}

impl Interceptor for Credentials {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(tokens) = &self.tokens {
            let shown = MetadataValue::try_from(format!("Bearer {}", tokens()))
                .map_err(|_| Status::unauthenticated("a key or token is one line of printable ASCII"))?;
            request.metadata_mut().insert("authorization", shown);
        }
        Ok(request)
    }
}

/// How to connect: made by [`Client::builder`].
pub struct ClientBuilder {
    address: String,
    tokens: Option<Tokens>,
    tls: Option<bool>,
    authority: Option<Certificate>,
    identity: Option<Identity>,
    user_agent: Option<String>,
    deadline: Duration,
    reconnecting: Reconnecting,
}

impl ClientBuilder {
    /// Show an API key, or an access token that does not change.
    pub fn key(self, key: impl Into<String>) -> Self {
        let key = key.into();
        self.tokens(move || key.clone())
    }

    /// Show what this returns, which is asked before each call: for tokens that expire.
    pub fn tokens(mut self, tokens: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.tokens = Some(Arc::new(tokens));
        self
    }

    /// Speak TLS, or not. Unless set it is spoken where the address is not of this machine.
    pub fn tls(mut self, tls: bool) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Trust servers that this certificate (PEM) vouches for, in place of those that the system trusts. Speaks TLS.
    pub fn authority(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.authority = Some(Certificate::from_pem(pem));
        self.tls(true)
    }

    /// Show the server a certificate with its key (PEM). Speaks TLS.
    pub fn identity(mut self, certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Self {
        self.identity = Some(Identity::from_pem(certificate, key));
        self.tls(true)
    }

    /// Put the caller's own product behind this client's in the user agent: "indexer/2.1".
    pub fn user_agent(mut self, product: &str) -> Self {
        self.user_agent = Some(format!("{USER_AGENT} {product}"));
        self
    }

    /// How long a call that answers once may take, its tries together; 30 s unless set.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How streams are opened again.
    pub fn reconnecting(mut self, reconnecting: Reconnecting) -> Self {
        self.reconnecting = reconnecting;
        self
    }

    /// The client. It connects with the first call, so this fails with [`Error::Argument`] only.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn build(self) -> Result<Client> {
        let speaks_tls = self.tls.unwrap_or_else(|| !is_this_machine(&self.address));
        let scheme = if speaks_tls { "https" } else { "http" };
        let wrong =
            |what: &dyn std::fmt::Display| Error::Argument(format!("can't connect to {}: {what}", self.address));
        let mut endpoint = Endpoint::from_shared(format!("{scheme}://{}", self.address))
            .and_then(|endpoint| endpoint.user_agent(self.user_agent.clone().unwrap_or_else(|| USER_AGENT.to_owned())))
            .map_err(|error| wrong(&error))?
            .http2_keep_alive_interval(KEEPALIVE)
            .keep_alive_timeout(KEEPALIVE_ANSWER)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_frame_size(FRAME_BYTES)
            .tcp_nodelay(true);
        if speaks_tls {
            let mut tls = ClientTlsConfig::new();
            tls = match self.authority {
                Some(ref authority) => tls.ca_certificate(authority.clone()),
                None => tls.with_native_roots(),
            };
            if let Some(ref identity) = self.identity {
                tls = tls.identity(identity.clone());
            }
            endpoint = endpoint.tls_config(tls).map_err(|error| wrong(&error))?;
        }
        Ok(Client {
            service: InterceptedService::new(endpoint.connect_lazy(), Credentials { tokens: self.tokens }),
            deadline: self.deadline,
            reconnecting: self.reconnecting,
        })
    }
}

/// A connection to a server. Cheap to clone; all clones share the connection.
#[derive(Clone)]
pub struct Client {
    service: Service,
    deadline: Duration,
    pub(crate) reconnecting: Reconnecting,
}

impl Client {
    /// A client of the server at `address`, "host:port", as it is without options.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn new(address: impl Into<String>) -> Result<Self> {
        Self::builder(address).build()
    }

    /// Options of a client of the server at `address`, "host:port".
    pub fn builder(address: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            address: address.into(),
            tokens: None,
            tls: None,
            authority: None,
            identity: None,
            user_agent: None,
            deadline: DEADLINE,
            reconnecting: Reconnecting::default(),
        }
    }

    /// The connection, for the generated stubs of what this crate has no method for. It shows the client's credentials.
    pub fn service(&self) -> InterceptedService<Channel, Credentials> {
        self.service.clone()
    }

    pub(crate) fn article_service(&self) -> ArticleServiceClient<Service> {
        ArticleServiceClient::new(self.service()).max_decoding_message_size(RECEIVE_BYTES)
    }

    pub(crate) fn change_service(&self) -> ChangeServiceClient<Service> {
        ChangeServiceClient::new(self.service()).max_decoding_message_size(RECEIVE_BYTES)
    }

    pub(crate) fn snapshot_service(&self) -> SnapshotServiceClient<Service> {
        SnapshotServiceClient::new(self.service()).max_decoding_message_size(RECEIVE_BYTES)
    }

    pub(crate) fn batch_service(&self) -> BatchServiceClient<Service> {
        BatchServiceClient::new(self.service()).max_decoding_message_size(RECEIVE_BYTES)
    }

    /// Make a call that answers once: again where the server is unavailable, within one deadline.
    pub(crate) async fn unary<Question, Answer, Answering>(
        &self,
        question: Question,
        call: impl Fn(Request<Question>) -> Answering,
    ) -> Result<Answer>
    where
        Question: Clone,
        Answering: Future<Output = Result<Response<Answer>, Status>>,
    {
        let until = Instant::now() + self.deadline;
        let trying = async {
            let mut backoff =
                Backoff::new(Reconnecting { first: TRY_WAITS.0, longest: TRY_WAITS.1, ..self.reconnecting });
            loop {
                let mut request = Request::new(question.clone());
                request.set_timeout(until.saturating_duration_since(Instant::now()));
                let error = match call(request).await {
                    Ok(answer) => return Ok(answer.into_inner()),
                    Err(status) => Error::from(status),
                };
                if !error.is_passing() || backoff.tries + 1 >= TRIES {
                    return Err(error);
                }
                tokio::time::sleep(backoff.wait()).await;
            }
        };
        timeout(self.deadline, trying).await.unwrap_or_else(|_| Err(self.too_late()))
    }

    fn too_late(&self) -> Error {
        Error::DeadlineExceeded(Box::new(CallError {
            code: tonic::Code::DeadlineExceeded as i32,
            message: format!("no answer came within {:?}", self.deadline),
            ..CallError::default()
        }))
    }
}

/// Make a call that answers once, of a stub's method.
macro_rules! ask {
    ($client:expr, $stub:expr, $method:ident, $question:expr) => {{
        let stub = $stub;
        $client.unary($question, move |question| {
            let mut stub = stub.clone();
            async move { stub.$method(question).await }
        })
    }};
}
pub(crate) use ask;

fn is_this_machine(address: &str) -> bool {
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host).trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_machine_are_spoken_to_openly() {
        for (address, is_here) in [
            ("localhost:50051", true),
            ("127.0.0.1:1", true),
            ("[::1]:50051", true),
            ("feed.example.org:443", false),
            ("10.0.0.1:443", false),
            ("localhost.example.org:443", false),
        ] {
            assert_eq!(is_this_machine(address), is_here, "{address}");
        }
    }

    #[tokio::test]
    async fn an_address_that_can_not_be_is_told() {
        let Err(Error::Argument(words)) = Client::new("not an address") else { panic!("it was taken") };
        assert!(words.contains("not an address"), "{words}");
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_unavailable_and_says_why() {
        let client = Client::builder("127.0.0.1:1").deadline(Duration::from_secs(20)).build().unwrap();
        let error = client.get("enwiki", "Moon").await.unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        assert!(error.to_string().contains("refused"), "{error}");
    }
}
