"""Every error that Wikifeed raises on purpose: one tree.

Each class has the canonical code that a caller over a network sees, and a reason that never changes once released.
Each error says what is wrong, where, and what to do. `transport` turns them into `google.rpc.Status`, `cli` into a
line on stderr and an exit code; nobody else looks at the codes.
"""

from wikifeed_server.errors.accounts import AccountExistsError as AccountExistsError
from wikifeed_server.errors.accounts import AccountNotFoundError as AccountNotFoundError
from wikifeed_server.errors.accounts import KeyNotFoundError as KeyNotFoundError
from wikifeed_server.errors.accounts import PermissionDeniedError as PermissionDeniedError
from wikifeed_server.errors.accounts import PlanInUseError as PlanInUseError
from wikifeed_server.errors.accounts import PlanNotFoundError as PlanNotFoundError
from wikifeed_server.errors.accounts import QuotaExceededError as QuotaExceededError
from wikifeed_server.errors.accounts import TooManyTriesError as TooManyTriesError
from wikifeed_server.errors.accounts import UnauthenticatedError as UnauthenticatedError
from wikifeed_server.errors.base import Code as Code
from wikifeed_server.errors.base import FieldViolation as FieldViolation
from wikifeed_server.errors.base import InvalidRequestError as InvalidRequestError
from wikifeed_server.errors.base import NotFoundError as NotFoundError
from wikifeed_server.errors.base import WikifeedError as WikifeedError
from wikifeed_server.errors.base import only_error as only_error
from wikifeed_server.errors.serving import AcknowledgementOverdueError as AcknowledgementOverdueError
from wikifeed_server.errors.serving import ArticleDeletedError as ArticleDeletedError
from wikifeed_server.errors.serving import ArticleNotFoundError as ArticleNotFoundError
from wikifeed_server.errors.serving import BatchNotFoundError as BatchNotFoundError
from wikifeed_server.errors.serving import CodeNotFoundError as CodeNotFoundError
from wikifeed_server.errors.serving import LanguageNotFoundError as LanguageNotFoundError
from wikifeed_server.errors.serving import LimitExceededError as LimitExceededError
from wikifeed_server.errors.serving import NamespaceNotFoundError as NamespaceNotFoundError
from wikifeed_server.errors.serving import OffsetExpiredError as OffsetExpiredError
from wikifeed_server.errors.serving import OffsetInFutureError as OffsetInFutureError
from wikifeed_server.errors.serving import PositionBeyondEndError as PositionBeyondEndError
from wikifeed_server.errors.serving import ProjectNotFoundError as ProjectNotFoundError
from wikifeed_server.errors.serving import RedirectTargetNotFoundError as RedirectTargetNotFoundError
from wikifeed_server.errors.serving import ServerStoppingError as ServerStoppingError
from wikifeed_server.errors.serving import SnapshotNotFoundError as SnapshotNotFoundError
from wikifeed_server.errors.serving import SnapshotNotReadyError as SnapshotNotReadyError
from wikifeed_server.errors.serving import SubscriberStalledError as SubscriberStalledError
from wikifeed_server.errors.serving import SubscriptionFullError as SubscriptionFullError
from wikifeed_server.errors.serving import SubscriptionInterruptedError as SubscriptionInterruptedError
from wikifeed_server.errors.serving import SubscriptionNotFoundError as SubscriptionNotFoundError
from wikifeed_server.errors.storing import ConfigError as ConfigError
from wikifeed_server.errors.storing import SourceCorruptError as SourceCorruptError
from wikifeed_server.errors.storing import SourceError as SourceError
from wikifeed_server.errors.storing import SourceRefusedError as SourceRefusedError
from wikifeed_server.errors.storing import SourceTruncatedError as SourceTruncatedError
from wikifeed_server.errors.storing import StoreBusyError as StoreBusyError
from wikifeed_server.errors.storing import StoreCorruptError as StoreCorruptError
from wikifeed_server.errors.storing import StoreError as StoreError
from wikifeed_server.errors.storing import StoreFullError as StoreFullError
from wikifeed_server.errors.storing import StoreMissingError as StoreMissingError
from wikifeed_server.errors.storing import StoreTooNewError as StoreTooNewError
from wikifeed_server.errors.storing import WorkerFailedError as WorkerFailedError
