"""What keeps a station a station: rooms, staff and funds, training, publicity, rule sets."""
