#define _GNU_SOURCE
#include "CNcurses.h"
#include "private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// ncurses writes where it wants and waits until the terminal took it all. So it writes to a file in memory, and what
// it wrote goes into a queue that is sent as the terminal takes it: a terminal that does not read stops nothing.
static int terminal = STDOUT_FILENO;  // never blocks, unless it could not be opened again
static int drawing = -1;              // ncurses' own: the terminal for its modes, the memory while it draws
static int memory = -1;
static int drawn_on = -1;  // the terminal, kept while `drawing` is the memory

static uint8_t *queue;
static size_t queue_start, queue_end, queue_capacity;
static int64_t taken;

FILE *gh_output_open(void) {
  const char *name = ttyname(STDOUT_FILENO);
  // Opened anew, because not to block is a trait of the open file, which the shell shares.
  int opened = name ? open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC) : -1;
  if (opened >= 0) terminal = opened;
  memory = memfd_create("gatehouse-screen", MFD_CLOEXEC);
  drawn_on = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  drawing = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  return memory >= 0 && drawn_on >= 0 && drawing >= 0 ? fdopen(drawing, "w") : NULL;
}

int gh_output_terminal(void) { return terminal; }

static bool reserve(size_t more) {
  if (queue_start == queue_end) queue_start = queue_end = 0;
  if (queue_end + more <= queue_capacity) return true;
  if (queue_start > 0) {
    memmove(queue, queue + queue_start, queue_end - queue_start);
    queue_end -= queue_start;
    queue_start = 0;
  }
  if (queue_end + more <= queue_capacity) return true;
  size_t capacity = (queue_end + more) * 2;
  uint8_t *larger = realloc(queue, capacity);
  if (larger == NULL) return false;
  queue = larger;
  queue_capacity = capacity;
  return true;
}

void gh_write(const uint8_t *bytes, int count) {
  if (count <= 0 || !reserve((size_t)count)) return;
  memcpy(queue + queue_end, bytes, (size_t)count);
  queue_end += (size_t)count;
}

void gh_draw_begin(void) { dup3(memory, drawing, O_CLOEXEC); }

void gh_draw_end(void) {
  dup3(drawn_on, drawing, O_CLOEXEC);
  off_t length = lseek(memory, 0, SEEK_CUR);
  if (length <= 0) return;
  uint8_t *drawn = malloc((size_t)length);
  if (drawn != NULL) {
    ssize_t count = pread(memory, drawn, (size_t)length, 0);
    if (count > 0) gh_pen_write(drawn, (int)count);
    free(drawn);
  }
  lseek(memory, 0, SEEK_SET);
}

bool gh_flush(void) {
  while (queue_start < queue_end) {
    ssize_t count = write(terminal, queue + queue_start, queue_end - queue_start);
    if (count > 0) {
      queue_start += (size_t)count;
      taken += count;
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      return false;
    } else {
      // Nobody is there any more.
      queue_start = queue_end = 0;
    }
  }
  return true;
}

int64_t gh_output_count(void) { return taken; }

void gh_flush_within(int milliseconds) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  long deadline = now.tv_sec * 1000 + now.tv_nsec / 1000000 + milliseconds;
  while (!gh_flush()) {
    clock_gettime(CLOCK_MONOTONIC, &now);
    long left = deadline - (now.tv_sec * 1000 + now.tv_nsec / 1000000);
    if (left <= 0) return;
    struct pollfd line = {.fd = terminal, .events = POLLOUT};
    if (poll(&line, 1, (int)left) <= 0) return;
  }
}

void gh_output_drop(void) { queue_start = queue_end = 0; }
