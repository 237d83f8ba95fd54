/* turns TASKS TURNS: shares the turns out among threads. */
#include "peer.h"

static int64_t each;

static void *work(void *start) {
    return (void *) turns((uint64_t) start, each);
}

int main(int argc, char **argv) {
    int tasks = atoi(argv[1]);
    each = atoll(argv[2]) / tasks;
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
