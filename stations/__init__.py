"""The ground floor: who, where and when. Knows nothing of cases."""
