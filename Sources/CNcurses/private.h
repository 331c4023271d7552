// Between screen.c and signals.c only.
#ifndef GATEHOUSE_CNCURSES_PRIVATE_H
#define GATEHOUSE_CNCURSES_PRIVATE_H
#include <stdbool.h>

// Remembers the terminal's modes as the shell left them.
void gh_save_modes(void);
// Keeps the bytes that give the screen back, for a crash, and installs the crash handlers.
void gh_arm(const char *restore);
// True when the screen was ours; from now on a crash leaves the terminal alone.
bool gh_disarm(void);
void gh_rearm(void);
void gh_stop_process_group(void);

#endif
