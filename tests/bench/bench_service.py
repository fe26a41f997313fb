# SPDX-License-Identifier: LGPL-2.1-or-later
"""The service with a long queue, beside `xargs -P` over the same tasks.

All tasks are queued at once, between two halves of the same tasks by xargs, so that what else the
machine does meets both. Prints wall time as a ratio to xargs, the use of the processors while tasks
wait, what the service itself takes of it, its memory over time, GetTask's times meanwhile and while
tasks are being made, and conversions per core and hour.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, os.path.dirname(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "pipelines"))
os.environ.setdefault("ANIM_NODE_MODULES", "")
from acs_client import AcsClient  # noqa: E402
from animate_server import ID, SECRET, WORKER, AnimateServer  # noqa: E402

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
BUCKET = "bench"


def task_of(number, folder):
    return {"ProjectName": "test-project", "Sources": [{"URI": f"oss://{BUCKET}/clip.mp4"}],
            "Targets": [{"Image": {"Animations": [
                {"Format": "webp", "URI": f"oss://{BUCKET}/{folder}/{number}.webp", "Interval": 1,
                 "FrameRate": 15, "Width": 320, "Height": 180}]}}]}


def make_clip(path):
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=20",
                    "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", path],
                   check=True)


def machine():
    """CPU seconds of all programs, and those that there were."""
    fields = [int(text) for text in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICK, sum(fields) / TICK


class Others:
    """The part of the machine that programs take that are not counted here."""

    def __init__(self):
        self.begin = machine()

    def part(self, cpu):
        busy, whole = (end - begin for end, begin in zip(machine(), self.begin))
        return max(0, busy - cpu) / whole


def outputs(root, folder):
    return len(list((root / BUCKET / folder).glob("*.webp")))


def by_xargs(root, tasks, folder, workers):
    """Wall and CPU seconds, and what others took."""
    (root / BUCKET / folder).mkdir()
    files = []
    for number in tasks:
        files.append(root / f"{folder}-{number}.json")
        files[-1].write_text(json.dumps(task_of(number, folder)))
    before, begin, others = os.times(), time.monotonic(), Others()
    subprocess.run(["xargs", f"-P{workers}", "-n1", str(WORKER), "--quiet", "--storage-root",
                    str(root)], input="\n".join(map(str, files)), text=True, check=True,
                   stdout=subprocess.DEVNULL)
    after = os.times()
    assert outputs(root, folder) == len(tasks)
    cpu = sum(after[2:4]) - sum(before[2:4])
    return time.monotonic() - begin, cpu, others.part(cpu)


def own_usage(pid):
    """CPU seconds and resident MiB of the service itself."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return (int(fields[11]) + int(fields[12])) / TICK, pages * PAGE / 2**20


def metrics(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
        return {name: float(value) for name, value in
                re.findall(r"^(\w+)(?:\{[^}]*\})? (\S+)$", answer.read().decode(), re.M)}


def get_task(client, task_id):
    """Seconds that GetTask took."""
    return client.timed("GetTask", ProjectName="test-project", TaskType="MediaConvert",
                        TaskId=task_id)


def create(server, tasks, folder, look):
    """The tasks' ids; beside it, another client asks for those that were made."""
    ids, stop = [], threading.Event()

    def ask():
        client = AcsClient(server.port, ID, SECRET)
        while not stop.wait(0.01):
            if ids:
                look["get_beside"].append(get_task(client, ids[len(look["get_beside"]) % len(ids)]))
        client.close()

    client, beside = AcsClient(server.port, ID, SECRET), threading.Thread(target=ask)
    beside.start()
    try:
        for number in tasks:
            start = time.monotonic()
            ids.append(client.call("CreateMediaConvertTask", **task_of(number, folder))["TaskId"])
            look["created"].append(time.monotonic() - start)
    finally:
        stop.set()
        beside.join()
        client.close()
    return ids


def wait_and_look(server, client, ids, look):
    """Until all have ended: times of GetTask, memory, and when the queue was empty.

    Seldom enough that the asking itself takes nothing worth speaking of from the workers.
    """
    number = 0
    while True:
        look["get"].append(get_task(client, ids[number % len(ids)]))
        number += 7
        now = metrics(server.port)
        own, memory = own_usage(server.process.pid)
        look["memory"].append(memory)
        if now["anim_tasks_queued"] > 0:
            look["queue_end"] = (time.monotonic(), now["anim_worker_cpu_seconds_total"], own)
        elif now["anim_tasks_running"] == 0:
            return
        time.sleep(0.3)


def by_service(root, tasks, folder, workers):
    """Wall seconds and what was seen meanwhile."""
    server = AnimateServer(root, "--workers", str(workers), "--queue", str(len(tasks)))
    client = AcsClient(server.port, ID, SECRET)
    look = {"get": [], "get_beside": [], "memory": [], "created": []}
    try:
        begin, others = time.monotonic(), Others()
        ids = create(server, tasks, folder, look)
        now = metrics(server.port)
        look["queue_begin"] = (time.monotonic(), now["anim_worker_cpu_seconds_total"],
                               own_usage(server.process.pid)[0])
        wait_and_look(server, client, ids, look)
        look["wall"] = time.monotonic() - begin
        look["cpu"] = metrics(server.port)["anim_worker_cpu_seconds_total"]
        look["own"] = own_usage(server.process.pid)[0]
        look["others"] = others.part(look["cpu"] + look["own"])
        lost = [i for i in ids if client.call("GetTask", ProjectName="test-project", TaskId=i,
                                              TaskType="MediaConvert")["Status"] != "Succeeded"]
        assert not lost and outputs(root, folder) == len(tasks), lost
    finally:
        client.close()
        server.stop()
    return look


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


def queue_use(look, workers):
    """The part of the processors that was used while tasks waited."""
    if "queue_end" not in look:
        return None
    begin, end = look["queue_begin"], look["queue_end"]
    if end[0] - begin[0] < 1:
        return None
    return (end[1] - begin[1] + end[2] - begin[2]) / (end[0] - begin[0]) / workers


def times(name, values):
    print(f"{name:15} p50 {percentile(values, .5):5.1f} ms, p99 {percentile(values, .99):5.1f} ms "
          f"({len(values)} calls)")


def report(look, peers, count, workers):
    wall, cpu, own, memory = look["wall"], look["cpu"], look["own"], look["memory"]
    print(f"{count} tasks, {workers} at once; xargs -P{workers} on the same tasks")
    print(f"wall            {wall:8.1f} s   {wall / sum(p[0] for p in peers):6.3f} of xargs")
    print(f"CPU of workers  {cpu:8.1f} s   {cpu / sum(p[1] for p in peers):6.3f} of xargs")
    print(f"service's own   {own:8.2f} s   {own / (cpu + own):6.2%} of all")
    use = queue_use(look, workers)
    if use is not None:
        print(f"processors used while tasks wait  {use:6.1%}")
    print(f"memory          {memory[0]:8.1f} MiB at first, {max(memory):.1f} at most, "
          f"{memory[-1]:.1f} at the end")
    print(f"others took     {look['others']:8.1%} of the processors, beside xargs "
          f"{sum(p[2] for p in peers) / len(peers):.1%}")
    times("GetTask", look["get"])
    times(" beside Create", look["get_beside"])
    times("Create", look["created"])
    print(f"conversions per core and hour     {count / (cpu + own) * 3600:6.0f} by CPU, "
          f"{count / wall / workers * 3600:.0f} by wall")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=int(os.environ.get("ANIM_BENCH_TASKS", "1000")))
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-service-") as folder:
        root = Path(folder)
        (root / BUCKET).mkdir()
        make_clip(root / BUCKET / "clip.mp4")
        half = options.tasks // 2
        by_xargs(root, range(2), "warm", options.workers)
        peers = [by_xargs(root, range(half), "x0", options.workers)]
        look = by_service(root, range(options.tasks), "s", options.workers)
        peers.append(by_xargs(root, range(half, options.tasks), "x1", options.workers))
        report(look, peers, options.tasks, options.workers)


if __name__ == "__main__":
    main()
