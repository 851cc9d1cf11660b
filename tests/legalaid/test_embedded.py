"""Real servers in throw-away folders."""

import os
import signal
import stat
import subprocess
import sys
from contextlib import contextmanager

import psutil
import psycopg
import pytest
import redis

from legalaid.embedded import CannotStart, Services, database_url, redis_url, socket_dir


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def home(tmp_path):
    return tmp_path / "local"


@contextmanager
def services(home):
    with Services(home, say=lambda line: None) as running:
        yield running


def ask(home, sql):
    with psycopg.connect(database_url(home), autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def ours(home):
    """The processes that have this folder in their command line or stand in it."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(home) in part for part in process.info["cmdline"] or [])
    ]


def test_data_outlives_the_servers_and_no_process_does(home):
    with services(home):
        ask(home, "CREATE TABLE kept AS SELECT '留下' AS word")
        assert ours(home)
    assert not ours(home)

    with services(home):
        assert ask(home, "SELECT word FROM kept") == "留下"


def test_database_is_unicode_and_the_same_on_every_machine(home):
    row = "SELECT concat_ws(' ', pg_encoding_to_char(encoding), datlocprovider, datlocale)"

    with services(home):
        found = ask(home, f"{row} FROM pg_database WHERE datname = 'legalaid'")

    assert found == "UTF8 b C.UTF-8"


def test_only_the_owner_may_reach_the_servers(home):
    with services(home):
        assert stat.S_IMODE(socket_dir(home).stat().st_mode) == 0o700
        assert ask(home, "SHOW listen_addresses") == ""


def test_long_path_gets_short_sockets_and_two_folders_do_not_meet(home):
    deep = home.joinpath(*["very-deep-folder"] * 8)

    with services(home), services(deep):
        assert socket_dir(home).is_relative_to(home)
        assert not socket_dir(deep).is_relative_to(deep)
        ask(deep, "CREATE TABLE only_here ()")
        assert ask(home, "SELECT to_regclass('only_here')") is None
        for each in (home, deep):
            address = redis_url(each).removeprefix("redis+socket://")
            assert redis.Redis(unix_socket_path=address).ping()


def test_second_start_from_the_same_folder_is_refused(home):
    with services(home), pytest.raises(CannotStart, match="already running"), services(home):
        pass


def test_servers_that_died_with_the_power_start_again(home):
    with services(home):
        ask(home, "CREATE TABLE kept ()")
        for process in ours(home):
            process.kill()
        psutil.wait_procs(ours(home), timeout=10)
    # The number PostgreSQL noted down belongs to another program by now: to this one.
    note = home / "postgres" / "postmaster.pid"
    note.write_text("\n".join([str(os.getpid()), *note.read_text().splitlines()[1:]]) + "\n")

    with services(home):
        assert ask(home, "SELECT to_regclass('kept')") == "kept"


def test_server_that_was_left_over_is_ended(home):
    with services(home) as running:
        account = running.account
        server = next(process for process in ours(home) if process.name() == "postgres")
        command, sockets = server.cmdline(), running.sockets
    left = subprocess.Popen(
        command,
        cwd="/",
        **(
            {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            if account
            else {}
        ),
        stderr=subprocess.DEVNULL,
    )
    while not (sockets / ".s.PGSQL.5432").exists():
        assert left.poll() is None

    with services(home):
        assert left.wait(30) == 0
        assert ask(home, "SELECT 1") == 1


def test_database_that_cannot_start_says_so_with_its_own_words(home):
    with services(home):
        pass
    (home / "postgres" / "PG_VERSION").write_text("9\n")

    with (
        pytest.raises(CannotStart, match=r"PostgreSQL did not start(.|\n)*version 9"),
        services(home),
    ):
        pass
    assert not ours(home)


def test_named_services_are_not_started(home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/legalaid")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")

    with services(home):
        assert not home.exists()


def run(*command, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "legalaid.embedded", *command],
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )


def test_command_gets_fresh_services_that_are_gone_afterwards():
    code = (
        "import os, sys; print(os.environ['DATABASE_URL'].partition('host=')[2]); sys.exit(3)"
    )

    started = run(sys.executable, "-c", code)
    printed, _ = started.communicate()

    assert started.returncode == 3
    sockets = printed.splitlines()[-1]
    assert not os.path.exists(sockets)
    assert not ours(os.path.dirname(sockets))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_stopped_command_leaves_no_process(number):
    code = "import os; print(os.getpid(), flush=True); import time; time.sleep(100)"
    started = run(sys.executable, "-c", code)
    for line in started.stdout:
        if line.strip().isdigit():
            break
    children = psutil.Process(started.pid).children(recursive=True)
    assert int(line) in {child.pid for child in children}

    started.send_signal(number)

    started.wait(30)
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive
