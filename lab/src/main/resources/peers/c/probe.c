/* probe: does what the lab's Prober asks for, with units that pthread_create() creates. */
#include "peer.h"

#include <stdatomic.h>

#define TURNS 40000000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t let_go = PTHREAD_COND_INITIALIZER;
static int held;
static atomic_int arrived, ended, moved, written;
static char ids[1024][64];
static atomic_ullong sum;
static int64_t spin_nanos;
static int spinning;

static void os_task(char *id) {
    ssize_t length = readlink("/proc/thread-self", id, 63);
    id[length < 0 ? 0 : length] = 0;
}

static void *wait_here(void *number) {
    os_task(ids[(intptr_t) number]);
    pthread_mutex_lock(&lock);
    arrived++;
    while (held) pthread_cond_wait(&let_go, &lock);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void *write_there(void *unused) {
    written = 42;
    return unused;
}

static void *burn(void *start) {
    sum += turns((uint64_t) start, TURNS);
    return NULL;
}

static void *spin(void *unused) {
    int64_t start = now();
    while (now() - start < spin_nanos) {}
    ended++;
    return unused;
}

static void millisecond(void) {
    struct timespec t = {0, 1000000};
    nanosleep(&t, NULL);
}

static void *wake(void *unused) {
    int64_t longest = 0, last = now();
    arrived++;
    while (ended < spinning) {
        millisecond();
        int64_t t = now();
        if (t - last > longest) longest = t - last;
        last = t;
    }
    (void) unused;
    return (void *) longest;
}

static void *move(void *unused) {
    char first[64], id[64];
    int other = 0;
    os_task(first);
    for (int i = 0; i < 20; i++) {
        millisecond();
        os_task(id);
        if (strcmp(first, id) != 0) other = 1;
    }
    moved += other;
    return unused;
}

static void start(pthread_t *unit, void *(*code)(void *), intptr_t argument) {
    check(pthread_create(unit, NULL, code, (void *) argument), "pthread_create");
}

static void run(int units, void *(*code)(void *)) {
    pthread_t all[units];
    for (int i = 0; i < units; i++) start(&all[i], code, i + 1);
    for (int i = 0; i < units; i++) check(pthread_join(all[i], NULL), "pthread_join");
}

int main(void) {
    char line[128];
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("{\"probe\":1}\n");
    while (fgets(line, sizeof line, stdin)) {
        int n;
        if (sscanf(line, "wait %d", &n) == 1) {
            pthread_t all[n];
            held = 1;
            arrived = 0;
            for (int i = 0; i < n; i++) start(&all[i], wait_here, i);
            while (arrived < n) millisecond();
            printf("{\"ids\":[");
            for (int i = 0; i < n; i++) printf("%s\"%s\"", i ? "," : "", ids[i]);
            printf("]}\n");
            if (!fgets(line, sizeof line, stdin)) return 0;
            pthread_mutex_lock(&lock);
            held = 0;
            pthread_cond_broadcast(&let_go);
            pthread_mutex_unlock(&lock);
            for (int i = 0; i < n; i++) check(pthread_join(all[i], NULL), "pthread_join");
            printf("{}\n");
        } else if (strncmp(line, "write", 5) == 0) {
            run(1, write_there);
            printf("{\"seen\":%d}\n", written);
        } else if (sscanf(line, "burn %d", &n) == 1) {
            run(n, burn);
            printf("{\"checksum\":%llu}\n", sum >> 1);
        } else if (sscanf(line, "tick %d %" SCNd64, &n, &spin_nanos) == 2) {
            pthread_t waking;
            void *gap;
            spin_nanos *= 1000000;
            spinning = n;
            ended = arrived = 0;
            start(&waking, wake, 0);
            while (arrived < 1) millisecond();
            run(n, spin);
            check(pthread_join(waking, &gap), "pthread_join");
            printf("{\"gap\":%" PRId64 "}\n", (int64_t) gap);
        } else if (strncmp(line, "move", 4) == 0) {
            run(8, move);
            printf("{\"moved\":%d}\n", moved);
        } else {
            return 2;
        }
    }
    return 0;
}
