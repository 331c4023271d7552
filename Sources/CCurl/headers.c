#define _DEFAULT_SOURCE 1
#include "CCurl.h"

#include <string.h>

void gh_headers_wipe(struct curl_slist *headers) {
  for (struct curl_slist *header = headers; header != NULL; header = header->next) {
    // Through a volatile pointer, so that no compiler drops the writes before the free.
    volatile char *byte = header->data;
    for (size_t left = strlen(header->data); left > 0; left--) *byte++ = 0;
  }
  curl_slist_free_all(headers);
}
