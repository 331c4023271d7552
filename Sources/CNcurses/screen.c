#define _GNU_SOURCE
#include "CNcurses.h"
#include "private.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

static SCREEN *screen;
// Keys are read through a pad, because reading through a window would first paint it.
static WINDOW *keys;
static pthread_t main_thread;

// Bracketed paste, focus, and the mouse's buttons as SGR numbers. Terminals pass over what they do not know.
static const char modes_on[] = "\033[?2004h\033[?1004h\033[?1000h\033[?1006h";
static const char modes_off[] = "\033[?1006l\033[?1000l\033[?1004l\033[?2004l";

bool gh_write(const uint8_t *bytes, int count) {
  while (count > 0) {
    ssize_t written = write(STDOUT_FILENO, bytes, (size_t)count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    count -= (int)written;
  }
  return true;
}

// A capability without its padding, $<2>, which only terminals of the seventies need.
static void append_capability(char *text, size_t size, const char *name) {
  const char *value = tigetstr(name);
  if (value == NULL || value == (char *)-1) return;
  size_t length = strlen(text);
  while (*value && length + 1 < size) {
    if (value[0] == '$' && value[1] == '<') {
      while (*value && *value != '>') value++;
      if (*value) value++;
    } else {
      text[length++] = *value++;
    }
  }
  text[length] = 0;
}

bool gh_start(void) {
  main_thread = pthread_self();
  setlocale(LC_ALL, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
  gh_save_modes();
  set_escdelay(25);
  const char *term = getenv("TERM");
  screen = term && *term ? newterm(term, stdout, stdin) : NULL;
  if (screen == NULL) screen = newterm("xterm-256color", stdout, stdin);
  if (screen == NULL) return false;
  const char *cup = tigetstr("cup");
  if (cup == NULL || cup == (char *)-1) {
    endwin();
    return false;
  }
  char restore[512];
  strcpy(restore, modes_off);
  append_capability(restore, sizeof restore, "sgr0");
  append_capability(restore, sizeof restore, "rmkx");
  append_capability(restore, sizeof restore, "cnorm");
  append_capability(restore, sizeof restore, "rmcup");
  gh_arm(restore);
  raw();
  noecho();
  nonl();
  intrflush(stdscr, false);
  // A frame is painted whole: keys that wait are counted before it, not within.
  typeahead(-1);
  idlok(stdscr, true);
  keys = newpad(1, 1);
  keypad(keys, true);
  nodelay(keys, true);
  define_key("\033[200~", GH_KEY_PASTE_START);
  define_key("\033[201~", GH_KEY_PASTE_END);
  define_key("\033[I", GH_KEY_FOCUS_IN);
  define_key("\033[O", GH_KEY_FOCUS_OUT);
  // The mouse is decoded with the keys: ncurses would wait for the rest of a report, and lose half of it.
  define_key(NULL, KEY_MOUSE);
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  gh_write((const uint8_t *)modes_on, sizeof modes_on - 1);
  return true;
}

void gh_stop(void) {
  if (!gh_disarm()) return;
  gh_write((const uint8_t *)modes_off, sizeof modes_off - 1);
  curs_set(1);
  endwin();
}

void gh_suspend(void) {
  if (!gh_disarm()) return;
  gh_write((const uint8_t *)modes_off, sizeof modes_off - 1);
  endwin();
  gh_stop_process_group();
  gh_rearm();
  gh_resume();
}

void gh_resume(void) {
  reset_prog_mode();
  gh_write((const uint8_t *)modes_on, sizeof modes_on - 1);
  gh_forget_screen();
  doupdate();
}

bool gh_update_size(void) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return false;
  if (size.ws_row == LINES && size.ws_col == COLS) return false;
  resizeterm(size.ws_row, size.ws_col);
  werase(stdscr);
  clearok(curscr, true);
  return true;
}

int gh_rows(void) { return LINES; }
int gh_columns(void) { return COLS; }
int gh_colours(void) { return has_colors() ? COLORS : 0; }

bool gh_set_pair(int pair, int foreground, int background) {
  return init_extended_pair(pair, foreground, background) == OK;
}

static cchar_t *run;
static int run_capacity, run_count, run_row, run_column;

void gh_run_begin(int row, int column) {
  run_row = row;
  run_column = column;
  run_count = 0;
}

static void push(const wchar_t *text, attr_t attributes, int pair) {
  if (run_count + 1 > run_capacity) {
    int capacity = run_capacity ? run_capacity * 2 : 512;
    cchar_t *larger = realloc(run, (size_t)capacity * sizeof *run);
    if (larger == NULL) return;
    run = larger;
    run_capacity = capacity;
  }
  if (setcchar(&run[run_count], text, attributes, 0, &pair) == OK) run_count++;
}

void gh_run_add(uint32_t base, uint32_t first, uint32_t second, int width, int attributes, int pair) {
  attr_t look = (attributes & GH_BOLD ? A_BOLD : 0) | (attributes & GH_DIM ? A_DIM : 0) |
                (attributes & GH_UNDERLINE ? A_UNDERLINE : 0) | (attributes & GH_REVERSE ? A_REVERSE : 0) |
                (attributes & GH_ITALIC ? A_ITALIC : 0);
  wchar_t text[4] = {(wchar_t)base, 0, 0, 0};
  if (base >= 0x7F && wcwidth((wchar_t)base) != width) {
    text[0] = 0xFFFD;
    push(text, look, pair);
    text[0] = L' ';
    if (width == 2) push(text, look, pair);
    return;
  }
  int length = 1;
  if (first && wcwidth((wchar_t)first) == 0) text[length++] = (wchar_t)first;
  if (second && wcwidth((wchar_t)second) == 0) text[length++] = (wchar_t)second;
  push(text, look, pair);
}

void gh_run_end(void) {
  if (run_count > 0) mvwadd_wchnstr(stdscr, run_row, run_column, run, run_count);
}

void gh_set_cursor(bool visible, int row, int column) {
  curs_set(visible ? 1 : 0);
  leaveok(stdscr, !visible);
  if (visible) wmove(stdscr, row, column);
}

void gh_paint(void) {
  wnoutrefresh(stdscr);
  doupdate();
}

void gh_forget_screen(void) { clearok(curscr, true); }

int gh_read_key(uint32_t *value) {
  wint_t character = 0;
  int kind = wget_wch(keys, &character);
  *value = (uint32_t)character;
  return kind == OK ? 1 : kind == KEY_CODE_YES ? 2 : 0;
}

bool gh_can_write(void) {
  struct pollfd line = {.fd = STDOUT_FILENO, .events = POLLOUT};
  return poll(&line, 1, 0) <= 0 || line.revents != 0;
}

bool gh_is_main_thread(void) { return pthread_equal(main_thread, pthread_self()); }
