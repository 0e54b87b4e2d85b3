"""Who may call: accounts, their passwords and API keys, tokens, plans and quotas."""

from wikifeed_server.accounts.accounts import Accounts as Accounts
from wikifeed_server.accounts.entitlements import batch_file as batch_file
from wikifeed_server.accounts.entitlements import snapshot_file as snapshot_file
from wikifeed_server.accounts.guard import Guard as Guard
from wikifeed_server.accounts.model import GUEST_TOKEN as GUEST_TOKEN
from wikifeed_server.accounts.model import OPEN_CALLER as OPEN_CALLER
from wikifeed_server.accounts.model import OPEN_PLAN as OPEN_PLAN
from wikifeed_server.accounts.model import Account as Account
from wikifeed_server.accounts.model import AccountOptions as AccountOptions
from wikifeed_server.accounts.model import ApiKey as ApiKey
from wikifeed_server.accounts.model import Cadence as Cadence
from wikifeed_server.accounts.model import Caller as Caller
from wikifeed_server.accounts.model import DailyUsage as DailyUsage
from wikifeed_server.accounts.model import Plan as Plan
from wikifeed_server.accounts.model import Tokens as Tokens
from wikifeed_server.accounts.model import UsageKind as UsageKind
from wikifeed_server.accounts.store_guard import StoreGuard as StoreGuard
from wikifeed_server.accounts.visibility import visible_snapshots as visible_snapshots
