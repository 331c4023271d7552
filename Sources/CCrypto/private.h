// Between keys.c, make.c and signatures.c only.
#ifndef GATEHOUSE_CCRYPTO_PRIVATE_H
#define GATEHOUSE_CCRYPTO_PRIVATE_H

#include <openssl/evp.h>
#include <openssl/param_build.h>

// `P-256` and so on for the size of its field, or NULL.
const char *gh_curve_name(int bits);
// SHA-256, SHA-384, SHA-512, or NULL.
const EVP_MD *gh_sha2(int bits);
// Builds a key of type "RSA" or "EC"; NULL when the parts do not make one.
EVP_PKEY *gh_build(const char *type, int selection, OSSL_PARAM_BLD *parts);

#endif
