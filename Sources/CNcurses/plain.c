#define _GNU_SOURCE
#include "CNcurses.h"
#include "private.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

static bool is_running;
static mbstate_t decoding;

static void take(void) {
  struct termios modes;
  if (tcgetattr(STDIN_FILENO, &modes) != 0) return;
  // Keys one by one and unseen; lines still end as the terminal wants them to.
  modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
  modes.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
  modes.c_cc[VMIN] = 1;
  modes.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
}

bool gh_plain_start(void) {
  gh_use_locale();
  gh_save_modes();
  if (gh_output_open() == NULL) return false;
  gh_arm("");
  take();
  is_running = true;
  return true;
}

void gh_plain_stop(void) {
  if (!is_running || !gh_disarm()) return;
  gh_flush_within(500);
  gh_give_modes_back();
}

void gh_plain_suspend(void) {
  if (!gh_disarm()) return;
  gh_flush_within(500);
  gh_give_modes_back();
  gh_stop_process_group();
  gh_rearm();
  take();
}

void gh_plain_resume(void) { take(); }

int gh_plain_read(uint32_t *value) {
  struct pollfd line = {.fd = STDIN_FILENO, .events = POLLIN};
  while (poll(&line, 1, 0) > 0 && (line.revents & POLLIN)) {
    char byte;
    if (read(STDIN_FILENO, &byte, 1) != 1) return 0;
    wchar_t character;
    size_t length = mbrtowc(&character, &byte, 1, &decoding);
    if (length == (size_t)-2) continue;
    if (length == (size_t)-1) {
      decoding = (mbstate_t){0};
      *value = 0xFFFD;
    } else {
      *value = length == 0 ? 0 : (uint32_t)character;
    }
    return 1;
  }
  return 0;
}
