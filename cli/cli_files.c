#include "cli_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "co_text.h"

const char *cli_clean(struct cli *cli, const char *text)
{
    enum { CHARS = 100 };
    size_t n = 0;
    size_t chars = 0;
    char *clean = cli_text(cli, text);
    for (const char *at = clean + strspn(clean, " \t\r\n"); *at != '\0' && chars < CHARS; chars++) {
        uint32_t c = 0;
        size_t len = co_text_next(at, &c);
        if (c < 0x20 || c == 0x7f)
            clean[n++] = ' ';
        else {
            memmove(clean + n, at, len);
            n += len;
        }
        at += len;
    }
    while (n > 0 && clean[n - 1] == ' ')
        n--;
    clean[n] = '\0';
    return clean;
}

int cli_read_file(struct cli *cli, const char *path, size_t limit_bytes, char **ret_text,
                  size_t *ret_len)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return cli_fail(cli, CLI_NOT_FOUND, "%s: %s", path, strerror(errno));
    char *text = co_arena_alloc(cli->arena, limit_bytes + 2);
    size_t len = text == NULL ? 0 : fread(text, 1, limit_bytes + 1, f);
    bool is_bad = text == NULL || ferror(f) != 0;
    (void)fclose(f);
    if (is_bad)
        return cli_fail(cli, CLI_NOT_FOUND, "%s: cannot be read: %s", path, strerror(errno));
    if (len > limit_bytes)
        return cli_fail(cli, CLI_REFUSED, "%s: longer than %zu MiB", path,
                        limit_bytes / 1024 / 1024);
    if (!co_text_is_valid(text, len))
        return cli_fail(cli, CLI_REFUSED, "%s: is not a text in UTF-8", path);
    text[len] = '\0';
    *ret_text = text;
    *ret_len = len;
    return CLI_OK;
}

static bool write_bytes(FILE *f, const char *text)
{
    bool is_written = fputs(text, f) >= 0 && fflush(f) == 0 && fsync(fileno(f)) == 0;
    return fclose(f) == 0 && is_written;
}

int cli_replace_file(struct cli *cli, const char *path, const char *text)
{
    char *beside = cli_text(cli, cli_format(cli, "%s.XXXXXX", path));
    struct stat old;
    mode_t mode = stat(path, &old) == 0 ? old.st_mode & 0777 : 0644;
    int fd = mkstemp(beside);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
    if (f == NULL)
        return cli_fail(cli, CLI_FAILED, "%s: cannot be written: %s", path, strerror(errno));
    if (write_bytes(f, text) && chmod(beside, mode) == 0 && rename(beside, path) == 0)
        return CLI_OK;
    int why = errno;
    (void)unlink(beside);
    return cli_fail(cli, CLI_FAILED, "%s: cannot be written: %s", path, strerror(why));
}

const char *cli_file_names(struct cli *cli, size_t first)
{
    const char *all = "";
    for (size_t i = first; i < cli->args->words; i++) {
        const char *slash = strrchr(cli->args->word[i], '/');
        all = cli_format(cli, "%s%s%s", all, i == first ? "" : ", ",
                         slash == NULL ? cli->args->word[i] : slash + 1);
    }
    return cli_clean(cli, all);
}
