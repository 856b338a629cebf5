"""What every screen shares: who a view is for, and as whom the visitor acts."""
