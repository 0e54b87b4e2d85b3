//! Durable subscriptions: the server keeps the place, under a name.

use std::time::Duration;

use async_stream::try_stream;
use futures_core::Stream;
use tokio::sync::mpsc::{unbounded_channel, UnboundedReceiver, UnboundedSender, WeakUnboundedSender};
use tokio::time::timeout;
use tonic::Streaming;
use wikifeed_proto::v1::open_subscription::Start as StartField;
use wikifeed_proto::v1::subscribe_request::Action;
use wikifeed_proto::v1::Subscription as State;
use wikifeed_proto::v1::{Change, OpenSubscription, SubscribeRequest, SubscribeResponse};

use crate::changes::{Changes, Start};
use crate::client::Client;
use crate::error::{CallError, Error, Result};
use crate::reconnecting::Backoff;

const CREDIT: i64 = 1000;
/// How long closing waits for the server to store what was acknowledged.
const FAREWELL: Duration = Duration::from_secs(5);

/// How a subscription is opened: its name, and what else there is to say.
#[derive(Clone, Debug)]
pub struct Subscribe {
    opening: OpenSubscription,
    start: Option<Start>,
}

impl Subscribe {
    /// The subscription of that name, as it is; one that is made for it has all changes.
    pub fn new(name: impl Into<String>) -> Self {
        let opening = OpenSubscription { name: name.into(), credit: CREDIT, ..Default::default() };
        Subscribe { opening, start: None }
    }

    /// Deliver these changes. Their start, if any, is where a subscription begins that is made for it.
    pub fn changes(mut self, changes: &Changes) -> Self {
        self.opening.filter = Some(changes.filter());
        self.opening.read_mask = changes.request.read_mask.clone();
        self.opening.no_body = changes.request.no_body;
        self.opening.max_batch_size = changes.request.max_batch_size;
        self.opening.max_delay = changes.request.max_delay;
        self.start = changes.start.or(self.start);
        self
    }

    /// Where a subscription begins that is made for it; after the newest change unless set.
    pub fn start(mut self, start: Start) -> Self {
        self.start = Some(start);
        self
    }

    /// How many changes may be on their way or untaken at once: 1,000 unless set, without bound with 0. What was taken
    /// is topped up by itself.
    pub fn credit(mut self, changes: i64) -> Self {
        self.opening.credit = changes;
        self
    }

    /// How many changes may wait for their acknowledgement; the server's default unless set.
    pub fn max_unacknowledged(mut self, changes: i32) -> Self {
        self.opening.max_unacknowledged = changes;
        self
    }
}

/// Changes to handle, then to acknowledge.
#[derive(Debug)]
pub struct Delivery {
    /// The changes, those of each page in the order of their offsets.
    pub changes: Vec<Change>,
    /// Through which offset every change of this client's pages was delivered or did not pass.
    pub through_offset: u64,
    identifier: u64,
    // Weak: a delivery that is kept must not keep its call open.
    outgoing: WeakUnboundedSender<SubscribeRequest>,
}

impl Delivery {
    /// Say that this delivery and all before it were handled: they do not come again.
    ///
    /// False where the call that brought it is over: then it comes again.
    pub fn acknowledge(&self) -> bool {
        let request = SubscribeRequest { action: Some(Action::Acknowledge(self.identifier)) };
        self.outgoing.upgrade().is_some_and(|outgoing| outgoing.send(request).is_ok())
    }
}

impl Client {
    /// What a durable subscription delivers, at least once, for ever.
    ///
    /// The server makes it where there is none of that name; one that exists goes on behind what was acknowledged.
    /// Several clients of one name share the pages. Deliveries that were not acknowledged when a call is cut come
    /// again. It reconnects as [`Client::changes`] does, and ends with the same errors, and with an error where the
    /// subscription was deleted and made anew in the meantime.
    pub fn subscribe(&self, subscribe: Subscribe) -> Subscription {
        Subscription {
            client: self.clone(),
            backoff: Backoff::new(self.reconnecting),
            opening: subscribe.opening,
            start: subscribe.start,
            is_settled: false,
            is_paused: false,
            taken: 0,
            call: None,
            state: None,
            share_count: 0,
        }
    }
}

struct Call {
    outgoing: UnboundedSender<SubscribeRequest>,
    responses: Option<Streaming<SubscribeResponse>>,
    requests: Option<UnboundedReceiver<SubscribeRequest>>,
}

/// What [`Client::subscribe`] gives.
pub struct Subscription {
    client: Client,
    backoff: Backoff,
    opening: OpenSubscription,
    start: Option<Start>,
    is_settled: bool,
    is_paused: bool,
    taken: i64,
    call: Option<Call>,
    state: Option<State>,
    share_count: i32,
}

impl Subscription {
    /// The next delivery. It may be dropped while it waits: nothing is lost.
    ///
    /// # Errors
    ///
    /// Those that do not pass; the subscription is over then.
    pub async fn next(&mut self) -> Result<Delivery> {
        loop {
            self.top_up();
            let silence = self.client.reconnecting.silence;
            match timeout(silence, self.pull()).await {
                Ok(Ok(Some(response))) => {
                    if let Some(delivery) = self.received(response)? {
                        return Ok(delivery);
                    }
                    continue;
                }
                Ok(Err(error)) if !error.is_passing() => return Err(error),
                Ok(_) | Err(_) => {}
            }
            self.call = None;
            tokio::time::sleep(self.backoff.wait()).await;
        }
    }

    /// The deliveries as a [`Stream`]. Dropping it leaves without saying goodbye: what was acknowledged last may come
    /// again. [`Subscription::close`] waits for that.
    pub fn into_stream(mut self) -> impl Stream<Item = Result<Delivery>> + Send {
        try_stream! {
            loop {
                yield self.next().await?;
            }
        }
    }

    /// What the server told last of the subscription; none before it did.
    pub fn state(&self) -> Option<&State> {
        self.state.as_ref()
    }

    /// How many of the 64 shares of the pages this client has.
    pub fn share_count(&self) -> i32 {
        self.share_count
    }

    /// Hold deliveries back, or let them come; those on their way still come.
    pub fn set_paused(&mut self, paused: bool) {
        self.is_paused = paused;
        self.send(Action::Paused(paused));
    }

    /// Replace the subscription's filter, for all of its clients.
    pub fn set_filter(&mut self, changes: &Changes) {
        let filter = changes.filter();
        if self.opening.filter.is_some() {
            self.opening.filter = Some(filter.clone());
        }
        self.send(Action::Filter(filter));
    }

    /// Say that this client has said all, and wait until what it acknowledged is stored, 5 seconds at most.
    pub async fn close(mut self) {
        let Some(Call { outgoing, responses: Some(mut responses), .. }) = self.call.take() else { return };
        drop(outgoing);
        // What can't be stored any more comes again.
        let _ = timeout(FAREWELL, async { while let Ok(Some(_)) = responses.message().await {} }).await;
    }

    fn send(&self, action: Action) {
        if let Some(call) = &self.call {
            // A call that is over can't be told anything: receiving from it tells that it is.
            let _ = call.outgoing.send(SubscribeRequest { action: Some(action) });
        }
    }

    /// Give credit back before the next delivery is awaited, where half of it is used up.
    fn top_up(&mut self) {
        if self.opening.credit > 0 && self.taken * 2 >= self.opening.credit {
            self.send(Action::Credit(self.taken));
            self.taken = 0;
        }
    }

    fn received(&mut self, response: SubscribeResponse) -> Result<Option<Delivery>> {
        self.backoff.reset();
        if let Some(told) = response.subscription {
            self.require_same(&told)?;
            self.state = Some(told);
            self.share_count = response.share_count;
        }
        let Some(call) = self.call.as_ref().filter(|_| response.delivery_id > 0) else { return Ok(None) };
        self.taken += i64::try_from(response.changes.len()).unwrap_or(i64::MAX);
        Ok(Some(Delivery {
            changes: response.changes,
            through_offset: response.through_offset,
            identifier: response.delivery_id,
            outgoing: call.outgoing.downgrade(),
        }))
    }

    /// A subscription that was deleted and made anew begins elsewhere: what lay between would be lost silently.
    fn require_same(&self, told: &State) -> Result<()> {
        match (&self.state, told.date_created) {
            (Some(State { date_created: Some(known), .. }), Some(created)) if *known != created => {
                let call = Box::new(CallError {
                    code: tonic::Code::NotFound as i32,
                    message: format!("the subscription {} was deleted, and made anew at {created}", told.name),
                    reason: "SUBSCRIPTION_NOT_FOUND".to_owned(),
                    ..CallError::default()
                });
                Err(Error::NotFound { call, deleted_at: None })
            }
            _ => Ok(()),
        }
    }

    async fn pull(&mut self) -> Result<Option<SubscribeResponse>> {
        self.settle().await?;
        let call = self.call.get_or_insert_with(|| {
            let (outgoing, requests) = unbounded_channel();
            Call { outgoing, responses: None, requests: Some(requests) }
        });
        if let Some(requests) = call.requests.take() {
            self.taken = 0;
            let first = SubscribeRequest { action: Some(Action::Open(self.opening.clone())) };
            let paused = self.is_paused.then_some(SubscribeRequest { action: Some(Action::Paused(true)) });
            let mut requests = requests;
            let sent = async_stream::stream! {
                yield first;
                if let Some(paused) = paused {
                    yield paused;
                }
                while let Some(request) = requests.recv().await {
                    yield request;
                }
            };
            call.responses = Some(self.client.change_service().subscribe(sent).await?.into_inner());
        }
        match &mut call.responses {
            Some(responses) => Ok(responses.message().await?),
            None => Ok(None),
        }
    }

    /// Name where a fresh subscription begins. The log's oldest offset is asked for once, so that an opening that is
    /// cut and repeated leaves nothing out.
    async fn settle(&mut self) -> Result<()> {
        if self.is_settled {
            return Ok(());
        }
        self.opening.start = match self.start {
            None | Some(Start::Newest) => None,
            Some(Start::After(offset)) => Some(StartField::AfterOffset(offset)),
            Some(Start::Since(time)) => Some(StartField::Since(time.into())),
            Some(Start::Oldest) => {
                let log = self.client.change_log().await?;
                Some(StartField::AfterOffset(log.oldest_offset.saturating_sub(1)))
            }
        };
        self.is_settled = true;
        Ok(())
    }
}
