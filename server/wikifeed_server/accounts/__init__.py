"""Who may call: accounts, their passwords and API keys, tokens, plans and quotas."""
