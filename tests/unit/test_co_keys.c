#include "co_keys.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_main.h"

static char dir[64];
static char stem[96];
static char key_path[128];
static char pub_path[128];
static struct co_why why;

/* Each test runs in a process and a directory of its own. */
static struct co_keys written(void)
{
    strcpy(dir, "/tmp/callout-keys-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(stem, sizeof(stem), "%s/intake", dir);
    snprintf(key_path, sizeof(key_path), "%s.key", stem);
    snprintf(pub_path, sizeof(pub_path), "%s.pub", stem);
    struct co_keys keys;
    ck_assert_int_eq(co_keys_generate(&keys), CO_OK);
    ck_assert_int_eq(co_keys_write(&keys, stem, "intake", &why), CO_OK);
    return keys;
}

static void clean(void)
{
    unlink(key_path);
    unlink(pub_path);
    rmdir(dir);
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static void rewrite(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

START_TEST(what_was_written_is_read)
{
    struct co_keys keys = written();
    struct co_keys got;
    char public_text[CO_KEY_TEXT];
    ck_assert_int_eq(co_keys_read(key_path, &got, &why), CO_OK);
    ck_assert_str_eq(got.public_text, keys.public_text);
    ck_assert_str_eq(got.secret_text, keys.secret_text);
    ck_assert_int_eq(co_keys_read_public(pub_path, public_text, &why), CO_OK);
    ck_assert_str_eq(public_text, keys.public_text);
    ck_assert_int_eq(co_keys_read_public(key_path, public_text, &why), CO_OK);
    ck_assert_str_eq(public_text, keys.public_text);
    clean();
}
END_TEST

START_TEST(only_the_owner_may_read_the_secret_whatever_the_umask)
{
    umask(0);
    written();
    ck_assert_uint_eq(mode_of(key_path), 0600);
    ck_assert_uint_eq(mode_of(pub_path), 0644);
    clean();
    umask(0077);
    written();
    ck_assert_uint_eq(mode_of(key_path), 0600);
    ck_assert_uint_eq(mode_of(pub_path), 0644);
    clean();
}
END_TEST

START_TEST(a_secret_that_others_may_read_is_refused_with_the_fix)
{
    written();
    struct co_keys got;
    char fix[160];
    snprintf(fix, sizeof(fix), "(mode 0604): chmod 600 %s", key_path);
    ck_assert_int_eq(chmod(key_path, 0604), 0);
    ck_assert_int_eq(co_keys_read(key_path, &got, &why), CO_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, fix));
    clean();
}
END_TEST

START_TEST(a_key_is_never_overwritten)
{
    struct co_keys keys = written();
    struct co_keys other;
    struct co_keys got;
    ck_assert_int_eq(co_keys_generate(&other), CO_OK);
    ck_assert_int_eq(co_keys_write(&other, stem, "intake", &why), CO_ECONFLICT);
    ck_assert_ptr_nonnull(strstr(why.text, key_path));

    unlink(key_path);
    ck_assert_int_eq(co_keys_write(&other, stem, "intake", &why), CO_ECONFLICT);
    ck_assert_int_eq(access(key_path, F_OK), -1);
    ck_assert_int_eq(co_keys_read_public(pub_path, got.public_text, &why), CO_OK);
    ck_assert_str_eq(got.public_text, keys.public_text);
    clean();
}
END_TEST

START_TEST(halves_that_do_not_belong_together_are_refused)
{
    struct co_keys keys = written();
    struct co_keys other;
    char text[256];
    ck_assert_int_eq(co_keys_generate(&other), CO_OK);
    snprintf(text, sizeof(text), "public = %s\nsecret = %s\n", keys.public_text, other.secret_text);
    rewrite(key_path, text);
    ck_assert_int_eq(co_keys_read(key_path, &other, &why), CO_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, "do not belong together"));
    clean();
}
END_TEST

START_TEST(a_file_of_another_form_is_refused_and_named)
{
    static const char *const bad[] = {
        "",
        "public",
        "public = ",
        "public = short\nsecret = short\n",
        "# public = rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\n",
        "public = rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\n", /* no secret */
        "public = \xff\xfe:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\n",
    };
    written();
    struct co_keys got;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        rewrite(key_path, bad[i]);
        ck_assert_msg(co_keys_read(key_path, &got, &why) == CO_EINPUT, "case %zu", i);
        ck_assert_ptr_nonnull(strstr(why.text, key_path));
    }
    clean();
}
END_TEST

START_TEST(a_missing_file_or_directory_is_named)
{
    struct co_keys keys = written();
    clean();
    ck_assert_int_eq(co_keys_read(key_path, &keys, &why), CO_EDOWN);
    ck_assert_ptr_nonnull(strstr(why.text, key_path));
    ck_assert_int_eq(co_keys_write(&keys, stem, "x", &why), CO_EDOWN);
    ck_assert_ptr_nonnull(strstr(why.text, key_path));
    ck_assert_int_eq(co_keys_read("/tmp", &keys, &why), CO_EINPUT);
}
END_TEST

START_TEST(text_and_bytes_say_the_same)
{
    struct co_keys keys;
    uint8_t bytes[CO_KEY_BYTES];
    char text[CO_KEY_TEXT];
    ck_assert_int_eq(co_keys_generate(&keys), CO_OK);
    ck_assert_int_eq(co_keys_decode(keys.public_text, bytes), CO_OK);
    co_keys_encode(bytes, text);
    ck_assert_str_eq(text, keys.public_text);
    ck_assert_int_eq(co_keys_decode("", bytes), CO_EINPUT);
    ck_assert_int_eq(co_keys_decode("too short", bytes), CO_EINPUT);
}
END_TEST

CHECK_MAIN("co_keys", what_was_written_is_read,
           only_the_owner_may_read_the_secret_whatever_the_umask,
           a_secret_that_others_may_read_is_refused_with_the_fix, a_key_is_never_overwritten,
           halves_that_do_not_belong_together_are_refused,
           a_file_of_another_form_is_refused_and_named, a_missing_file_or_directory_is_named,
           text_and_bytes_say_the_same)
