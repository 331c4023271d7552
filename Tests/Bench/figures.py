"""figures.py - what the parts of the benchmark share: figures with their ratios, and timing a command.

A figure is ours beside one of a peer or floor of the same run, or beside a goal. The processor's time stands beside
the clock's wherever it can be had: on a busy machine only the former means anything.
"""
import dataclasses
import json
import os
import resource
import subprocess
import time


@dataclasses.dataclass
class Figure:
    section: str
    metric: str
    ours: float
    unit: str
    against: str = ""
    theirs: float = None
    # The ratio that performance is held to, with its direction: "<= 0.75" or ">= 1.5".
    goal: str = ""

    @property
    def ratio(self):
        return self.ours / self.theirs if self.theirs and self.ours is not None else None

    @property
    def is_met(self):
        if not self.goal or self.ratio is None:
            return None
        sign, bound = self.goal.split()
        return self.ratio <= float(bound) if sign == "<=" else self.ratio >= float(bound)


class Figures:
    def __init__(self):
        self.all = []

    def section(self, title):
        print(f"\n## {title}\n\n| metric | gatehouse | against | | ratio | goal |\n|---|---|---|---|---|---|", flush=True)

    def add(self, *args, **kwargs):
        figure = Figure(*args, **kwargs)
        self.all.append(figure)
        ratio = "-" if figure.ratio is None else f"{figure.ratio:.3g}"
        met = {None: "", True: ", met", False: ", missed"}[figure.is_met]
        print(f"| {figure.metric} | {text(figure.ours)} {figure.unit} | {figure.against} | {text(figure.theirs)} | "
              f"{ratio} | {figure.goal}{met} |", flush=True)

    @property
    def json(self):
        return [dict(dataclasses.asdict(f), ratio=f.ratio, met=f.is_met) for f in self.all]


def text(value):
    return "-" if value is None else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


@dataclasses.dataclass
class Run:
    """One command: seconds by the clock and of the processor, peak memory in MB, and what it printed."""
    wall: float
    cpu: float
    peak: float
    output: bytes


def run(command, env=None, cwd=None, stdin=None, check=True):
    begun = time.monotonic()
    with subprocess.Popen(command, env=env, cwd=cwd, stdin=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as child:
        output = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begun
    if check and child.returncode:
        raise RuntimeError(f"{' '.join(command)} failed with {child.returncode}")
    # ru_maxrss is inherited from the parent until the program is started: it is too high for small programs only.
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def best(count, command, **kwargs):
    """The run with the least processor time of several."""
    return min((run(command, **kwargs) for _ in range(count)), key=lambda done: done.cpu)


def cpu_of(pid):
    """Processor seconds that a process has used so far."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_of(pid):
    """Peak memory of a process in MB."""
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))


def save(path, figures, raw):
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(path, "w") as file:
        json.dump({"figures": figures.json, "load_average": os.getloadavg(), "cores": os.cpu_count(),
                   "cpu_seconds": usage.ru_utime + usage.ru_stime, "raw": raw}, file, indent=1)
