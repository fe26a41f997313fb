# SPDX-License-Identifier: LGPL-2.1-or-later
"""A Slurm cluster of several nodes on loopback: munged, slurmctld and a slurmd for each node, all of
their state in one folder. Needs root, as they do."""
import os
import pwd
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

# Every port is one that was free; a job that is run again does not wait for its credential's end
# (cred_expire), which is two minutes by default.
CONF = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket,cred_expire=5
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_min_interval=100000,sched_interval=1
ReturnToService=2
MaxArraySize={max_array_size}
KillWait=3
MinJobAge=300
SlurmdTimeout=60
SlurmctldTimeout=60
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
{nodes}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def processes_of(conf):
    """Those that were started with this cluster's SLURM_CONF: its daemons, their slurmstepds (which
    are no children of theirs), jobs, and clients."""
    mark = b"SLURM_CONF=" + os.fsencode(conf)
    out = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if mark in words:
            out.append(int(place.name))
    return out


def end_processes_of(conf):
    while processes := processes_of(conf):
        for process in processes:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.02)


class SlurmCluster:
    def __init__(self, folder, nodes=2, max_array_size=1001):
        self.folder = Path(folder)
        self.conf = self.folder / "slurm.conf"
        self.names = [f"n{i}" for i in range(1, nodes + 1)]
        self.environment = {**os.environ, "SLURM_CONF": str(self.conf)}
        self.processes = {}
        host = socket.gethostname().split(".")[0]
        port, *ports = free_ports(nodes + 1)
        lines = [f"NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={own} CPUs=1 "
                 f"RealMemory=1000" for name, own in zip(self.names, ports)]
        (self.folder / "state").mkdir()
        self.conf.write_text(CONF.format(
            host=host, port=port, user=pwd.getpwuid(os.getuid()).pw_name, folder=self.folder,
            max_array_size=max_array_size, nodes="\n".join(lines)))
        # Nothing asks for one, but to find out by itself slurmd needs a mounted one.
        (self.folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
        # Ends the cluster when its standard input does, however this process ends.
        self.reaper = subprocess.Popen([sys.executable, __file__, self.conf],
                                       stdin=subprocess.PIPE, start_new_session=True)
        try:
            self.start_munge()
            self.start_controller()
            for name in self.names:
                self.start_node(name)
            self.wait_until(lambda: self.idle_nodes() == nodes, "all nodes are idle")
        except Exception:
            self.stop()
            raise

    def spawn(self, name, *command):
        with open(self.folder / f"{name}.out", "ab") as out:
            self.processes[name] = subprocess.Popen(command, stdout=out, stderr=out,
                                                    env=self.environment)

    def start_munge(self):
        place = self.folder / "munge"
        place.mkdir(mode=0o755)
        key = place / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        self.spawn("munged", "munged", "--foreground", "--force", f"--key-file={key}",
                   f"--socket={place}/socket", f"--pid-file={place}/pid",
                   f"--log-file={place}/log", f"--seed-file={place}/seed")
        self.wait_until((place / "socket").exists, "munged listens")

    def start_controller(self):
        self.spawn("slurmctld", "slurmctld", "-D", "-f", self.conf)
        self.wait_until(self.answers, "the controller answers")

    def start_node(self, name):
        self.spawn(name, "slurmd", "-D", "-N", name, "-f", self.conf)

    def tell(self, name, number):
        self.processes[name].send_signal(number)

    def end(self, name, number=signal.SIGTERM):
        process = self.processes.pop(name)
        process.send_signal(number)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def stop(self):
        self.reaper.communicate()
        for process in self.processes.values():
            process.wait()

    def call(self, *command):
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True,
                              timeout=60)
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stderr}")
        return done.stdout

    def answers(self):
        return subprocess.run(["scontrol", "ping"], env=self.environment, capture_output=True,
                              timeout=60).returncode == 0

    def idle_nodes(self):
        return self.call("sinfo", "--noheader", "--Node", "--format=%T").split().count("idle")

    def mend(self):
        """What an administrator does behind a controller that has forgotten jobs: nodes on which
        they still run were drained, and jobs that could not be started there for it are held."""
        for node in self.call("sinfo", "--noheader", "--Node", "--states=drain",
                              "--format=%N").split():
            self.call("scontrol", "update", f"nodename={node}", "state=resume")
        for line in self.call("squeue", "--noheader", "--array", "--format=%i|%r").splitlines():
            job, reason = line.split("|")
            if reason == "launch failed requeued held":
                # It may be cancelled by now.
                subprocess.run(["scontrol", "release", job], env=self.environment,
                               capture_output=True, timeout=60)

    def jobs(self, *states):
        """(job, element, state) of every element of an array."""
        text = self.call("squeue", "--noheader", "--array", "--states=all", "--format=%F|%K|%T")
        rows = [line.split("|") for line in text.splitlines()]
        # An array that has no element left is still there, as a row without a number.
        return [(int(job), int(element), state) for job, element, state in rows
                if element.isdigit() and (not states or state in states)]

    def index_of(self, job, element):
        """The task of an element, by the job's name."""
        names = self.call("squeue", "--noheader", "--states=all", f"--jobs={job}", "--format=%j")
        return int(names.splitlines()[0].rsplit("-", 1)[1]) + element

    def ended_restarts(self, job):
        """How often each element of an array that has ended was begun again."""
        lines = self.call("scontrol", "--oneliner", "show", "job", str(job)).splitlines()
        return [int(re.search(r"Restarts=(\d+)", line)[1]) for line in lines
                if "JobState=COMPLETED" in line]

    def saved_at(self):
        """When the controller last wrote down what jobs there are."""
        return (self.folder / "state/job_state").stat().st_mtime

    def wait_until(self, is_so, what, seconds=120):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if is_so():
                return
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise RuntimeError(f"{name} ended: {self.words_of(name)}")
            time.sleep(0.1)
        raise RuntimeError(f"not in {seconds} s: {what}\n" +
                           "\n".join(self.words_of(name) for name in self.processes))

    def words_of(self, name):
        logs = [self.folder / f"{name}.out", self.folder / "slurmctld.log"]
        return "".join(log.read_text()[-1500:] for log in logs if log.exists())


if __name__ == "__main__":
    sys.stdin.read()
    end_processes_of(sys.argv[1])
