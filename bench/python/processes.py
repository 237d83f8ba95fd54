#!/usr/bin/env python3
"""The shapes of `bench/run processes` on CPython: processes.py SHAPE full|smoke.

Prints a line for each row, its name, a blank and its number, as the processes of the JVMs do. Each function does what its
namesake in Java does, and repeats as Measurement.java does; it has nothing to compile, so one warm-up will do. Processes are started by the platform's default
method; pools are concurrent.futures.ProcessPoolExecutor, and queues are as multiprocessing.Queue makes them by default.
"""

import multiprocessing as mp
import os
import signal
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor

WARM_UP_SECONDS = 2.0
MEASURED_SECONDS = 1.0
LEAST_WARM_UPS = 2
LEAST_MEASURED = 3
SMOKE_FACTOR = 100
CUT_OFF_SECONDS = 5.0

ELEMENTS = [bytes([i]) * 64 for i in range(256)]

smoke = sys.argv[-1] == "smoke"


def size(full):
    return max(1, full // SMOKE_FACTOR) if smoke else full


def report(row, value):
    print(row, "Infinity" if value == float("inf") else value, flush=True)


def median(run):
    def repeat(seconds, least):
        values = []
        end = time.monotonic() + (seconds / SMOKE_FACTOR if smoke else seconds)
        while len(values) < least or time.monotonic() < end:
            values.append(run())
        return values

    repeat(WARM_UP_SECONDS, LEAST_WARM_UPS)
    return statistics.median(repeat(MEASURED_SECONDS, LEAST_MEASURED))


def micros(start, count):
    return (time.perf_counter() - start) * 1e6 / count


def millis(start):
    return (time.perf_counter() - start) * 1e3


def check(is_so, what):
    if not is_so:
        raise SystemExit("wrong: " + what)


# ---- Pooling


def nothing():
    return 0


def add_one(number):
    return number + 1


def check_sum(total, many):
    check(total == many * (many + 1) // 2, f"{many} numbers gave {total}")


def submit_join():
    times = size(2_000)
    with ProcessPoolExecutor(1) as pool:

        def once():
            start = time.perf_counter()
            for _ in range(times):
                pool.submit(nothing).result()
            return micros(start, times)

        report("submit-join", median(once))


def map_numbers(pool, many, chunk_size):
    start = time.perf_counter()
    check_sum(sum(pool.map(add_one, range(many), chunksize=chunk_size)), many)
    return micros(start, many)


def single_tasks():
    with ProcessPoolExecutor(2) as pool:
        report("single-tasks", median(lambda: map_numbers(pool, size(5_000), 1)))


def map_chunks():
    with ProcessPoolExecutor(2) as pool:
        report("map-1", median(lambda: map_numbers(pool, size(5_000), 1)))
        many = size(200_000)
        report("map-chunks", min(median(lambda: map_numbers(pool, many, n)) for n in (10, 100, 1_000, 10_000)))


# ---- Crossing


def serve(work, commands):
    """What a process does that is there already: as much work as it is told, until it is told 0."""
    for times in iter(commands.recv, 0):
        commands.send(work(times))


class Peer:
    """Another process, which does some work when it is told."""

    def __init__(self, work):
        self.commands, theirs = mp.Pipe()
        self.process = mp.Process(target=serve, args=(work, theirs), daemon=True)
        self.process.start()

    def start(self, times):
        self.commands.send(times)

    def join(self):
        return self.commands.recv()

    def close(self):
        self.commands.send(0)
        self.process.join()


class Send:
    def __init__(self, put):
        self.put = put

    def __call__(self, times):
        put = self.put
        for i in range(times):
            put(ELEMENTS[i & 255])
        return 0


class Receive:
    def __init__(self, get):
        self.get = get

    def __call__(self, times):
        get = self.get
        total = 0
        for _ in range(times):
            total += get()[-1]
        return total


class Ping:
    def __init__(self, put, get):
        self.put, self.get = put, get

    def __call__(self, times):
        put, get = self.put, self.get
        total = 0
        for i in range(times):
            put(ELEMENTS[i & 255])
            total += get()[0]
        return total


class Echo:
    def __init__(self, put, get):
        self.put, self.get = put, get

    def __call__(self, times):
        put, get = self.put, self.get
        total = 0
        for _ in range(times):
            element = get()
            total += element[0]
            put(element)
        return total


def check_elements(total, elements):
    check(total == sum(i & 255 for i in range(elements)), f"{elements} elements gave {total}")


def one_way(row, put, get, sends_here, receives_here):
    elements = size(50_000)
    sender = None if sends_here else Peer(Send(put))
    receiver = None if receives_here else Peer(Receive(get))

    def once():
        start = time.perf_counter()
        if receiver:
            receiver.start(elements)
        if sender:
            sender.start(elements)
        else:
            Send(put)(elements)
        total = receiver.join() if receiver else Receive(get)(elements)
        taken = micros(start, elements)
        if sender:
            sender.join()
        check_elements(total, elements)
        return taken

    report(row, median(once))
    for peer in (sender, receiver):
        if peer:
            peer.close()


def one_way_by_queue(row, sends_here, receives_here):
    queue = mp.Queue()
    one_way(row, queue.put, queue.get, sends_here, receives_here)


def round_trip(row, ping, echo, times):
    def once():
        start = time.perf_counter()
        echo.start(times)
        ping.start(times)
        total = ping.join()
        taken = micros(start, times)
        check_elements(total, times)
        check_elements(echo.join(), times)
        return taken

    report(row, median(once))


class Here:
    """The same as Peer in this process."""

    def __init__(self, work):
        self.work = work

    def start(self, times):
        self.total = self.work(times)

    def join(self):
        return self.total


def round_trips():
    there, back = mp.Queue(), mp.Queue()
    echo = Peer(Echo(back.put, there.get))
    round_trip("round-trip", Here(Ping(there.put, back.get)), echo, size(2_000))
    few = size(200)

    def once():
        taken = []
        echo.start(few)
        for i in range(few):
            time.sleep(0.001)
            start = time.perf_counter()
            there.put(ELEMENTS[i & 255])
            back.get()
            taken.append(micros(start, 1))
        check_elements(echo.join(), few)
        return statistics.median(taken)

    report("round-trip-paused", median(once))
    echo.close()


def round_trips_between_workers():
    there, back = mp.Queue(), mp.Queue()
    ping, echo = Peer(Ping(there.put, back.get)), Peer(Echo(back.put, there.get))
    round_trip("round-trip-between-workers", ping, echo, size(2_000))
    ping.close()
    echo.close()


def pipe():
    ours, theirs = mp.Pipe()
    one_way("pipe", ours.send, theirs.recv, True, False)
    echo = Peer(Echo(theirs.send, theirs.recv))
    round_trip("pipe-round-trip", Here(Ping(ours.send, ours.recv)), echo, size(2_000))
    echo.close()


# ---- Starting


def cold():
    worker, empty = [], []
    for _ in range(size(9) + 2):
        start = time.perf_counter()
        with ProcessPoolExecutor(1) as pool:
            pool.submit(nothing).result()
            worker.append(millis(start))
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", ""], check=True)
        empty.append(millis(start))
    of_worker, of_empty = statistics.median(worker[2:]), statistics.median(empty[2:])
    report("cold-worker", of_worker)
    report("cold-empty-main", of_empty)
    report("cold-ratio", of_worker / of_empty)


# ---- Dying

last_deed = None


def init(shared):
    global last_deed
    last_deed = shared


def halt():
    last_deed.value = time.monotonic_ns()
    os._exit(1)


def kill(number):
    last_deed.value = time.monotonic_ns()
    os.kill(os.getpid(), number)
    time.sleep(CUT_OFF_SECONDS)


def has_failed(future):
    try:
        return future.result() != 0
    except Exception:
        return True


def worst(at, others_failed, deadly, *args):
    longest = 0.0
    for _ in range(size(5)):
        with ProcessPoolExecutor(2, initializer=init, initargs=(at,)) as pool:
            pool.submit(nothing).result()
            others, victim = [], None
            try:
                for i in range(100):
                    if i == 10:
                        victim = pool.submit(deadly, *args)
                    else:
                        others.append(pool.submit(nothing))
            except Exception:  # the pool is broken already, and takes no more tasks
                pass
            check(victim is not None and has_failed(victim), "the task has survived its process")
            longest = max(longest, (time.monotonic_ns() - at.value) / 1e6)
            others_failed[0] += 99 - len(others) + sum(has_failed(other) for other in others)
    return longest


def death():
    at = mp.Value("q", 0, lock=False)
    others_failed = [0]
    report("death-halt", worst(at, others_failed, halt))
    report("death-kill-9", worst(at, others_failed, kill, signal.SIGKILL))
    report("death-crash", worst(at, others_failed, kill, signal.SIGSEGV))
    report("death-others", others_failed[0])


def spin():
    os.write(1, f"{os.getpid()}\n".encode())  # in one piece: two processes write to the same pipe
    while True:
        pass


def orphans_parent():
    """The program that is killed."""
    with ProcessPoolExecutor(2) as pool:
        for _ in range(2):
            pool.submit(spin)
        time.sleep(60)


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until_gone(pids):
    start = time.perf_counter()
    while any(is_alive(pid) for pid in pids):
        if time.perf_counter() - start > CUT_OFF_SECONDS:
            return float("inf")
        time.sleep(0.001)
    return millis(start)


def files():
    return {name for name in os.listdir("/dev/shm") if name.startswith(("psm_", "pym-", "sem.mp-"))}


def orphans():
    longest, left = 0.0, 0
    for _ in range(size(5)):
        before = files()
        parent = subprocess.Popen([sys.executable, __file__, "orphans-parent"], stdout=subprocess.PIPE, text=True)
        pids = [int(parent.stdout.readline()) for _ in range(2)]
        parent.kill()
        parent.wait()
        longest = max(longest, until_gone(pids))
        left += len(files() - before)
        for pid in filter(is_alive, pids):
            os.kill(pid, signal.SIGKILL)
    report("orphans-gone", longest)
    report("orphans-files", left)


SHAPES = {
    "submit-join": submit_join,
    "single-tasks": single_tasks,
    "map": map_chunks,
    "channel-to-worker": lambda: one_way_by_queue("channel-to-worker", True, False),
    "channel-from-worker": lambda: one_way_by_queue("channel-from-worker", False, True),
    "channel-between-workers": lambda: one_way_by_queue("channel-between-workers", False, False),
    "round-trip": round_trips,
    "round-trip-between-workers": round_trips_between_workers,
    "pipe": pipe,
    "cold": cold,
    "death": death,
    "orphans": orphans,
    "orphans-parent": orphans_parent,
}

if __name__ == "__main__":
    SHAPES[sys.argv[1]]()
