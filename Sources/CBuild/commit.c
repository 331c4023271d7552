#include "CBuild.h"

const char *gh_build_commit(void) { return GATEHOUSE_COMMIT; }
