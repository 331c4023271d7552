#include "CCrypto.h"
#include "private.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <string.h>

enum { largest_field = 66 };

static int field_size(int bits) { return (bits + 7) / 8; }

const char *gh_curve_name(int bits) {
  return bits == 256 ? "P-256" : bits == 384 ? "P-384" : bits == 521 ? "P-521" : NULL;
}

const EVP_MD *gh_sha2(int bits) {
  return bits == 256 ? EVP_sha256() : bits == 384 ? EVP_sha384() : bits == 512 ? EVP_sha512() : NULL;
}

EVP_PKEY *gh_build(const char *type, int selection, OSSL_PARAM_BLD *parts) {
  EVP_PKEY *key = NULL;
  OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(parts);
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
  if (!parameters || !context || EVP_PKEY_fromdata_init(context) != 1 ||
      EVP_PKEY_fromdata(context, &key, selection, parameters) != 1) {
    key = NULL;
  }
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_free(parameters);
  ERR_clear_error();
  return key;
}

GHKey *gh_rsa_public(const uint8_t *n, size_t n_size, const uint8_t *e, size_t e_size) {
  // Far above any real key, and what libcrypto itself verifies with.
  if (n_size > OPENSSL_RSA_MAX_MODULUS_BITS / 8 || e_size > 8) return NULL;
  EVP_PKEY *key = NULL;
  BIGNUM *modulus = BN_bin2bn(n, (int)n_size, NULL), *exponent = BN_bin2bn(e, (int)e_size, NULL);
  OSSL_PARAM_BLD *parts = OSSL_PARAM_BLD_new();
  if (modulus && exponent && parts && BN_is_odd(modulus) && BN_is_odd(exponent) && !BN_is_one(exponent) &&
      OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_N, modulus) &&
      OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_E, exponent)) {
    key = gh_build("RSA", EVP_PKEY_PUBLIC_KEY, parts);
  }
  OSSL_PARAM_BLD_free(parts);
  BN_free(modulus);
  BN_free(exponent);
  return key;
}

GHKey *gh_ec_public(int bits, const uint8_t *x, const uint8_t *y, size_t size) {
  const char *curve = gh_curve_name(bits);
  if (!curve || size != (size_t)field_size(bits)) return NULL;
  uint8_t point[1 + 2 * largest_field] = {POINT_CONVERSION_UNCOMPRESSED};
  memcpy(point + 1, x, size);
  memcpy(point + 1 + size, y, size);
  EVP_PKEY *key = NULL;
  OSSL_PARAM_BLD *parts = OSSL_PARAM_BLD_new();
  if (parts && OSSL_PARAM_BLD_push_utf8_string(parts, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) &&
      OSSL_PARAM_BLD_push_octet_string(parts, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * size)) {
    key = gh_build("EC", EVP_PKEY_PUBLIC_KEY, parts);
  }
  OSSL_PARAM_BLD_free(parts);
  return key;
}

// Without this an encrypted key would have libcrypto ask for its password on the terminal.
static int no_password(char *buffer, int size, int writing, void *data) {
  (void)buffer, (void)size, (void)writing, (void)data;
  return -1;
}

GHKey *gh_private_from_pem(const char *pem, size_t size) {
  if (size > 64 * 1024) return NULL;
  BIO *source = BIO_new_mem_buf(pem, (int)size);
  EVP_PKEY *key = source ? PEM_read_bio_PrivateKey(source, NULL, no_password, NULL) : NULL;
  BIO_free(source);
  ERR_clear_error();
  return key;
}

void gh_free_key(GHKey *key) { EVP_PKEY_free(key); }

bool gh_is_rsa(const GHKey *key) { return EVP_PKEY_is_a(key, "RSA"); }

int gh_key_bits(const GHKey *key) { return EVP_PKEY_get_bits(key); }

int gh_curve_bits(const GHKey *key) {
  char name[32] = "";
  if (!EVP_PKEY_is_a(key, "EC") || !EVP_PKEY_get_group_name(key, name, sizeof name, NULL)) return 0;
  // Keys from PEM carry libcrypto's own name for the curve.
  if (!strcmp(name, "P-256") || !strcmp(name, "prime256v1")) return 256;
  if (!strcmp(name, "P-384") || !strcmp(name, "secp384r1")) return 384;
  if (!strcmp(name, "P-521") || !strcmp(name, "secp521r1")) return 521;
  return 0;
}

int gh_key_part(const GHKey *key, int part, uint8_t *bytes, int capacity) {
  const char *name = part == GH_PART_N   ? OSSL_PKEY_PARAM_RSA_N
                     : part == GH_PART_E ? OSSL_PKEY_PARAM_RSA_E
                     : part == GH_PART_X ? OSSL_PKEY_PARAM_EC_PUB_X
                     : part == GH_PART_Y ? OSSL_PKEY_PARAM_EC_PUB_Y
                                         : NULL;
  BIGNUM *number = NULL;
  int size = -1;
  if (name && EVP_PKEY_get_bn_param(key, name, &number)) {
    size = part == GH_PART_X || part == GH_PART_Y ? field_size(gh_curve_bits(key)) : BN_num_bytes(number);
    if (size > capacity) size = -1;
    if (size >= 0) size = BN_bn2binpad(number, bytes, size);
  }
  BN_free(number);
  ERR_clear_error();
  return size;
}

int gh_private_pem(const GHKey *key, char *text, int capacity) {
  BIO *target = BIO_new(BIO_s_mem());
  char *written = NULL;
  int size = -1;
  if (target && PEM_write_bio_PKCS8PrivateKey(target, key, NULL, NULL, 0, NULL, NULL)) {
    long count = BIO_get_mem_data(target, &written);
    if (count > 0 && count <= capacity) {
      memcpy(text, written, (size_t)count);
      size = (int)count;
    }
  }
  BIO_free(target);
  ERR_clear_error();
  return size;
}

bool gh_digest(int digest_bits, const uint8_t *bytes, size_t size, uint8_t *digest) {
  // SHA-1 names the objects of git, and is offered for nothing else: gh_sha2 verifies signatures.
  const EVP_MD *kind = digest_bits == 160 ? EVP_sha1() : gh_sha2(digest_bits);
  return kind && EVP_Digest(bytes, size, digest, NULL, kind, NULL) == 1;
}

GHDigest *gh_digest_start(void) {
  GHDigest *digest = EVP_MD_CTX_new();
  if (digest && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1) return digest;
  EVP_MD_CTX_free(digest);
  return NULL;
}

bool gh_digest_add(GHDigest *digest, const uint8_t *bytes, size_t size) {
  return EVP_DigestUpdate(digest, bytes, size) == 1;
}

bool gh_digest_finish(GHDigest *digest, uint8_t *bytes) { return EVP_DigestFinal_ex(digest, bytes, NULL) == 1; }

void gh_digest_free(GHDigest *digest) { EVP_MD_CTX_free(digest); }

bool gh_random(uint8_t *bytes, int size) { return RAND_bytes(bytes, size) == 1; }
