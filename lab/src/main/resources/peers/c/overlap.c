/* overlap TASKS NANOS: every thread waits so long and then does the turns of one; the waits overlap. */
#include "peer.h"

static int64_t wait_nanos;

static void *work(void *start) {
    struct timespec t = {wait_nanos / 1000000000, wait_nanos % 1000000000};
    nanosleep(&t, NULL);
    return (void *) turns((uint64_t) start, 1000);
}

int main(int argc, char **argv) {
    int tasks = atoi(argv[1]);
    wait_nanos = atoll(argv[2]);
    pthread_t threads[tasks];
    int64_t start = now();
    for (int i = 0; i < tasks; i++) {
        check(pthread_create(&threads[i], NULL, work, (void *) (uintptr_t) (i + 1)), "pthread_create");
    }
    uint64_t sum = 0;
    for (int i = 0; i < tasks; i++) {
        void *end;
        check(pthread_join(threads[i], &end), "pthread_join");
        sum += (uint64_t) end;
    }
    report(now() - start);
    fact("checksum", (int64_t) sum);
    report_end();
    return 0;
}
