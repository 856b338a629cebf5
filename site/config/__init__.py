"""Settings and addresses: names the applications by string, imports none of them."""
