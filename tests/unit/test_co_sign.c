#include "co_sign.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_main.h"

static char dir[64], stem[96], key_path[128], pub_path[128];
static struct co_why why;

static struct co_sign_keys written(void)
{
    struct co_sign_keys keys;
    strcpy(dir, "/tmp/callout-sign-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(stem, sizeof(stem), "%s/signing", dir);
    snprintf(key_path, sizeof(key_path), "%s.key", stem);
    snprintf(pub_path, sizeof(pub_path), "%s.pub", stem);
    ck_assert_int_eq(co_sign_generate(&keys), CO_OK);
    ck_assert_int_eq(co_sign_write(&keys, stem, "acme", &why), CO_OK);
    return keys;
}

static void clean(void)
{
    unlink(key_path);
    unlink(pub_path);
    rmdir(dir);
}

START_TEST(a_signing_pair_that_was_written_is_read_and_the_secret_is_the_owners_alone)
{
    struct co_sign_keys keys = written(), got;
    uint8_t public_key[CO_SIGN_PUBLIC_BYTES];
    struct stat st;
    ck_assert_int_eq(co_sign_read(key_path, &got, &why), CO_OK);
    ck_assert_mem_eq(&got, &keys, sizeof(got));
    ck_assert_int_eq(co_sign_read_public(pub_path, public_key, &why), CO_OK);
    ck_assert_mem_eq(public_key, keys.public_key, sizeof(public_key));
    ck_assert_int_eq(stat(key_path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0600);
    ck_assert_int_eq(co_sign_write(&keys, stem, "acme", &why), CO_ECONFLICT);
    ck_assert_int_eq(chmod(key_path, 0644), 0);
    ck_assert_int_eq(co_sign_read(key_path, &got, &why), CO_EINPUT);
    clean();
}
END_TEST

START_TEST(a_signature_holds_for_these_bytes_and_this_key_only)
{
    struct co_sign_keys keys, other;
    uint8_t signature[CO_SIGN_BYTES];
    char text[] = "what was promised";
    ck_assert_int_eq(co_sign_generate(&keys), CO_OK);
    ck_assert_int_eq(co_sign_generate(&other), CO_OK);
    co_sign_make(&keys, text, strlen(text), signature);
    ck_assert(co_sign_holds(keys.public_key, text, strlen(text), signature));
    ck_assert(!co_sign_holds(other.public_key, text, strlen(text), signature));
    ck_assert(!co_sign_holds(keys.public_key, text, strlen(text) - 1, signature));
    for (size_t i = 0; i < sizeof(signature); i++) {
        signature[i] ^= 1;
        ck_assert(!co_sign_holds(keys.public_key, text, strlen(text), signature));
        signature[i] ^= 1;
    }
}
END_TEST

START_TEST(a_key_of_the_other_kind_is_refused_in_words)
{
    struct co_sign_keys got;
    struct co_keys curve;
    uint8_t public_key[CO_SIGN_PUBLIC_BYTES];
    written();
    clean();
    ck_assert_ptr_nonnull(strcpy(dir, "/tmp/callout-sign-XXXXXX"));
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(stem, sizeof(stem), "%s/signing", dir);
    snprintf(key_path, sizeof(key_path), "%s.key", stem);
    snprintf(pub_path, sizeof(pub_path), "%s.pub", stem);
    ck_assert_int_eq(co_keys_generate(&curve), CO_OK);
    ck_assert_int_eq(co_keys_write(&curve, stem, "intake", &why), CO_OK);
    ck_assert_int_eq(co_sign_read(key_path, &got, &why), CO_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, "callout keygen --signing"));
    ck_assert_int_eq(co_sign_read_public(pub_path, public_key, &why), CO_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, "of another kind"));
    clean();
}
END_TEST

START_TEST(halves_of_two_signing_pairs_are_refused)
{
    struct co_sign_keys keys = written(), other, got;
    ck_assert_int_eq(co_sign_generate(&other), CO_OK);
    memcpy(keys.public_key, other.public_key, sizeof(keys.public_key));
    unlink(key_path);
    unlink(pub_path);
    ck_assert_int_eq(co_sign_write(&keys, stem, "acme", &why), CO_OK);
    ck_assert_int_eq(co_sign_read(key_path, &got, &why), CO_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, "do not belong together"));
    clean();
}
END_TEST

CHECK_MAIN("co_sign", a_signing_pair_that_was_written_is_read_and_the_secret_is_the_owners_alone,
           a_signature_holds_for_these_bytes_and_this_key_only,
           a_key_of_the_other_kind_is_refused_in_words, halves_of_two_signing_pairs_are_refused)
