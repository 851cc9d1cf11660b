"""The running clocks (rules 9): counted by `casework.rules.deadlines`, kept, warned of, shown."""
