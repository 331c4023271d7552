// What Swift cannot import from ncurses, and what must be C: signal handlers and the way back after a crash.
#ifndef GATEHOUSE_CNCURSES_H
#define GATEHOUSE_CNCURSES_H

// In the header, because importers do not see a target's own settings.
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <stdbool.h>
#include <stdint.h>

enum {
  GH_BOLD = 1,
  GH_DIM = 2,
  GH_UNDERLINE = 4,
  GH_REVERSE = 8,
  GH_ITALIC = 16,
};

// Codes for what define_key teaches ncurses; above KEY_MAX (0777) and what terminfo adds while running.
enum {
  GH_KEY_PASTE_START = 0x4000,
  GH_KEY_PASTE_END = 0x4001,
  GH_KEY_FOCUS_IN = 0x4002,
  GH_KEY_FOCUS_OUT = 0x4003,
};

// Handlers write a signal's number to this pipe; 0 in it only wakes. Returns its reading end, or -1 with errno set.
int gh_open_wake_pipe(void);
void gh_wake(void);
// Takes what is in the pipe; -1 when it is empty.
int gh_read_wakes(uint8_t *bytes, int size);

// Starts ncurses; false when the terminal cannot place its cursor: nothing was changed then.
bool gh_start(void);
// Gives the terminal back; harmless when that is done already. One that does not read is waited for half a second.
void gh_stop(void);
// Gives it back and stops the process group, as a shell expects of ctrl-z; returns when the person comes back.
void gh_suspend(void);
// Takes the terminal again after a stop that was not ours.
void gh_resume(void);
// Whether the person's locale says that the terminal takes UTF-8.
bool gh_is_utf8(void);

// The same for a terminal that gets lines, one after the other, and is never drawn on.
bool gh_plain_start(void);
void gh_plain_stop(void);
void gh_plain_suspend(void);
void gh_plain_resume(void);
// 0 nothing waits, 1 a character.
int gh_plain_read(uint32_t *value);

// What ncurses draws goes on with no more said about looks than shows. Off: it goes on as it is.
typedef void gh_sink(const uint8_t *bytes, int count);
void gh_pen_use(bool on, gh_sink *to);
void gh_pen_write(const uint8_t *bytes, int count);
// The terminal's look is not known any more.
void gh_pen_forget(void);
// Back to the terminal's own look.
void gh_pen_rest(void);

// Puts bytes into the queue to the terminal.
void gh_write(const uint8_t *bytes, int count);
// Sends what the terminal takes now; true when nothing is left.
bool gh_flush(void);
// How many bytes the terminal has taken so far.
int64_t gh_output_count(void);
// Forgets the queue, for a terminal that has gone.
void gh_output_drop(void);
// The descriptor to wait on until the terminal takes more.
int gh_output_terminal(void);

// Asks the kernel for the size and tells ncurses; true when it changed.
bool gh_update_size(void);
int gh_rows(void);
int gh_columns(void);
int gh_colours(void);
// Makes a pair; -1 is the terminal's own colour, above 255 on a direct-colour terminal is 0xRRGGBB.
bool gh_set_pair(int pair, int foreground, int background);

// A run of cells: begin, add each glyph, end. A glyph that this C library measures otherwise is shown as U+FFFD.
void gh_run_begin(int row, int column);
void gh_run_add(uint32_t base, uint32_t first, uint32_t second, int width, int attributes, int pair);
void gh_run_end(void);
// The look of what is erased.
void gh_set_background(int attributes, int pair);
// Puts what changed on the screen into the queue.
void gh_paint(bool has_cursor, int row, int column);
void gh_forget_screen(void);

// 0 nothing waits, 1 a character, 2 a key code.
int gh_read_key(uint32_t *value);
bool gh_is_main_thread(void);

#endif
