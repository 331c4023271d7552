#define _GNU_SOURCE
#include "CNcurses.h"
#include "private.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static pthread_t main_thread;
static int wake_reader = -1, wake_writer = -1;
static struct termios shell_modes;
static bool has_shell_modes;
static char restore_bytes[512];
static volatile sig_atomic_t is_armed;

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
enum { crash_count = sizeof crashes / sizeof crashes[0] };
static struct sigaction before[crash_count];

static void put_wake(uint8_t byte) {
  int saved = errno;
  // A full pipe wakes as well as a byte more would.
  ssize_t ignored = write(wake_writer, &byte, 1);
  (void)ignored;
  errno = saved;
}

static void on_signal(int number) { put_wake((uint8_t)number); }

static void handle(int number) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

int gh_open_wake_pipe(void) {
  main_thread = pthread_self();
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
  wake_reader = ends[0];
  wake_writer = ends[1];
  // Before newterm, which leaves alone what is handled already.
  const int numbers[] = {SIGWINCH, SIGCONT, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP};
  for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) handle(numbers[i]);
  // Writing to a terminal that has gone must fail, not kill.
  signal(SIGPIPE, SIG_IGN);
  return wake_reader;
}

bool gh_is_main_thread(void) { return pthread_equal(main_thread, pthread_self()); }

void gh_wake(void) { put_wake(0); }

int gh_read_wakes(uint8_t *bytes, int size) { return (int)read(wake_reader, bytes, (size_t)size); }

static void restore_terminal(void) {
  if (!is_armed) return;
  is_armed = 0;
  // Not to a terminal that would block: who does not read must not keep a crash from ending.
  ssize_t ignored = write(gh_output_terminal(), restore_bytes, strlen(restore_bytes));
  (void)ignored;
  gh_give_modes_back();
}

static void on_crash(int number) {
  restore_terminal();
  for (int i = 0; i < crash_count; i++) {
    if (crashes[i] == number) sigaction(number, &before[i], NULL);
  }
  raise(number);
}

void gh_save_modes(void) { has_shell_modes = tcgetattr(STDIN_FILENO, &shell_modes) == 0; }

void gh_give_modes_back(void) {
  if (has_shell_modes) tcsetattr(STDIN_FILENO, TCSANOW, &shell_modes);
}

void gh_arm(const char *restore) {
  strncpy(restore_bytes, restore, sizeof restore_bytes - 1);
  // An overflown stack has no room for a handler.
  static char stack[64 * 1024];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_crash;
  action.sa_flags = SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < crash_count; i++) sigaction(crashes[i], &action, &before[i]);
  // For a library that calls exit.
  atexit(restore_terminal);
  is_armed = 1;
}

bool gh_disarm(void) {
  bool was = is_armed;
  is_armed = 0;
  return was;
}

void gh_rearm(void) { is_armed = 1; }

void gh_stop_process_group(void) {
  signal(SIGTSTP, SIG_DFL);
  kill(0, SIGTSTP);
  handle(SIGTSTP);
}
