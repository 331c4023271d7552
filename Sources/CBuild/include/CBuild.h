// What is known only when the program is built. In C, so that a new commit compiles one small file anew.
#ifndef GATEHOUSE_CBUILD_H
#define GATEHOUSE_CBUILD_H

// The commit that the program was built from, abbreviated, with "-dirty" behind it where files differed; empty where
// the builder did not say.
const char *gh_build_commit(void);

#endif
