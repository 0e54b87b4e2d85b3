//! Which changes to stream, and from where on.

use std::time::{Duration, SystemTime};

use wikifeed_proto::v1::stream_changes_request::Start as StartField;
use wikifeed_proto::v1::{ChangeFilter, EventType, Share, StartPosition, StreamChangesRequest};

use crate::articles::owned_mask;

/// Where a stream of changes begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// With the first change whose offset is greater. 0 is the beginning of the log.
    After(u64),
    /// With the first change that was published at this time or later.
    Since(SystemTime),
    /// With everything that the log keeps.
    Oldest,
    /// With what is appended from the stream's beginning on.
    Newest,
}

/// Which changes of the log to send, and what of them. What is not said lets everything pass.
///
/// ```
/// use wikifeed_client::{Changes, Start};
///
/// let changes = Changes::new().projects(["enwiki"]).namespaces([0]).fields(["name", "version"]).start(Start::After(7));
/// ```
#[derive(Clone, Debug)]
pub struct Changes {
    pub(crate) request: StreamChangesRequest,
    pub(crate) start: Option<Start>,
}

impl Default for Changes {
    fn default() -> Self {
        Self::new()
    }
}

impl Changes {
    /// All changes, from when the stream begins.
    pub fn new() -> Self {
        Changes { request: StreamChangesRequest::default(), start: None }
    }

    /// Where to begin; [`Start::Newest`] unless set.
    pub fn start(mut self, start: Start) -> Self {
        self.start = Some(start);
        self
    }

    /// Only changes of these projects.
    pub fn projects(mut self, projects: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.request.projects = projects.into_iter().map(Into::into).collect();
        self
    }

    /// Only changes of pages in these namespaces.
    pub fn namespaces(mut self, namespaces: impl IntoIterator<Item = i64>) -> Self {
        self.request.namespaces = namespaces.into_iter().collect();
        self
    }

    /// Only changes of projects in these languages.
    pub fn languages(mut self, languages: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.request.languages = languages.into_iter().map(Into::into).collect();
        self
    }

    /// Only these events.
    pub fn event_types(mut self, types: impl IntoIterator<Item = EventType>) -> Self {
        self.request.event_types = types.into_iter().map(i32::from).collect();
        self
    }

    /// Only changes of these pages.
    pub fn page_ids(mut self, identifiers: impl IntoIterator<Item = i64>) -> Self {
        self.request.page_ids = identifiers.into_iter().collect();
        self
    }

    /// The part of one of `count` consumers, counted from 0: all changes of a page go to the same one.
    pub fn share(mut self, index: i32, count: i32) -> Self {
        self.request.share = Some(Share { index, count });
        self
    }

    /// These fields of the article, as dotted paths, and no others.
    pub fn fields(mut self, paths: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.request.read_mask = owned_mask(paths.into_iter().map(Into::into).collect());
        self
    }

    /// Leave out the text of pages and the structured parts: that costs the server least.
    pub fn no_body(mut self) -> Self {
        self.request.no_body = true;
        self
    }

    /// End the stream once every change up to and including this offset was given.
    pub fn until(mut self, offset: u64) -> Self {
        self.request.until_offset = offset;
        self
    }

    /// How many changes may come at once; the server decides unless set.
    pub fn max_batch_size(mut self, count: i32) -> Self {
        self.request.max_batch_size = count;
        self
    }

    /// How long a change may wait for others to come with it; the server decides unless set.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.request.max_delay = prost_types::Duration::try_from(delay).ok();
        self
    }

    /// Take what a compacted log has: of each page the last change only.
    pub fn allow_compacted(mut self) -> Self {
        self.request.allow_compacted = true;
        self
    }

    pub(crate) fn filter(&self) -> ChangeFilter {
        ChangeFilter {
            projects: self.request.projects.clone(),
            namespaces: self.request.namespaces.clone(),
            languages: self.request.languages.clone(),
            event_types: self.request.event_types.clone(),
            page_ids: self.request.page_ids.clone(),
        }
    }

    /// The request of a stream.
    pub(crate) fn begun(mut self) -> StreamChangesRequest {
        self.request.start = Some(match self.start.unwrap_or(Start::Newest) {
            Start::After(offset) => StartField::AfterOffset(offset),
            Start::Since(time) => StartField::Since(time.into()),
            Start::Oldest => StartField::Position(StartPosition::Oldest.into()),
            Start::Newest => StartField::Position(StartPosition::Newest.into()),
        });
        self.request
    }
}
