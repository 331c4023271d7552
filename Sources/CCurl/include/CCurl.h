// libcurl as Swift calls it: opened when it is first needed, and with a function for each type of argument that its
// variadic calls take.
#ifndef GATEHOUSE_CCURL_H
#define GATEHOUSE_CCURL_H

#include <curl/curl.h>
#include <stdbool.h>

// Opens libcurl and starts it; false when this machine has none that can be used. Any thread, any number of times.
//
// It is not linked, because the thirty libraries that come with it take longer to load than all the rest of the way to
// the first screen. Nothing below may be called before this returned true.
bool gh_curl_open(void);
// As `libcurl/7.88.1 OpenSSL/3.0.17 …`; empty when there is none. Opens it.
const char *gh_curl_version(void);

CURLM *gh_multi_new(void);
CURLMcode gh_multi_free(CURLM *multi);
CURLMcode gh_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode gh_multi_add(CURLM *multi, CURL *handle);
CURLMcode gh_multi_remove(CURLM *multi, CURL *handle);
CURLMcode gh_multi_perform(CURLM *multi, int *running);
CURLMcode gh_multi_wait(CURLM *multi, int milliseconds);
CURLMcode gh_multi_wake(CURLM *multi);
CURLMsg *gh_multi_message(CURLM *multi);
static inline CURLcode gh_message_result(const CURLMsg *message) { return message->data.result; }

typedef size_t (*gh_curl_sink)(char *bytes, size_t size, size_t count, void *context);

CURL *gh_handle_new(void);
void gh_handle_free(CURL *handle);
CURLcode gh_set_long(CURL *handle, CURLoption option, long value);
CURLcode gh_set_size(CURL *handle, CURLoption option, curl_off_t value);
CURLcode gh_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode gh_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode gh_set_sink(CURL *handle, CURLoption option, gh_curl_sink sink);
CURLcode gh_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode gh_get_size(CURL *handle, CURLINFO info, curl_off_t *value);
CURLcode gh_get_socket(CURL *handle, int *value);
CURLcode gh_handle_perform(CURL *handle);
CURLcode gh_handle_send(CURL *handle, const void *bytes, size_t count, size_t *sent);
const char *gh_error_text(CURLcode code);

// The list with one more; NULL when there is no memory, and the list as it was then.
struct curl_slist *gh_headers_append(struct curl_slist *headers, const char *header);
// Frees a list of headers after overwriting their text, for one of them holds the credential.
void gh_headers_wipe(struct curl_slist *headers);

// Sees to it that no core file, and no other process of the same person, gets at the memory that holds credentials.
void gh_forbid_dumps(void);
// 1 when the system has taken it on.
int gh_are_dumps_forbidden(void);

#endif
