// Among the C files of this module only.
#ifndef GATEHOUSE_CNCURSES_PRIVATE_H
#define GATEHOUSE_CNCURSES_PRIVATE_H
#include <stdbool.h>
#include <stdio.h>

// Remembers the terminal's modes as the shell left them.
void gh_save_modes(void);
// Keeps the bytes that give the screen back, for a crash, and installs the crash handlers.
void gh_arm(const char *restore);
// True when the screen was ours; from now on a crash leaves the terminal alone.
bool gh_disarm(void);
void gh_rearm(void);
void gh_stop_process_group(void);
void gh_give_modes_back(void);

// Text is UTF-8 inside whatever the locale is; says what the locale's terminal takes.
void gh_use_locale(void);

// Opens what is drawn to; the stream is for ncurses. NULL when the system gives no descriptors.
FILE *gh_output_open(void);
// Between these two, what ncurses writes goes into the queue.
void gh_draw_begin(void);
void gh_draw_end(void);

// Sends the queue, but gives up when the terminal has not taken it by then.
void gh_flush_within(int milliseconds);

#endif
