"""The nightly backup: made without anybody asking, one for all nodes, the newest few kept, its age told by the doctor."""
import resource
import shutil
import subprocess
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest
from actors import connect

from client import Client
from patience import wait_for
from server import Clock, Server, binary

CHINA = timezone(timedelta(hours=8))
PATIENCE_S = 120                  # at the pace of wait_for() 480 s of the clock: a copy that failed is tried again after five minutes


def until(clock, hour, minute=1):
    """Moves the clock to that time of the coming day in China."""
    now = datetime.fromtimestamp(clock.ms / 1000, CHINA)
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    then += timedelta(days=then <= now)
    clock.set(int(then.timestamp() * 1000))


def complete(folder):
    return sorted(path.parent.name for path in folder.glob("anxin-*/manifest"))


def doctor(company, *options):
    said = subprocess.run([binary(), "doctor", *company.options(), *options], capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    return next(line for line in said.splitlines() if "backup:" in line)


def named_next(company, clock):
    """The job has named its next night: a copy is complete a moment before that, and a clock moved on in this moment makes it name the night after."""
    with closing(connect(company)) as stored:
        ask = "SELECT COUNT(*) FROM job WHERE kind = 'backup.nightly' AND state = 'waiting' AND run_at > %d"
        wait_for(lambda: stored.execute(ask % clock.ms).fetchone()[0], PATIENCE_S)


def test_a_backup_is_made_each_night_and_the_newest_are_kept(company, tmp_path):
    clock, folder = Clock(tmp_path / "clock"), company.folder / "backups"
    assert doctor(company).startswith("warn")
    with Server(company, clock=clock, options=["--set", "backup.keep=2", "--set", "backup.hour=2"]) as server:
        Client(server.url).sign_in(*company.accounts[0])
        made = []
        for night in range(3):
            until(clock, 2)
            wait_for(lambda: len(set(complete(folder)) - set(made)) == 1, PATIENCE_S, clock=clock)
            made += sorted(set(complete(folder)) - set(made))
            named_next(company, clock)
        wait_for(lambda: complete(folder) == made[1:], PATIENCE_S)
        (folder / "notes.txt").write_text("not ours")
        (folder / "anxin-20200101T000000Z").mkdir()     # one that was never finished
        until(clock, 2)
        wait_for(lambda: len(complete(folder)) == 2 and made[1] not in complete(folder), PATIENCE_S, clock=clock)
        wait_for(lambda: not (folder / "anxin-20200101T000000Z").exists(), PATIENCE_S)
        assert (folder / "notes.txt").exists()
    assert doctor(company).startswith("ok")
    assert not (company.folder / "backups" / complete(folder)[0] / "keys.db").exists()


def test_it_goes_to_another_folder_and_is_switched_off(company, tmp_path):
    clock, elsewhere = Clock(tmp_path / "clock"), tmp_path / "other disk"
    with Server(company, clock=clock, options=["--backups", str(elsewhere)]):
        until(clock, 2)
        wait_for(lambda: len(complete(elsewhere)) == 1, PATIENCE_S, clock=clock)
    assert doctor(company).startswith("warn") and not (company.folder / "backups").exists()
    with Server(company, clock=clock, options=["--backups", str(elsewhere), "--set", "backup.keep=0"]):
        until(clock, 2)
        named_next(company, clock)
    assert len(complete(elsewhere)) == 1


def backup(company, **options):
    return subprocess.run([binary(), "backup", *company.options()], capture_output=True, text=True, **options)


def test_a_backup_that_runs_out_of_room_on_the_way_leaves_nothing(company):
    """As on a full disk: no file grows past this size, for root neither. It is how a dump of PostgreSQL, whose size nobody knows before, ends."""
    folder = company.folder / "backups"
    with Server(company):
        pass
    little = 64 << 10
    assert backup(company).returncode == 0
    whole = next(folder.glob("anxin-*"))
    assert max(file.stat().st_size for file in whole.iterdir() if file.is_file()) > little
    shutil.rmtree(whole)
    done = backup(company, restore_signals=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (little, little)))
    assert done.returncode == 1 and "the database could not be copied" in done.stderr, done.stderr
    assert not list(folder.glob("anxin-*")), "what was begun is left"
    assert backup(company).returncode == 0 and len(complete(folder)) == 1


@pytest.mark.parametrize("engine", ["sqlite"], scope="module")          # the size of a dump is known when it is there
def test_a_backup_for_which_there_is_no_room_is_not_begun(company):
    """A copy that fills the disk stops the server that it is to save."""
    folder = company.folder / "backups"
    with Server(company):
        pass
    database = company.folder / "data.db"
    size, room = database.stat().st_size, shutil.disk_usage(company.folder).free
    with open(database, "r+b") as file:
        file.truncate(room + size)          # a hole: as long as all that is free, and next to nothing of it used
    done = backup(company)
    assert done.returncode == 1 and "no room for a backup" in done.stderr
    assert not list(folder.glob("anxin-*")), "what was begun is left"
    with open(database, "r+b") as file:
        file.truncate(size)
    assert backup(company).returncode == 0 and len(complete(folder)) == 1
