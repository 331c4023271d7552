// What Swift cannot import from libcrypto: keys from their parts, signatures, digests, keys made from a seed.
// Numbers go in and out as big-endian bytes. Nothing here prints, and no error queue is left filled.
#ifndef GATEHOUSE_CCRYPTO_H
#define GATEHOUSE_CCRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A key pair or a public key: an EVP_PKEY. It does not change once made, so threads may share it.
typedef struct evp_pkey_st GHKey;

// Signature schemes of RFC 7518 §3: RSASSA-PKCS1-v1_5, RSASSA-PSS with a salt as long as the digest, ECDSA as r||s.
enum { GH_SCHEME_PKCS1 = 1, GH_SCHEME_PSS = 2, GH_SCHEME_ECDSA = 3 };

// Parts of a key as RFC 7518 §6 names them. X and Y are as long as the curve's field, N and E have no leading zeros.
enum { GH_PART_N = 1, GH_PART_E = 2, GH_PART_X = 3, GH_PART_Y = 4 };

// NULL when the parts make no key. The caller frees it.
GHKey *gh_rsa_public(const uint8_t *n, size_t n_size, const uint8_t *e, size_t e_size);
// `bits` is 256, 384 or 521; x and y together make the point, each as long as the field. NULL off the curve.
GHKey *gh_ec_public(int bits, const uint8_t *x, const uint8_t *y, size_t size);
// NULL when it is not an unencrypted private key in PEM.
GHKey *gh_private_from_pem(const char *pem, size_t size);
// The same seed always makes the same key: test keys only. Without a seed (NULL) the key is random.
GHKey *gh_make_rsa(int bits, const uint8_t *seed, size_t size);
GHKey *gh_make_ec(int bits, const uint8_t *seed, size_t size);
void gh_free_key(GHKey *key);

bool gh_is_rsa(const GHKey *key);
// The size of the curve's field, or 0 for a key on no curve that is known here.
int gh_curve_bits(const GHKey *key);
// Of the modulus, or of the curve's order.
int gh_key_bits(const GHKey *key);
// Bytes written, or -1 when the key has no such part or `capacity` is too small.
int gh_key_part(const GHKey *key, int part, uint8_t *bytes, int capacity);
// PKCS #8 as PEM: bytes written, or -1.
int gh_private_pem(const GHKey *key, char *text, int capacity);

// `digest_bits` is 256, 384 or 512 (SHA-2). False for anything but a signature by this key, wrong lengths included.
bool gh_verify(
    GHKey *key, int scheme, int digest_bits, const uint8_t *message, size_t message_size, const uint8_t *signature,
    size_t signature_size);
// Bytes written, or -1.
int gh_sign(
    GHKey *key, int scheme, int digest_bits, const uint8_t *message, size_t message_size, uint8_t *signature,
    int capacity);

// Writes digest_bits / 8 bytes.
bool gh_digest(int digest_bits, const uint8_t *bytes, size_t size, uint8_t *digest);
// SHA-256 of what comes in portions: NULL when libcrypto cannot; finish writes 32 bytes, and free ends it.
typedef struct evp_md_ctx_st GHDigest;
GHDigest *gh_digest_start(void);
bool gh_digest_add(GHDigest *digest, const uint8_t *bytes, size_t size);
bool gh_digest_finish(GHDigest *digest, uint8_t *bytes);
void gh_digest_free(GHDigest *digest);
bool gh_random(uint8_t *bytes, int size);

#endif
