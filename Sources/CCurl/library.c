#define _DEFAULT_SOURCE 1
#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#ifdef __APPLE__
static const char library_name[] = "libcurl.4.dylib";
#else
static const char library_name[] = "libcurl.so.4";
#endif

// What is called of libcurl, each with the type that its header gives it.
#define FUNCTIONS(ONE)      \
  ONE(curl_version)         \
  ONE(curl_global_init)     \
  ONE(curl_multi_init)      \
  ONE(curl_multi_cleanup)   \
  ONE(curl_multi_setopt)    \
  ONE(curl_multi_add_handle)    \
  ONE(curl_multi_remove_handle) \
  ONE(curl_multi_perform)   \
  ONE(curl_multi_poll)      \
  ONE(curl_multi_wakeup)    \
  ONE(curl_multi_info_read) \
  ONE(curl_easy_init)       \
  ONE(curl_easy_cleanup)    \
  ONE(curl_easy_setopt)     \
  ONE(curl_easy_getinfo)    \
  ONE(curl_easy_perform)    \
  ONE(curl_easy_send)       \
  ONE(curl_easy_strerror)   \
  ONE(curl_slist_append)    \
  ONE(curl_slist_free_all)

static struct {
#define DECLARE(name) __typeof__(name) *name;
  FUNCTIONS(DECLARE)
} lib;

static bool is_open;

static bool find(void *library, const char *name, void *place) {
  void *symbol = dlsym(library, name);
  memcpy(place, &symbol, sizeof symbol);
  return symbol != NULL;
}

static void open_once(void) {
  void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return;
#define FIND(name) if (!find(library, #name, &lib.name)) return;
  FUNCTIONS(FIND)
  is_open = lib.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

bool gh_curl_open(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_once);
  return is_open;
}

const char *gh_curl_version(void) { return gh_curl_open() ? lib.curl_version() : ""; }

CURLM *gh_multi_new(void) { return lib.curl_multi_init(); }
CURLMcode gh_multi_free(CURLM *multi) { return lib.curl_multi_cleanup(multi); }
CURLMcode gh_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return (lib.curl_multi_setopt)(multi, option, value);
}
CURLMcode gh_multi_add(CURLM *multi, CURL *handle) { return lib.curl_multi_add_handle(multi, handle); }
CURLMcode gh_multi_remove(CURLM *multi, CURL *handle) { return lib.curl_multi_remove_handle(multi, handle); }
CURLMcode gh_multi_perform(CURLM *multi, int *running) { return lib.curl_multi_perform(multi, running); }
CURLMcode gh_multi_wait(CURLM *multi, int milliseconds) {
  return lib.curl_multi_poll(multi, NULL, 0, milliseconds, NULL);
}
CURLMcode gh_multi_wake(CURLM *multi) { return lib.curl_multi_wakeup(multi); }
CURLMsg *gh_multi_message(CURLM *multi) {
  int left = 0;
  return lib.curl_multi_info_read(multi, &left);
}

CURL *gh_handle_new(void) { return lib.curl_easy_init(); }
void gh_handle_free(CURL *handle) { lib.curl_easy_cleanup(handle); }
// In parentheses, because the header makes macros of these two.
CURLcode gh_set_long(CURL *handle, CURLoption option, long value) {
  return (lib.curl_easy_setopt)(handle, option, value);
}
CURLcode gh_set_size(CURL *handle, CURLoption option, curl_off_t value) {
  return (lib.curl_easy_setopt)(handle, option, value);
}
CURLcode gh_set_text(CURL *handle, CURLoption option, const char *value) {
  return (lib.curl_easy_setopt)(handle, option, value);
}
CURLcode gh_set_pointer(CURL *handle, CURLoption option, void *value) {
  return (lib.curl_easy_setopt)(handle, option, value);
}
CURLcode gh_set_sink(CURL *handle, CURLoption option, gh_curl_sink sink) {
  return (lib.curl_easy_setopt)(handle, option, sink);
}
CURLcode gh_get_long(CURL *handle, CURLINFO info, long *value) { return (lib.curl_easy_getinfo)(handle, info, value); }
CURLcode gh_get_size(CURL *handle, CURLINFO info, curl_off_t *value) {
  return (lib.curl_easy_getinfo)(handle, info, value);
}
CURLcode gh_get_socket(CURL *handle, int *value) {
  return (lib.curl_easy_getinfo)(handle, CURLINFO_ACTIVESOCKET, value);
}
CURLcode gh_handle_perform(CURL *handle) { return lib.curl_easy_perform(handle); }
CURLcode gh_handle_send(CURL *handle, const void *bytes, size_t count, size_t *sent) {
  return lib.curl_easy_send(handle, bytes, count, sent);
}
const char *gh_error_text(CURLcode code) { return lib.curl_easy_strerror(code); }

struct curl_slist *gh_headers_append(struct curl_slist *headers, const char *header) {
  return lib.curl_slist_append(headers, header);
}

void gh_headers_wipe(struct curl_slist *headers) {
  for (struct curl_slist *header = headers; header != NULL; header = header->next) {
    // Through a volatile pointer, so that no compiler drops the writes before the free.
    volatile char *byte = header->data;
    for (size_t left = strlen(header->data); left > 0; left--) *byte++ = 0;
  }
  lib.curl_slist_free_all(headers);
}
