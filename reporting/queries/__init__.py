"""Page-shaped reads, each starting from what the person may see; one definition of a contract's view of a month."""
