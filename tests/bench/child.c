/* The supervised program of the benchmarks. All times are CLOCK_MONOTONIC in nanoseconds.
 *
 *   bench_child start FILE                  append "<now> <pid>" to FILE, then sleep for ever
 *   bench_child write FILE GATE BYTES CHUNK when GATE appears write BYTES to stdout in CHUNKs;
 * append
 *                                           "<begin> <end>"
 *   bench_child orphans FILE GATE COUNT     make COUNT zombies, their pids in FILE.pids; append
 * "<now> <COUNT>"; when GATE appears the same again, and exit
 *   bench_child storm FILE GATE COUNT       when GATE appears append "<now> <COUNT>", then leave COUNT
 *                                           orphans of a process each behind, their pids in
 *                                           FILE.pids; append the same again, and sleep for ever
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void fail(const char* what) {
  perror(what);
  _exit(2);
}

/* One write, so that lines of many processes do not mix. */
static void append_line(const char* file, int64_t first, int64_t second) {
  char line[64];
  const int length =
      snprintf(line, sizeof line, "%lld %lld\n", (long long)first, (long long)second);
  const int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0 || write(fd, line, (size_t)length) != length)
    fail(file);
  close(fd);
}

static void sleep_for_ever(void) {
  for (;;)
    pause();
}

static void wait_for(const char* gate) {
  while (access(gate, F_OK) != 0)
    usleep(1000);
}

static void write_output(const char* file, int64_t bytes, size_t chunk) {
  char* line = malloc(chunk);
  if (line == NULL)
    fail("malloc");
  memset(line, 'x', chunk);
  line[chunk - 1] = '\n';
  const int64_t begin = now_ns();
  for (int64_t done = 0; done < bytes;) {
    const ssize_t written = write(1, line, chunk);
    if (written < 0)
      fail("write");
    done += written;
  }
  append_line(file, begin, now_ns());
}

static FILE* open_pids(const char* file) {
  char pids_file[4096];
  snprintf(pids_file, sizeof pids_file, "%s.pids", file);
  FILE* pids = fopen(pids_file, "w");
  if (pids == NULL)
    fail(pids_file);
  return pids;
}

static void make_zombies(const char* file, int count) {
  FILE* pids = open_pids(file);
  for (int i = 0; i < count; ++i) {
    const pid_t pid = vfork(); /* cheap: the child is gone when the parent goes on */
    if (pid < 0)
      fail("vfork");
    if (pid == 0)
      _exit(0);
    siginfo_t info;
    waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT); /* it stays a zombie */
    fprintf(pids, "%d\n", pid);
  }
  fclose(pids);
}

/* Leaves a process behind whose parent has ended; its pid. vfork twice: Linux lets the innermost
 * run first, in our memory. With fork, which takes far longer, the storm would be a breeze. */
static pid_t leave_orphan(void) {
  static volatile pid_t orphan;
  const pid_t parent = vfork();
  if (parent < 0)
    fail("vfork");
  if (parent == 0) {
    const pid_t child = vfork();
    if (child == 0)
      _exit(0);
    orphan = child;
    _exit(0);
  }
  waitpid(parent, NULL, 0);
  return orphan;
}

static void make_storm(const char* file, int count) {
  FILE* pids = open_pids(file);
  for (int i = 0; i < count; ++i)
    fprintf(pids, "%d\n", leave_orphan());
  fclose(pids);
}

int main(int argc, char** argv) {
  const int64_t started = now_ns();
  if (argc >= 3 && strcmp(argv[1], "start") == 0) {
    append_line(argv[2], started, getpid());
    sleep_for_ever();
  }
  if (argc >= 6 && strcmp(argv[1], "write") == 0) {
    wait_for(argv[3]);
    write_output(argv[2], atoll(argv[4]), (size_t)atoll(argv[5]));
    sleep_for_ever();
  }
  if (argc >= 5 && strcmp(argv[1], "orphans") == 0) {
    make_zombies(argv[2], atoi(argv[4]));
    append_line(argv[2], now_ns(), atoi(argv[4]));
    wait_for(argv[3]);
    append_line(argv[2], now_ns(), atoi(argv[4]));
    return 0;
  }
  if (argc >= 5 && strcmp(argv[1], "storm") == 0) {
    wait_for(argv[3]);
    append_line(argv[2], now_ns(), atoi(argv[4]));
    make_storm(argv[2], atoi(argv[4]));
    append_line(argv[2], now_ns(), atoi(argv[4]));
    sleep_for_ever();
  }
  fprintf(stderr, "usage: see the comment in child.c\n");
  return 2;
}
