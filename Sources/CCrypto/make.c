// Keys made from a seed, so that a sandbox started twice with the same seed has the same keys. The numbers come from
// SHA-256(seed || counter), counter 0, 1, 2… as eight big-endian bytes.
#include "CCrypto.h"
#include "private.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <string.h>

typedef struct {
  const uint8_t *seed;
  size_t size;
  uint64_t counter;
} Stream;

static bool draw(Stream *stream, uint8_t *bytes, int size) {
  if (!stream->seed) return RAND_bytes(bytes, size) == 1;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  bool good = context != NULL;
  for (int start = 0; good && start < size; start += 32) {
    uint8_t counter[8], block[32];
    for (int index = 0; index < 8; index++) counter[index] = (uint8_t)(stream->counter >> (56 - 8 * index));
    stream->counter++;
    good = EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
           EVP_DigestUpdate(context, stream->seed, stream->size) == 1 &&
           EVP_DigestUpdate(context, counter, sizeof counter) == 1 && EVP_DigestFinal_ex(context, block, NULL) == 1;
    if (good) memcpy(bytes + start, block, (size_t)(size - start < 32 ? size - start : 32));
  }
  EVP_MD_CTX_free(context);
  return good;
}

// The first prime from a drawn odd number on with its two highest bits set, such that `e` has an inverse modulo p - 1.
static bool find_prime(Stream *stream, int bits, const BIGNUM *e, BIGNUM *prime, BN_CTX *scratch) {
  uint8_t bytes[512];
  if (bits % 8 != 0 || bits / 8 > (int)sizeof bytes) return false;
  BN_CTX_start(scratch);
  BIGNUM *less = BN_CTX_get(scratch), *divisor = BN_CTX_get(scratch);
  bool found = false;
  while (divisor && !found && draw(stream, bytes, bits / 8)) {
    bytes[0] |= 0xC0;
    bytes[bits / 8 - 1] |= 1;
    if (!BN_bin2bn(bytes, bits / 8, prime)) break;
    // Ten times as many steps as a prime of 2048 bits is away on average; then another number is drawn.
    for (int step = 0; step < 7000 && !found && BN_num_bits(prime) == bits; step++) {
      found = BN_check_prime(prime, scratch, NULL) == 1 && BN_sub(less, prime, BN_value_one()) &&
              BN_gcd(divisor, less, e, scratch) && BN_is_one(divisor);
      if (!found && !BN_add_word(prime, 2)) break;
    }
  }
  BN_CTX_end(scratch);
  OPENSSL_cleanse(bytes, sizeof bytes);
  return found;
}

GHKey *gh_make_rsa(int bits, const uint8_t *seed, size_t size) {
  if (!seed) {
    EVP_PKEY *key = EVP_RSA_gen((unsigned)bits);
    ERR_clear_error();
    return key;
  }
  Stream stream = {seed, size, 0};
  EVP_PKEY *key = NULL;
  BN_CTX *scratch = BN_CTX_new();
  OSSL_PARAM_BLD *parts = OSSL_PARAM_BLD_new();
  if (!scratch || !parts) goto done;
  BN_CTX_start(scratch);
  BIGNUM *e = BN_CTX_get(scratch), *p = BN_CTX_get(scratch), *q = BN_CTX_get(scratch), *n = BN_CTX_get(scratch);
  BIGNUM *p1 = BN_CTX_get(scratch), *q1 = BN_CTX_get(scratch), *phi = BN_CTX_get(scratch), *d = BN_CTX_get(scratch);
  BIGNUM *dp = BN_CTX_get(scratch), *dq = BN_CTX_get(scratch), *qi = BN_CTX_get(scratch);
  if (qi && BN_set_word(e, RSA_F4) && find_prime(&stream, bits / 2, e, p, scratch) &&
      find_prime(&stream, bits / 2, e, q, scratch) && BN_cmp(p, q) != 0) {
    if (BN_cmp(p, q) < 0) BN_swap(p, q);
    if (BN_mul(n, p, q, scratch) && BN_sub(p1, p, BN_value_one()) && BN_sub(q1, q, BN_value_one()) &&
        BN_mul(phi, p1, q1, scratch) && BN_mod_inverse(d, e, phi, scratch) && BN_mod(dp, d, p1, scratch) &&
        BN_mod(dq, d, q1, scratch) && BN_mod_inverse(qi, q, p, scratch) &&
        OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_N, n) &&
        OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_E, e) &&
        OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_D, d) &&
        OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_FACTOR1, p) &&
        OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_FACTOR2, q) &&
        OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_EXPONENT1, dp) &&
        OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_EXPONENT2, dq) &&
        OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, qi)) {
      key = gh_build("RSA", EVP_PKEY_KEYPAIR, parts);
    }
  }
  BN_CTX_end(scratch);
done:
  OSSL_PARAM_BLD_free(parts);
  BN_CTX_free(scratch);
  ERR_clear_error();
  return key;
}

GHKey *gh_make_ec(int bits, const uint8_t *seed, size_t size) {
  const char *curve = gh_curve_name(bits);
  if (!curve) return NULL;
  Stream stream = {seed, size, 0};
  // Eight bytes more than the order, so that the remainder is as good as even (FIPS 186-5 A.2.1).
  uint8_t bytes[66 + 8], point[1 + 2 * 66];
  int count = (bits + 7) / 8 + 8;
  EVP_PKEY *key = NULL;
  BN_CTX *scratch = BN_CTX_secure_new();
  EC_GROUP *group = EC_GROUP_new_by_curve_name(EC_curve_nist2nid(curve));
  EC_POINT *place = group ? EC_POINT_new(group) : NULL;
  BIGNUM *scalar = BN_new(), *limit = BN_new();
  OSSL_PARAM_BLD *parts = OSSL_PARAM_BLD_new();
  size_t length = 0;
  if (scratch && place && scalar && limit && parts && draw(&stream, bytes, count) &&
      BN_bin2bn(bytes, count, scalar) && BN_sub(limit, EC_GROUP_get0_order(group), BN_value_one()) &&
      BN_mod(scalar, scalar, limit, scratch) && BN_add_word(scalar, 1) &&
      EC_POINT_mul(group, place, scalar, NULL, NULL, scratch) &&
      (length = EC_POINT_point2oct(group, place, POINT_CONVERSION_UNCOMPRESSED, point, sizeof point, scratch)) > 0 &&
      OSSL_PARAM_BLD_push_utf8_string(parts, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) &&
      OSSL_PARAM_BLD_push_octet_string(parts, OSSL_PKEY_PARAM_PUB_KEY, point, length) &&
      OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_PRIV_KEY, scalar)) {
    key = gh_build("EC", EVP_PKEY_KEYPAIR, parts);
  }
  OSSL_PARAM_BLD_free(parts);
  BN_clear_free(scalar);
  BN_free(limit);
  EC_POINT_free(place);
  EC_GROUP_free(group);
  BN_CTX_free(scratch);
  OPENSSL_cleanse(bytes, sizeof bytes);
  ERR_clear_error();
  return key;
}
