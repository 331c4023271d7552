#include "CNcurses.h"
#include "private.h"

#include <stdio.h>
#include <string.h>

// ncurses says the whole colour at every change and takes it back after every frame, which is most of what a cursor
// move costs. What it says about looks is held back here until something is drawn that shows it, and then only the
// difference is said.

typedef struct {
  // 0 the terminal's own, else a kind in the top byte: 1 the code as it is, 2 of 256, 3 as 0xRRGGBB.
  uint32_t foreground, background;
  uint32_t attributes;  // bit n for code n: bold 1, dim 2, italic 3, underline 4, reverse 7
} look;

enum { UNDERLINE = 1 << 4, REVERSE = 1 << 7 };

static bool is_on;
static bool is_known;  // whether `actual` is what the terminal has
static look actual, wanted;
static gh_sink *sink = gh_write;

void gh_pen_use(bool on, gh_sink *to) {
  is_on = on;
  sink = to;
  is_known = false;
}

void gh_pen_forget(void) { is_known = false; }

static char *say_colour(char *to, uint32_t colour, int base) {
  uint32_t value = colour & 0xFFFFFF;
  switch (colour >> 24) {
    case 1: return to + sprintf(to, "%u;", value);
    case 2: return to + sprintf(to, "%d;5;%u;", base + 8, value);
    case 3: return to + sprintf(to, "%d:2::%u:%u:%u;", base + 8, value >> 16, value >> 8 & 255, value & 255);
    default: return to + sprintf(to, "%d;", base + 9);
  }
}

// Says what is wanted; the background alone where nothing else would show.
static void say(bool background_only) {
  char text[128] = "\033[", *to = text + 2;
  bool adds_up = is_known && (actual.attributes & ~wanted.attributes) == 0;
  if (background_only && is_known && !((actual.attributes | wanted.attributes) & (UNDERLINE | REVERSE))) {
    if (actual.background == wanted.background) return;
    to = say_colour(to, wanted.background, 40);
    actual.background = wanted.background;
  } else {
    if (!adds_up) {
      to += sprintf(to, "0;");
      actual = (look){0};
      is_known = true;
    }
    for (int code = 1; code < 8; code++) {
      if ((wanted.attributes & ~actual.attributes) & 1u << code) to += sprintf(to, "%d;", code);
    }
    if (wanted.foreground != actual.foreground) to = say_colour(to, wanted.foreground, 30);
    if (wanted.background != actual.background) to = say_colour(to, wanted.background, 40);
    actual = wanted;
    if (to == text + 2) return;
  }
  to[-1] = 'm';
  sink((const uint8_t *)text, (int)(to - text));
}

static uint32_t read_colour(const int *numbers, int count, int *place) {
  if (*place + 2 < count && numbers[*place + 1] == 5) {
    *place += 2;
    return 2u << 24 | (uint32_t)numbers[*place];
  }
  // 38:2::R:G:B, where the empty part is a colour space that nobody names.
  if (*place + 5 < count && numbers[*place + 1] == 2) {
    *place += 5;
    return 3u << 24 | (uint32_t)numbers[*place - 2] << 16 | (uint32_t)numbers[*place - 1] << 8 |
           (uint32_t)numbers[*place];
  }
  return 0;
}

// Takes in what ncurses says about looks, ESC [ … m.
static void hear(const uint8_t *from, const uint8_t *end) {
  int numbers[32] = {0}, count = 1;
  for (; from < end; from++) {
    if (*from == ';' || *from == ':') {
      if (++count > 32) return;
    } else {
      numbers[count - 1] = numbers[count - 1] * 10 + (*from - '0');
    }
  }
  for (int place = 0; place < count; place++) {
    int code = numbers[place];
    if (code == 0) wanted = (look){0};
    else if (code < 8) wanted.attributes |= 1u << code;
    else if (code == 22) wanted.attributes &= ~(1u << 1 | 1u << 2);
    else if (code > 22 && code < 28) wanted.attributes &= ~(1u << (code - 20));
    else if (code == 38) wanted.foreground = read_colour(numbers, count, &place);
    else if (code == 48) wanted.background = read_colour(numbers, count, &place);
    else if (code == 39) wanted.foreground = 0;
    else if (code == 49) wanted.background = 0;
    else if ((code >= 30 && code < 38) || (code >= 90 && code < 98)) wanted.foreground = 1u << 24 | (uint32_t)code;
    else if ((code >= 40 && code < 48) || (code >= 100 && code < 108)) wanted.background = 1u << 24 | (uint32_t)code;
  }
}

// One sequence from its ESC; returns where it ends.
static const uint8_t *take_sequence(const uint8_t *from, const uint8_t *end) {
  const uint8_t *place = from + 2;
  if (from + 1 < end && from[1] == '[') {
    while (place < end && (*place < 0x40 || *place > 0x7E)) place++;
    if (place < end && *place == 'm') {
      hear(from + 2, place);
      return place + 1;
    }
    if (place < end && strchr("JKLMPSTX@", *place)) say(true);
    if (place < end && *place == 'b') say(false);
    // The alternate screen comes and goes with a look of its own.
    if (place < end && (*place == 'h' || *place == 'l')) is_known = false;
    place++;
  } else if (from + 1 < end && from[1] == '(') {
    // Always to ASCII, which nothing here ever leaves.
    if (from + 2 < end && from[2] == 'B' && is_known) return from + 3;
    place++;
  } else if (from + 1 < end && from[1] == 'M') {
    say(true);
  }
  if (place > end) place = end;
  sink(from, (int)(place - from));
  return place;
}

void gh_pen_write(const uint8_t *bytes, int count) {
  if (!is_on) {
    sink(bytes, count);
    return;
  }
  const uint8_t *end = bytes + count;
  while (bytes < end) {
    if (*bytes == 0x1B) {
      bytes = take_sequence(bytes, end);
      continue;
    }
    // A space shows its background alone, and so does the line that a line feed may bring in.
    bool is_blank = *bytes == ' ' || *bytes == '\n';
    if (is_blank || *bytes > ' ') say(is_blank);
    const uint8_t *start = bytes++;
    while (bytes < end && *bytes != 0x1B && (*bytes > ' ') == (*start > ' ') && !(is_blank && *bytes != *start)) bytes++;
    sink(start, (int)(bytes - start));
  }
}

void gh_pen_rest(void) {
  if (!is_on) return;
  wanted = (look){0};
  say(false);
}
