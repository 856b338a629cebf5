"""What a household could ask for, and how its demand would be ranked: without account, kept nowhere."""
