"""What a household could ask for and how it would be ranked: no account, nothing kept."""
