#define _GNU_SOURCE
#include "CNcurses.h"
#include "private.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

static SCREEN *screen;
// Keys are read through a pad, because reading through a window would first paint it.
static WINDOW *keys;

// setupterm, whose header takes names such as `columns` for itself.
extern int setupterm(const char *name, int descriptor, int *status);

// Bracketed paste, focus, and the mouse's buttons as SGR numbers, for terminals that know a mouse.
static bool has_modes;
static const char modes_on[] = "\033[?2004h\033[?1004h\033[?1000h\033[?1006h";
static const char modes_off[] = "\033[?1006l\033[?1000l\033[?1004l\033[?2004l";

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

static void switch_modes(bool on) {
  const char *bytes = on ? modes_on : modes_off;
  if (has_modes) gh_write((const uint8_t *)bytes, (int)strlen(bytes));
}

static bool has_capability(const char *name) {
  const char *value = tigetstr(name);
  return value != NULL && value != (char *)-1;
}

static bool is_utf8;

void gh_use_locale(void) {
  bool is_known = setlocale(LC_ALL, "") != NULL;
  is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  if (is_utf8) return;
  if (!is_known) {
    // A locale that this machine lacks still says what the person's terminal takes.
    const char *name = getenv("LC_ALL");
    if (name == NULL || !*name) name = getenv("LC_CTYPE");
    if (name == NULL || !*name) name = getenv("LANG");
    is_utf8 = name != NULL && (strcasestr(name, "UTF-8") != NULL || strcasestr(name, "utf8") != NULL);
  }
  setlocale(LC_CTYPE, "C.UTF-8");
}

bool gh_is_utf8(void) { return is_utf8; }

// Whether a terminal of that name can place its cursor; asked before anything is changed.
static bool can_draw(const char *name) {
  int status = 0;
  return name && *name && setupterm(name, STDOUT_FILENO, &status) == 0 && has_capability("cup");
}

// The name of the same terminal with direct colour, where COLORTERM says that it has that and its description is here.
// The terminal itself is not asked: an answer that comes late would be taken for keys.
static const char *with_direct_colour(const char *term) {
  const char *colours = getenv("COLORTERM");
  if (colours == NULL || (strcmp(colours, "truecolor") != 0 && strcmp(colours, "24bit") != 0)) return term;
  const char *direct = NULL;
  if (strcmp(term, "xterm-256color") == 0) direct = "xterm-direct";
  if (strcmp(term, "tmux-256color") == 0) direct = "tmux-direct";
  return direct != NULL && can_draw(direct) ? direct : term;
}

bool gh_start(void) {
  gh_use_locale();
  const char *term = getenv("TERM");
  int status = 0;
  bool is_known = term && *term && setupterm(term, STDOUT_FILENO, &status) == 0;
  if (!is_known) term = "xterm-256color";
  if (!can_draw(term)) return false;
  term = with_direct_colour(term);
  gh_save_modes();
  set_escdelay(25);
  FILE *output = gh_output_open();
  if (output == NULL) return false;
  screen = newterm(term, output, stdin);
  if (screen == NULL) return false;
  has_modes = has_capability("kmous");
  // First what ends a sequence that a crash cut off.
  char restore[512] = "\030";
  if (has_modes) strcat(restore, modes_off);
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
    // Every terminal of so many colours says looks as ECMA-48 does.
    gh_pen_use(COLORS >= 256, gh_write);
  }
  switch_modes(true);
  return true;
}

// The way back, as far as it is bytes; the modes of the line are given back apart.
static void leave(void) {
  switch_modes(false);
  gh_pen_rest();
  gh_draw_begin();
  curs_set(1);
  endwin();
  gh_draw_end();
  gh_flush_within(500);
  gh_give_modes_back();
}

void gh_stop(void) {
  if (gh_disarm()) leave();
}

void gh_suspend(void) {
  if (!gh_disarm()) return;
  leave();
  gh_stop_process_group();
  gh_rearm();
  gh_resume();
}

void gh_resume(void) {
  reset_prog_mode();
  switch_modes(true);
  gh_forget_screen();
  gh_draw_begin();
  doupdate();
  gh_draw_end();
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

static attr_t look_of(int attributes) {
  return (attributes & GH_BOLD ? A_BOLD : 0) | (attributes & GH_DIM ? A_DIM : 0) |
         (attributes & GH_UNDERLINE ? A_UNDERLINE : 0) | (attributes & GH_REVERSE ? A_REVERSE : 0) |
         (attributes & GH_ITALIC ? A_ITALIC : 0);
}

void gh_set_background(int attributes, int pair) {
  cchar_t blank;
  if (setcchar(&blank, L" ", look_of(attributes), 0, &pair) == OK) wbkgrndset(stdscr, &blank);
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
  attr_t look = look_of(attributes);
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

void gh_paint(bool has_cursor, int row, int column) {
  gh_draw_begin();
  curs_set(has_cursor ? 1 : 0);
  leaveok(stdscr, !has_cursor);
  if (has_cursor) wmove(stdscr, row, column);
  wnoutrefresh(stdscr);
  doupdate();
  gh_draw_end();
}

void gh_forget_screen(void) {
  gh_pen_forget();
  clearok(curscr, true);
}

int gh_read_key(uint32_t *value) {
  wint_t character = 0;
  int kind = wget_wch(keys, &character);
  *value = (uint32_t)character;
  return kind == OK ? 1 : kind == KEY_CODE_YES ? 2 : 0;
}
