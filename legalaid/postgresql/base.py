"""PostgreSQL behind psycopg's pool, whose idle connections may all have died at once.

The pool's own check waits after each dead connection, twice as long every time: after a database
was started anew a process that had eight idle ones failed its next page, ten seconds later. Here
the first dead one has the idle ones looked at together, and the page takes a new one at once.
"""

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        try:
            ConnectionPool.check_connection(connection)
        except OperationalError:
            self.pool.putconn(connection)
            self.pool.check()
            connection = super().get_new_connection(conn_params)
        return connection
