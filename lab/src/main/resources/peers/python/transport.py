"""transport WAY MESSAGES LONGS: sends arrays of so many longs to another process, which adds them all up; then round trips.

WAY is 1 for a Queue, 2 for a Pipe, 3 for shared memory with a semaphore on each side.
"""
import array
import multiprocessing
import multiprocessing.shared_memory
import sys
import time

import peer

TRIPS = 200


def add(receive, messages, answer):
    total = 0
    for _ in range(messages):
        total += sum(receive())
    answer(total)


def over_queue(jobs, answers, messages):
    add(jobs.get, messages, answers.put)
    for _ in range(TRIPS):
        answers.put(jobs.get())


def over_pipe(end, messages):
    add(end.recv, messages, end.send)
    for _ in range(TRIPS):
        end.send(end.recv())


def over_memory(name, longs, full, free, messages, answers):
    memory = multiprocessing.shared_memory.SharedMemory(name)
    view = memory.buf.cast("q")

    def receive():
        full.acquire()
        copy = view[:longs].tolist()
        free.release()
        return copy

    add(receive, messages, answers.put)
    for _ in range(TRIPS):
        full.acquire()
        free.release()
    view.release()
    memory.close()


def measured(send, receive_answer, trip, messages, longs, other):
    """other: the process on the other side, started; the first message is sent when it answers."""
    start = time.monotonic_ns()
    for message in range(messages):
        send(array.array("q", [message]) * longs)
    total = receive_answer()
    nanos = time.monotonic_ns() - start
    latencies = []
    for _ in range(TRIPS):
        began = time.monotonic_ns()
        trip()
        latencies.append(time.monotonic_ns() - began)
    other.join()
    facts = {"nanos per message": nanos // messages, "round trip": sorted(latencies)[TRIPS // 2]}
    peer.report(nanos, checksum=total, latencies=latencies, **facts)


if __name__ == "__main__":
    way, messages, longs = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    if way == 1:
        jobs, answers = multiprocessing.Queue(), multiprocessing.Queue()
        other = multiprocessing.Process(target=over_queue, args=(jobs, answers, messages))
        other.start()

        def trip():
            jobs.put(1)
            answers.get()

        measured(jobs.put, answers.get, trip, messages, longs, other)
    elif way == 2:
        mine, theirs = multiprocessing.Pipe()
        other = multiprocessing.Process(target=over_pipe, args=(theirs, messages))
        other.start()

        def trip():
            mine.send(1)
            mine.recv()

        measured(mine.send, mine.recv, trip, messages, longs, other)
    else:
        memory = multiprocessing.shared_memory.SharedMemory(create=True, size=longs * 8)
        view = memory.buf.cast("q")
        full, free = multiprocessing.Semaphore(0), multiprocessing.Semaphore(1)
        answers = multiprocessing.Queue()
        other = multiprocessing.Process(
            target=over_memory, args=(memory.name, longs, full, free, messages, answers))
        other.start()

        def send(elements):
            free.acquire()
            view[:longs] = elements
            full.release()

        def trip():
            free.acquire()
            full.release()
            free.acquire()
            free.release()

        measured(send, answers.get, trip, messages, longs, other)
        view.release()
        memory.close()
        memory.unlink()
