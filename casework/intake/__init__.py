"""What is looked at while an application is taken in: findings, conflicts, household, papers."""
