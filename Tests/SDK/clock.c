/* Loaded before the C library: the wall clock of a program runs as many seconds ahead as CLOCK_AHEAD says, so that
   days can pass between two commands. Other clocks are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, time);
  const char *ahead = getenv("CLOCK_AHEAD");
  if (!result && clock == CLOCK_REALTIME && ahead) time->tv_sec += atol(ahead);
  return result;
}
