"""probe 1: does what the lab's Prober asks for with units that threading.Thread() creates; with 2, multiprocessing.Process()."""
import json
import multiprocessing
import os
import sys
import threading
import time

import peer

TURNS = 400_000
written = 0


def os_task():
    return os.readlink("/proc/thread-self")


def wait_here(ids, let_go):
    ids.put(os_task())
    let_go.wait()


def write_there():
    global written
    written = 42


def spin(seconds, ended):
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        pass
    ended.release()


def wake(ready, over, gap):
    longest, last = 0, time.monotonic_ns()
    ready.set()
    while not over.is_set():
        time.sleep(0.001)
        now = time.monotonic_ns()
        longest, last = max(longest, now - last), now
    gap.put(longest)


def move(moved):
    seen = set()
    for _ in range(20):
        seen.add(os_task())
        time.sleep(0.001)
    moved.put(len(seen) > 1)


def main():
    if sys.argv[1] == "1":
        import queue

        unit, event, line, semaphore = threading.Thread, threading.Event, queue.Queue, threading.Semaphore
    else:
        unit, event = multiprocessing.Process, multiprocessing.Event
        line, semaphore = multiprocessing.Queue, multiprocessing.Semaphore

    def start(units, code, *args):
        all_of_them = [unit(target=code, args=args) for _ in range(units)]
        for one in all_of_them:
            one.start()
        return all_of_them

    def join(all_of_them):
        for one in all_of_them:
            one.join()

    def say(**answer):
        print(json.dumps(answer), flush=True)

    say(probe=1)
    for command in sys.stdin:
        words = command.split()
        if words[0] == "wait":
            ids, let_go = line(), event()
            units = start(int(words[1]), wait_here, ids, let_go)
            say(ids=[ids.get() for _ in units])
            sys.stdin.readline()  # release
            let_go.set()
            join(units)
            say()
        elif words[0] == "write":
            join(start(1, write_there))
            say(seen=written)
        elif words[0] == "burn":
            join(start(int(words[1]), peer.turns, 1, TURNS))
            say()
        elif words[0] == "tick":
            ready, over, gap, ended = event(), event(), line(), semaphore(0)
            waking = start(1, wake, ready, over, gap)
            ready.wait()
            units = start(int(words[1]), spin, int(words[2]) / 1000, ended)
            for _ in units:
                ended.acquire()
            over.set()
            longest = gap.get()
            join(units + waking)
            say(gap=longest)
        elif words[0] == "move":
            moved = line()
            units = start(8, move, moved)
            say(moved=sum(moved.get() for _ in units))
            join(units)


if __name__ == "__main__":
    main()
