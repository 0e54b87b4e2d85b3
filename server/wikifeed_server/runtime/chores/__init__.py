"""What a server does beside serving: drop what the log need not keep, make hourly batches and scheduled snapshots."""
