/*
 * What a take-over costs on this machine before anything of .NET is in it: a process with 20 threads and so much memory is
 * killed; another one learns of it by a robust mutex, and a baton then goes through so many sleeping processes, each of which
 * computes for so long. Prints the time from kill -9 to the baton's end.
 *
 *   gcc -O2 -pthread -o /tmp/takeover benchmarks/floor/takeover.c && /tmp/takeover 70 6 0.5 25
 *
 * Arguments: megabytes of the killed process, processes that the baton goes through (0 to 14), milliseconds of computing in each,
 * repetitions. docs/decisions/074 has what it showed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORDS = 16, THREADS = 20, MAPPINGS = 200, PAGE = 4096 };

struct shared {
    pthread_mutex_t life;    /* held by the process that is killed */
    _Atomic int is_up;
    _Atomic int baton[WORDS]; /* 0: back at the start */
};

static struct shared *shared;

static double milliseconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void wait_while(_Atomic int *word, int value)
{
    while (atomic_load(word) == value)
        syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
}

static void pass(int to, int turn)
{
    atomic_store(&shared->baton[to], turn + 1);
    syscall(SYS_futex, &shared->baton[to], FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void carry(int place, int places, double work)
{
    for (int turn = 0;; turn++) {
        wait_while(&shared->baton[place], turn);
        for (double begin = milliseconds(CLOCK_THREAD_CPUTIME_ID); milliseconds(CLOCK_THREAD_CPUTIME_ID) - begin < work;)
            ;
        pass(place == places ? 0 : place + 1, turn);
    }
}

static void *sleep_for_ever(void *unused)
{
    for (;;)
        pause();
    return unused;
}

static void *hold(void *unused)
{
    pthread_mutex_lock(&shared->life);
    atomic_store(&shared->is_up, 1);
    return sleep_for_ever(unused);
}

static void live(size_t megabytes)
{
    size_t piece = (megabytes << 20) / MAPPINGS;
    for (int i = 0; i < MAPPINGS && piece > 0; i++) {
        char *memory = mmap(NULL, piece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (size_t at = 0; memory != MAP_FAILED && at < piece; at += PAGE)
            memory[at] = 1;
    }

    pthread_t thread;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&thread, NULL, sleep_for_ever, NULL);
    pthread_create(&thread, NULL, hold, NULL);
    sleep_for_ever(NULL);
}

static pid_t start(void)
{
    pid_t child = fork();
    if (child == 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    return child;
}

static int compare(const void *left, const void *right)
{
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

int main(int count, char **arguments)
{
    int places = count == 5 ? atoi(arguments[2]) : -1, times = count == 5 ? atoi(arguments[4]) : 0;
    if (places < 0 || places >= WORDS - 1 || times < 1) {
        fprintf(stderr, "usage: takeover <MiB> <places, 0 to 14> <milliseconds in each> <times>\n");
        return 2;
    }

    double work = atof(arguments[3]), *took = calloc(times, sizeof *took);
    shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t robust;
    pthread_mutexattr_init(&robust);
    pthread_mutexattr_setpshared(&robust, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST);
    for (int place = 1; place <= places; place++)
        if (start() == 0)
            carry(place, places, work);

    for (int turn = 0; turn < times; turn++) {
        pthread_mutex_init(&shared->life, &robust);
        atomic_store(&shared->is_up, 0);
        pid_t victim = start();
        if (victim == 0)
            live(atoi(arguments[1]));
        while (!atomic_load(&shared->is_up))
            usleep(1000);
        usleep(300 * 1000); /* what its start has set off is over */

        double begin = milliseconds(CLOCK_MONOTONIC);
        kill(victim, SIGKILL);
        if (pthread_mutex_lock(&shared->life) != EOWNERDEAD)
            return 1;
        pthread_mutex_consistent(&shared->life);
        pthread_mutex_unlock(&shared->life);
        if (places > 0) {
            pass(1, turn);
            wait_while(&shared->baton[0], turn);
        }

        took[turn] = milliseconds(CLOCK_MONOTONIC) - begin;
        waitpid(victim, NULL, 0);
    }

    qsort(took, times, sizeof *took, compare);
    printf("%s MiB, %d places of %.1f ms, %d times: median %.1f ms, %.1f to %.1f ms\n",
        arguments[1], places, work, times, took[times / 2], took[0], took[times - 1]);
    return 0;
}
