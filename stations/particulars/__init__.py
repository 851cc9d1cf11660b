"""What is known of a place or a person: changed so that the old value stays (变更记录)."""
