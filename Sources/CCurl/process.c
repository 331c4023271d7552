#include "CCurl.h"

#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

void gh_forbid_dumps(void) {
  const struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

int gh_are_dumps_forbidden(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_cur != 0) return 0;
#ifdef __linux__
  if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) return 0;
#endif
  return 1;
}
