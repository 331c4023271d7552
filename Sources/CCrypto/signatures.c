#include "CCrypto.h"
#include "private.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <string.h>

enum { largest_der = 160 };

static bool fits(const GHKey *key, int scheme) {
  return scheme == GH_SCHEME_ECDSA ? gh_curve_bits(key) != 0
                                   : (scheme == GH_SCHEME_PKCS1 || scheme == GH_SCHEME_PSS) && gh_is_rsa(key);
}

static bool set_padding(EVP_PKEY_CTX *context, int scheme) {
  if (scheme == GH_SCHEME_ECDSA) return true;
  if (scheme == GH_SCHEME_PKCS1) return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

// r||s of exact length to the DER that libcrypto reads; 0 when either is zero or the length is wrong (RFC 7518 §3.4).
static int der_from_parts(int field, const uint8_t *parts, size_t size, uint8_t *der) {
  if (size != 2 * (size_t)field) return 0;
  int count = 0;
  BIGNUM *r = BN_bin2bn(parts, field, NULL), *s = BN_bin2bn(parts + field, field, NULL);
  ECDSA_SIG *signature = ECDSA_SIG_new();
  if (r && s && signature && !BN_is_zero(r) && !BN_is_zero(s) && ECDSA_SIG_set0(signature, r, s)) {
    r = s = NULL;
    if (i2d_ECDSA_SIG(signature, NULL) <= largest_der) count = i2d_ECDSA_SIG(signature, &der);
  }
  ECDSA_SIG_free(signature);
  BN_free(r);
  BN_free(s);
  return count;
}

static int parts_from_der(int field, const uint8_t *der, size_t size, uint8_t *parts) {
  ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)size);
  int count = -1;
  if (signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature), parts, field) == field &&
      BN_bn2binpad(ECDSA_SIG_get0_s(signature), parts + field, field) == field) {
    count = 2 * field;
  }
  ECDSA_SIG_free(signature);
  return count;
}

bool gh_verify(
    GHKey *key, int scheme, int digest_bits, const uint8_t *message, size_t message_size, const uint8_t *signature,
    size_t signature_size) {
  const EVP_MD *digest = gh_sha2(digest_bits);
  if (!digest || !fits(key, scheme)) return false;
  uint8_t der[largest_der];
  if (scheme == GH_SCHEME_ECDSA) {
    signature_size = (size_t)der_from_parts((gh_curve_bits(key) + 7) / 8, signature, signature_size, der);
    if (signature_size == 0) return false;
    signature = der;
  } else if (signature_size != (size_t)EVP_PKEY_get_size(key)) {
    return false;
  }
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  EVP_PKEY_CTX *settings = NULL;
  bool good = context && EVP_DigestVerifyInit(context, &settings, digest, NULL, key) == 1 &&
              set_padding(settings, scheme) &&
              EVP_DigestVerify(context, signature, signature_size, message, message_size) == 1;
  EVP_MD_CTX_free(context);
  ERR_clear_error();
  return good;
}

int gh_sign(
    GHKey *key, int scheme, int digest_bits, const uint8_t *message, size_t message_size, uint8_t *signature,
    int capacity) {
  const EVP_MD *digest = gh_sha2(digest_bits);
  if (!digest || !fits(key, scheme)) return -1;
  int field = (gh_curve_bits(key) + 7) / 8;
  if (scheme == GH_SCHEME_ECDSA && capacity < 2 * field) return -1;
  uint8_t der[largest_der];
  bool is_ecdsa = scheme == GH_SCHEME_ECDSA;
  size_t size = is_ecdsa ? sizeof der : (size_t)capacity;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  EVP_PKEY_CTX *settings = NULL;
  bool good = context && EVP_DigestSignInit(context, &settings, digest, NULL, key) == 1 &&
              set_padding(settings, scheme) &&
              EVP_DigestSign(context, is_ecdsa ? der : signature, &size, message, message_size) == 1;
  EVP_MD_CTX_free(context);
  int count = !good ? -1 : is_ecdsa ? parts_from_der(field, der, size, signature) : (int)size;
  ERR_clear_error();
  return count;
}
