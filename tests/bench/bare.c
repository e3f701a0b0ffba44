/* What the system calls alone cost: the yardstick of the benchmarks, not a supervisor. It opens the
 * pipes and log files a supervisor would, creates processes with vfork, sleeps in epoll, copies
 * output with read and write, reaps and restarts. It has no configuration, no users, no protocol.
 *
 *   bench_bare daemon LOGDIR COUNT CMD...   supervise COUNT times CMD, restart what exits
 *   bench_bare once LOGDIR COUNT CMD...     the same without restarts
 *   bench_bare statusd SOCKET BYTES         answer every HTTP request with a body of BYTES
 *   bench_bare status SOCKET                ask once, print the body
 *   bench_bare calls SOCKET COUNT METHOD [NAME]
 *                                           call a method COUNT times on one connection, print the
 *                                           nanoseconds of all together
 *   bench_bare launch FILE CMD...           note the time in FILE, become CMD; orphans come to it
 *   bench_bare time CMD...                  print the nanoseconds CMD takes; its output is dropped
 *   bench_bare gone FILE                    wait until no pid in FILE is a zombie, print the time
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kStdin, kStdout, kStderr, kBufferBytes = 64 * 1024, kSignals = -1 };

struct program {
  pid_t pid;
  int pipes[3]; /* our ends */
  int logs[3];  /* [1] and [2] */
};

struct supervisor {
  struct program* programs;
  int count;
  int running;
  int restarts; /* boolean */
  int stopping; /* boolean */
  int epoll;
  char** command;
  sigset_t child_mask;
};

static char buffer[kBufferBytes];

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void fail(const char* what) {
  perror(what);
  exit(2);
}

static void must(int result, const char* what) {
  if (result < 0)
    fail(what);
}

/* Supervision -----------------------------------------------------------------------------------
 */

static void watch(struct supervisor* s, int fd, int64_t tag) {
  struct epoll_event event = {.events = EPOLLIN, .data = {.u64 = (uint64_t)tag}};
  must(epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

static void become_command(const struct supervisor* s, int ends[3]) {
  for (int i = 0; i < 3; ++i)
    dup2(ends[i], i);
  setpgid(0, 0);
  sigprocmask(SIG_SETMASK, &s->child_mask, NULL);
  execv(s->command[0], s->command);
  _exit(127);
}

static void spawn(struct supervisor* s, int index) {
  struct program* p = &s->programs[index];
  int ends[3];
  for (int i = 0; i < 3; ++i) {
    int fds[2];
    must(pipe2(fds, O_CLOEXEC), "pipe2");
    p->pipes[i] = fds[i == kStdin ? 1 : 0];
    ends[i] = fds[i == kStdin ? 0 : 1];
    must(fcntl(p->pipes[i], F_SETFL, O_NONBLOCK), "fcntl");
  }
  p->pid = vfork();
  must(p->pid, "vfork");
  if (p->pid == 0)
    become_command(s, ends);
  for (int i = 0; i < 3; ++i)
    close(ends[i]);
  for (int i = kStdout; i <= kStderr; ++i)
    watch(s, p->pipes[i], (int64_t)index * 4 + i);
  ++s->running;
}

static void open_logs(struct program* p, const char* folder, int index) {
  for (int i = kStdout; i <= kStderr; ++i) {
    char path[4096];
    snprintf(path, sizeof path, "%s/p%04d.%s", folder, index, i == kStdout ? "out" : "err");
    p->logs[i] = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    must(p->logs[i], path);
  }
}

static ssize_t copy_output(struct program* p, int stream) {
  const ssize_t length = read(p->pipes[stream], buffer, sizeof buffer);
  if (length > 0 && write(p->logs[stream], buffer, (size_t)length) != length)
    fail("write");
  return length;
}

static void after_exit(struct supervisor* s, int index) {
  struct program* p = &s->programs[index];
  for (int i = kStdout; i <= kStderr; ++i) {
    while (copy_output(p, i) > 0) {
    }
  }
  for (int i = 0; i < 3; ++i)
    close(p->pipes[i]);
  p->pid = 0;
  --s->running;
  if (s->restarts && !s->stopping)
    spawn(s, index);
}

static void reap(struct supervisor* s) {
  pid_t pid;
  while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
    for (int i = 0; i < s->count; ++i) {
      if (s->programs[i].pid == pid) {
        after_exit(s, i);
        break;
      }
    }
  }
}

static void on_signal(struct supervisor* s, int fd) {
  struct signalfd_siginfo info;
  while (read(fd, &info, sizeof info) == sizeof info) {
    if (info.ssi_signo == SIGCHLD) {
      reap(s);
    } else {
      s->stopping = 1;
      for (int i = 0; i < s->count; ++i) {
        if (s->programs[i].pid > 0)
          kill(s->programs[i].pid, SIGTERM);
      }
    }
  }
}

static void run_loop(struct supervisor* s, int signals) {
  while (!s->stopping || s->running > 0) {
    struct epoll_event events[64];
    const int ready = epoll_wait(s->epoll, events, 64, -1);
    if (ready < 0 && errno != EINTR)
      fail("epoll_wait");
    for (int i = 0; i < ready; ++i) {
      const int64_t tag = (int64_t)events[i].data.u64;
      struct program* p = tag == kSignals ? NULL : &s->programs[tag / 4];
      if (p == NULL) {
        on_signal(s, signals);
      } else if (p->pid > 0 && copy_output(p, (int)(tag % 4)) == 0) {
        epoll_ctl(s->epoll, EPOLL_CTL_DEL, p->pipes[tag % 4], NULL);
      }
    }
  }
}

static int supervise(int restarts, const char* folder, int count, char** command) {
  struct supervisor s = {.count = count, .restarts = restarts, .command = command};
  s.programs = calloc((size_t)count, sizeof *s.programs);
  s.epoll = epoll_create1(EPOLL_CLOEXEC);
  sigset_t handled;
  sigemptyset(&handled);
  sigaddset(&handled, SIGCHLD);
  sigaddset(&handled, SIGTERM);
  sigprocmask(SIG_BLOCK, &handled, &s.child_mask);
  const int signals = signalfd(-1, &handled, SFD_NONBLOCK | SFD_CLOEXEC);
  if (s.programs == NULL || s.epoll < 0 || signals < 0)
    fail("setup");
  watch(&s, signals, kSignals);
  for (int i = 0; i < count; ++i) {
    open_logs(&s.programs[i], folder, i);
    spawn(&s, i);
  }
  run_loop(&s, signals);
  return 0;
}

/* Status ----------------------------------------------------------------------------------------
 */

static int unix_socket(const char* path, struct sockaddr_un* address) {
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  strncpy(address->sun_path, path, sizeof address->sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(fd, "socket");
  return fd;
}

static void send_all(int fd, const char* bytes, size_t length) {
  while (length > 0) {
    const ssize_t sent = write(fd, bytes, length);
    must((int)sent, "write");
    bytes += sent;
    length -= (size_t)sent;
  }
}

static void serve_status(const char* path, size_t body_bytes) {
  struct sockaddr_un address;
  const int listener = unix_socket(path, &address);
  char* answer = malloc(body_bytes + 256);
  if (answer == NULL)
    fail("malloc");
  const int head = sprintf(answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", body_bytes);
  memset(answer + head, 'x', body_bytes);
  must(bind(listener, (struct sockaddr*)&address, sizeof address), path);
  must(listen(listener, 16), "listen");
  for (;;) {
    const int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    must(fd, "accept");
    while (read(fd, buffer, sizeof buffer) > 0)
      send_all(fd, answer, (size_t)head + body_bytes);
    close(fd);
  }
}

static int ask_status(const char* path) {
  static const char kRequest[] =
      "POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
  struct sockaddr_un address;
  const int fd = unix_socket(path, &address);
  must(connect(fd, (struct sockaddr*)&address, sizeof address), path);
  send_all(fd, kRequest, sizeof kRequest - 1);
  shutdown(fd, SHUT_WR);
  ssize_t length;
  while ((length = read(fd, buffer, sizeof buffer)) > 0)
    send_all(1, buffer, (size_t)length);
  return 0;
}

/* Reads one answer; its length is found in its head. */
static void read_answer(int fd) {
  size_t have = 0;
  char* end = NULL;
  while (end == NULL) {
    const ssize_t length = read(fd, buffer + have, sizeof buffer - 1 - have);
    must(length > 0 ? 0 : -1, "answer");
    have += (size_t)length;
    buffer[have] = '\0';
    end = strstr(buffer, "\r\n\r\n");
  }
  const char* field = strcasestr(buffer, "\r\nContent-Length: ");
  if (strncmp(buffer + strlen("HTTP/1.1 "), "200", 3) != 0 || field == NULL)
    fail("no proper answer");
  size_t left = strtoul(field + strlen("\r\nContent-Length: "), NULL, 10);
  left -= have - (size_t)(end + 4 - buffer);
  while (left > 0) {
    const ssize_t length = read(fd, buffer, left < sizeof buffer ? left : sizeof buffer);
    must(length > 0 ? 0 : -1, "answer");
    left -= (size_t)length;
  }
}

static int call_often(const char* path, int count, const char* method, const char* name) {
  static const char kParam[] = "<param><value><string>%s</string></value></param>";
  char param[1024] = "";
  char body[2048];
  char request[4096];
  if (name != NULL)
    snprintf(param, sizeof param, kParam, name);
  snprintf(body, sizeof body,
           "<?xml version='1.0'?><methodCall><methodName>%s</methodName><params>%s</params>"
           "</methodCall>",
           method, param);
  const int size = snprintf(request, sizeof request,
                            "POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\n"
                            "Connection: keep-alive\r\nContent-Length: %zu\r\n\r\n%s",
                            strlen(body), body);
  struct sockaddr_un address;
  const int fd = unix_socket(path, &address);
  must(connect(fd, (struct sockaddr*)&address, sizeof address), path);
  int64_t begin = 0;
  for (int i = 0; i <= count; ++i) {
    if (i == 1)
      begin = now_ns(); /* the first one is not counted */
    send_all(fd, request, (size_t)size);
    read_answer(fd);
  }
  printf("%lld\n", (long long)(now_ns() - begin));
  return 0;
}

/* Tools -----------------------------------------------------------------------------------------
 */

static int launch(const char* file, char** command) {
  FILE* out = fopen(file, "w");
  if (out == NULL)
    fail(file);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  fprintf(out, "%lld\n", (long long)now_ns());
  fclose(out);
  execv(command[0], command);
  fail(command[0]);
  return 2;
}

static int time_command(char** command) {
  const int64_t begin = now_ns();
  const pid_t pid = vfork();
  must(pid, "vfork");
  if (pid == 0) {
    const int null = open("/dev/null", O_WRONLY);
    dup2(null, 1);
    execv(command[0], command);
    _exit(127);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  const int64_t end = now_ns();
  printf("%lld\n", (long long)(end - begin));
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* Pids are used again: what is there may be somebody else, who is alive. */
static int is_zombie(pid_t pid) {
  char text[256], path[64];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  const int fd = kill(pid, 0) == 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (fd < 0)
    return 0;
  const ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  text[length > 0 ? length : 0] = '\0';
  const char* state = strstr(text, ") ");
  return state != NULL && state[2] == 'Z';
}

static int wait_until_gone(const char* file) {
  FILE* pids = fopen(file, "r");
  if (pids == NULL)
    fail(file);
  int pid = 0;
  while (fscanf(pids, "%d", &pid) == 1) {
    while (is_zombie(pid))
      usleep(200);
  }
  printf("%lld\n", (long long)now_ns());
  return 0;
}

int main(int argc, char** argv) {
  const char* verb = argc > 2 ? argv[1] : "";
  if (argc > 4 && (strcmp(verb, "daemon") == 0 || strcmp(verb, "once") == 0)) {
    return supervise(strcmp(verb, "daemon") == 0, argv[2], atoi(argv[3]), argv + 4);
  }
  if (argc > 3 && strcmp(verb, "statusd") == 0)
    serve_status(argv[2], (size_t)atoll(argv[3]));
  if (strcmp(verb, "status") == 0)
    return ask_status(argv[2]);
  if (argc > 4 && strcmp(verb, "calls") == 0)
    return call_often(argv[2], atoi(argv[3]), argv[4], argc > 5 ? argv[5] : NULL);
  if (argc > 3 && strcmp(verb, "launch") == 0)
    return launch(argv[2], argv + 3);
  if (strcmp(verb, "time") == 0)
    return time_command(argv + 2);
  if (strcmp(verb, "gone") == 0)
    return wait_until_gone(argv[2]);
  fprintf(stderr, "usage: see the comment in bare.c\n");
  return 2;
}
