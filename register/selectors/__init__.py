"""Every read shared by screens, always within `access.scope`."""
