// What Swift cannot import from libcurl: its variadic calls, one wrapper for each type of argument.
#ifndef GATEHOUSE_CCURL_H
#define GATEHOUSE_CCURL_H

#include <curl/curl.h>

typedef size_t (*gh_curl_sink)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode gh_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode gh_set_size(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode gh_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode gh_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode gh_set_sink(CURL *handle, CURLoption option, gh_curl_sink sink) {
  return curl_easy_setopt(handle, option, sink);
}
static inline CURLcode gh_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode gh_get_size(CURL *handle, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode gh_get_socket(CURL *handle, int *value) {
  return curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, value);
}
static inline CURLMcode gh_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}
static inline CURLcode gh_message_result(const CURLMsg *message) { return message->data.result; }

// Frees a list of headers after overwriting their text, for one of them holds the credential.
void gh_headers_wipe(struct curl_slist *headers);

// Sees to it that no core file, and no other process of the same person, gets at the memory that holds credentials.
void gh_forbid_dumps(void);
// 1 when the system has taken it on.
int gh_are_dumps_forbidden(void);

#endif
