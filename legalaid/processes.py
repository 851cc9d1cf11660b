"""Child processes that never outlive us.

Each child leads its own process group, so that Ctrl-C reaches only the program that started
it, which then stops its children in order; and the kernel stops it if that program is killed.
"""

import contextlib
import os
import signal
import subprocess


class Child:
    """One running program. `name` is how sentences to the operator call it.

    `account` (an entry of `pwd`) is whom it runs as, `log` the file its output goes to.
    """

    def __init__(
        self, name, command, *, account=None, log=None, stop_signal=signal.SIGTERM, **options
    ):
        self.name = name
        self.stop_signal = stop_signal
        guard = ["setpriv", "--pdeathsig", stop_signal.name.removeprefix("SIG")]
        if account:
            guard += [
                f"--reuid={account.pw_uid}",
                f"--regid={account.pw_gid}",
                "--clear-groups",
            ]
        with log.open("wb") if log else contextlib.nullcontext() as output:
            self.process = subprocess.Popen(
                [*guard, "--", *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **options,
            )

    @property
    def exit_code(self):
        """As a shell counts: 128 + n after signal n. None while it runs."""
        code = self.process.poll()
        return 128 - code if code is not None and code < 0 else code

    def wait(self):
        self.process.wait()
        return self.exit_code

    def stop(self, *, patience):
        """Ask it to end, wait `patience` seconds, then end its whole group."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(self.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def stopping_politely():
    """Ctrl-C, a closed terminal and SIGTERM all end the block once, by KeyboardInterrupt.

    Pressing again does not interrupt the tidying-up.
    """
    wished = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]

    def end(number, frame):
        for each in wished:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, end) for each in wished}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
