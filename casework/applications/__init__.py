"""An application on its way: who may act, what waits for whom, who handles it, what follows.

The moves themselves are `casework.workflow`.
"""
