"""Files of another system's tickets, from a zip or a folder: taken by the way of every upload, refused one by one, brought once."""
import io
import json
import stat
import struct
import subprocess
import zipfile

import pytest

from client import Client
from patience import wait_for
from server import Server, binary
from test_file import png
from test_import import faults, step, upload, wait
from test_past import WORDS, bring, old, sheet  # noqa: F401
from test_past_comment import comments, timeline

HEADS = "Ticket ID,path,Comment ID\n"


def pack(files):
    """name → content, or (content, what to do with its entry)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in files:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if isinstance(content, tuple):
                content, mode = content
                info.create_system, info.external_attr = 3, mode << 16
            z.writestr(info, content)
    return out.getvalue()


def announce(client, tmp_path, rows, packed, source="zendesk"):
    body = (HEADS + "\n".join(rows) + "\n").encode()
    job = client.post("/import", {"record": "past_file", "file_id": upload(client, "files.csv", body), "bundle_id": upload(client, "files.zip", packed)})
    return client.patch(f"/import/{job['id']}", {"version": job["version"], "source": source})


def files(client, tmp_path, rows, packed, what="start"):
    return step(client, announce(client, tmp_path, rows, packed), what)


def shown(client, ticket):
    return sorted((client.http.get(f"/file/{id}/content").headers["content-disposition"].split("''")[1], i["kind"], i["text"] or "")
                  for i in timeline(client, ticket) for id in i["file_ids"])


@pytest.fixture
def past(own, sheet, tmp_path):  # noqa: F811
    bring(own.admin, sheet)
    comments(own.admin, tmp_path / "c.csv")
    return own


GOOD = [("files/a.txt", "第一张"), ("files/照片/door.png", png()), ("files/b.txt", "第二张")]
ROWS = ["Z-1,a.txt,", "Z-1,照片\\door.png,C-2", "Z-2,b.txt,"]


def test_they_come_with_ticket_and_remark(past, tmp_path):
    admin = past.admin
    tried = files(admin, tmp_path, ROWS, pack(GOOD), what="check")
    assert (tried["state"], tried["created"], tried["bad"]) == ("checked", 3, 0) and not shown(admin, old(admin, "Z-1")[0])
    done = files(admin, tmp_path, ROWS, pack(GOOD))
    assert (done["state"], done["created"], done["bad"]) == ("done", 3, 0), done
    ticket = old(admin, "Z-1")[0]
    assert shown(admin, ticket) == [("a.txt", "ticket.brought", ""), ("door.png", "ticket.commented", "您好，\n师傅明天上门 5<6")]
    assert ticket["version"] == 1
    again = files(admin, tmp_path, ROWS, pack(GOOD))
    assert (again["created"], again["bad"]) == (0, 0) and len(shown(admin, ticket)) == 2


def locked():
    """The second entry says that it is encrypted."""
    raw = bytearray(pack([("locked.txt", "geheim")]))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        i = raw.index(mark) + at
        raw[i] |= 1
    return bytes(raw)


def test_each_attack_is_a_fault_of_its_row_and_the_rest_goes_on(past, tmp_path):
    admin = past.admin
    packed = pack([
        ("good.txt", "fine"), ("../../slip.txt", "evil"), ("/abs.txt", "evil"), ("link.txt", ("/etc/passwd", stat.S_IFLNK | 0o777)),
        ("bomb.bin", b"\0" * (4 << 20)), ("twice.txt", "one"), ("twixe.txt", "two"), ("lie.jpg", b"MZ\x90 a program"), ("page.png", "<html><script>alert(1)</script>"),
        ("broken.png", b"\x89PNG\r\n\x1a\n and no more"), ("empty.txt", ""),
    ]).replace(b"twixe.txt", b"twice.txt")
    rows = ["good.txt", "../../slip.txt", "/abs.txt", "link.txt", "bomb.bin", "twice.txt", "lie.jpg", "page.png", "broken.png", "empty.txt", "absent.txt", "C:\\x.txt"]
    sheet_rows = [f"Z-1,{r}," for r in rows] + ["Z-9,good.txt,", "Z-2,good.txt,C-1", "Z-2,good.txt,"]
    wanted = {"../../slip.txt": "file_path", "/abs.txt": "file_path", "link.txt": "file_kind", "bomb.bin": "file_bomb", "twice.txt": "file_twice", "lie.jpg": "media_type",
              "page.png": "media_type", "broken.png": "media_type", "empty.txt": "file_kind", "absent.txt": "file_absent", "C:\\x.txt": "file_path"}
    tried = files(admin, tmp_path, sheet_rows, packed, what="check")
    done = files(admin, tmp_path, sheet_rows, packed)
    assert done["state"] == "done"
    for job, unseen in ((tried, {"broken.png"}), (done, set())):         # only decoding a picture tells that it is broken
        found = {rows[f["row"] - 2]: f["code"] for f in faults(admin, job) if f["row"] - 2 < len(rows)}
        assert found == {k: v for k, v in wanted.items() if k not in unseen}, found
        assert {(f["row"], f["code"]) for f in faults(admin, job) if f["row"] - 2 >= len(rows)} == {(14, "field_reference"), (15, "field_reference")}
    assert shown(admin, old(admin, "Z-1")[0]) == [("good.txt", "ticket.brought", "")] and shown(admin, old(admin, "Z-2")[0])[0][0] == "good.txt"
    assert not list(tmp_path.parent.rglob("slip.txt")) and not list(past.company.folder.rglob("slip.txt"))


def test_locked_and_no_zip_at_all(past, tmp_path):
    admin = past.admin
    done = files(admin, tmp_path, ["Z-1,locked.txt,"], locked())
    assert [f["code"] for f in faults(admin, done)] == ["file_locked"]
    body = (HEADS + "Z-1,a.txt,\n").encode()
    table = upload(admin, "files.csv", body)
    admin.post("/import", {"record": "past_file", "file_id": table}, status=422)
    admin.post("/import", {"record": "past_file", "file_id": table, "bundle_id": upload(admin, "x.txt", b"no zip")}, status=415)
    admin.post("/import", {"record": "past_comment", "file_id": table, "bundle_id": upload(admin, "x.zip", pack(GOOD))}, status=422)


def test_all_together_have_a_limit(past):
    """It counts what the entries declare, before any is unpacked: four gigabytes are over what a company allows."""
    packed = bytearray(pack([("a.txt", "x"), ("b.txt", "y")]))
    at = packed.index(b"PK\x01\x02") + 24
    packed[at:at + 4] = struct.pack("<I", 0xFFFFFFFE)
    at = packed.index(b"PK\x01\x02", at) + 24
    packed[at:at + 4] = struct.pack("<I", 0xFFFFFFFE)
    body = (HEADS + "Z-1,a.txt,\n").encode()
    past.admin.post("/import", {"record": "past_file", "file_id": upload(past.admin, "t.csv", body), "bundle_id": upload(past.admin, "x.zip", bytes(packed))}, status=413)


def test_somebody_elses_files_are_nobodys(past):
    admin = past.admin
    other = Client(past.url).sign_in(*next(a for a in past.company.accounts if a[0] == "linxiao"))
    table, packed = (HEADS + ROWS[0] + "\n").encode(), upload(other, "x.zip", pack(GOOD))
    admin.post("/import", {"record": "past_file", "file_id": upload(admin, "t.csv", table), "bundle_id": packed}, status=404)
    other.post("/import", {"record": "past_file", "file_id": upload(other, "t.csv", table), "bundle_id": packed}, status=403)
    other.close()


def test_killed_in_the_middle_it_goes_on_and_doubles_nothing(company, sheet, tmp_path):  # noqa: F811
    names = [f"n{n}.txt" for n in range(200)]
    server = Server(company).start()
    admin = Client(server.url).sign_in(*company.accounts[0])
    bring(admin, sheet)
    job = announce(admin, tmp_path, [f"Z-1,{n}," for n in names], pack([(n, f"{n} 的内容") for n in names]))
    admin.post(f"/import/{job['id']}/start", {"version": job["version"]})
    wait_for(lambda: admin.get(f"/import/{job['id']}")["done"] > 3)
    before = admin.get(f"/import/{job['id']}")
    server.kill()
    assert before["state"] == "running" and before["done"] < 200
    with Server(company) as again:
        admin = Client(again.url).sign_in(*company.accounts[0])
        done = wait(admin, job)
        assert (done["state"], done["created"], done["bad"], done["done"]) == ("done", 200, 0, 200), done
        assert [n for n, *_ in shown(admin, old(admin, "Z-1")[0])] == sorted(names)
        admin.close()


def test_by_command_from_a_folder(company, sheet, tmp_path):  # noqa: F811
    words, table, folder = tmp_path / "words.json", tmp_path / "f.csv", tmp_path / "files"
    words.write_text(json.dumps(WORDS))
    table.write_text(HEADS + "\n".join([*ROWS[::2], "Z-1,link.txt,", "Z-1,up/secret.txt,"]) + "\n")
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(name)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "up").symlink_to(tmp_path)

    def run(record, path, *rest):
        return subprocess.run([binary(), "import", *company.options(), "demo", company.accounts[0][0], record, path, "source=zendesk", *rest], capture_output=True)
    assert run("past_ticket", sheet, f"words={words}").returncode == 3
    came = run("past_file", table, f"files={folder}")
    assert came.returncode == 3 and came.stdout.decode().count("file_kind") == 2 and "2 created" in came.stderr.decode(), came.stderr.decode()
    with Server(company) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        assert [n for n, *_ in shown(admin, old(admin, "Z-1")[0])] == ["a.txt"]
        admin.close()
