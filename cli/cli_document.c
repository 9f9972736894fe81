/* The document that a step hands over: of a file that is here, its name and hash say themselves. */
#include "cli.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

enum { CHUNK = 64 * 1024, VERSION_MAX = 64 };

static bool hash_file(struct cli *cli, FILE *file, uint8_t hash[static crypto_hash_sha256_BYTES])
{
    crypto_hash_sha256_state state;
    uint8_t *chunk = co_arena_alloc(cli->arena, CHUNK);
    size_t len = 0;
    if (chunk == NULL)
        return false;
    (void)crypto_hash_sha256_init(&state);
    while ((len = fread(chunk, 1, CHUNK, file)) > 0)
        (void)crypto_hash_sha256_update(&state, chunk, len);
    (void)crypto_hash_sha256_final(&state, hash);
    return ferror(file) == 0;
}

static char *base_name(struct cli *cli, const char *path)
{
    const char *slash = strrchr(path, '/');
    return cli_text(cli, slash == NULL ? path : slash + 1);
}

static bool read_hash(struct cli *cli, const char *text, Callout__V1__Document *d)
{
    uint8_t *hash = co_arena_alloc(cli->arena, crypto_hash_sha256_BYTES);
    size_t len = 0;
    if (hash == NULL)
        return false;
    if (strlen(text) != 2 * crypto_hash_sha256_BYTES ||
        sodium_hex2bin(hash, crypto_hash_sha256_BYTES, text, strlen(text), NULL, &len, NULL) != 0) {
        (void)cli_usage(cli, "--sha256 %s: 64 hexadecimal digits are wanted", text);
        return false;
    }
    d->sha256 = (ProtobufCBinaryData){ len, hash };
    return true;
}

/* --document names a file that is here, or a document that is elsewhere. */
static bool read_file(struct cli *cli, const char *path, Callout__V1__Document *d)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL && (errno != ENOENT || strchr(path, '/') != NULL)) {
        (void)cli_usage(cli, "--document %s: %s", path, strerror(errno));
        return false;
    }
    if (file == NULL)
        return true;
    uint8_t *hash = co_arena_alloc(cli->arena, crypto_hash_sha256_BYTES);
    bool is_read = hash != NULL && hash_file(cli, file, hash);
    (void)fclose(file);
    if (!is_read) {
        (void)cli_usage(cli, "--document %s: cannot be read", path);
        return false;
    }
    d->sha256 = (ProtobufCBinaryData){ crypto_hash_sha256_BYTES, hash };
    return true;
}

bool cli_read_document(struct cli *cli, Callout__V1__Document **ret_document)
{
    const char *path = cli_value(cli, "document");
    static const char *const options[] = { "uri", "sha256", "revision" };
    for (size_t i = 0; path == NULL && i < sizeof(options) / sizeof(options[0]); i++)
        if (cli_has(cli, options[i])) {
            (void)cli_usage(cli, "--%s is about a document: --document FILE is needed", options[i]);
            return false;
        }
    if (path == NULL)
        return true;
    Callout__V1__Document *d = co_arena_alloc(cli->arena, sizeof(*d));
    if (d == NULL)
        return false;
    callout__v1__document__init(d);
    d->name = base_name(cli, path);
    d->uri = cli_text(cli, cli_value(cli, "uri"));
    d->version = cli_text(cli, cli_value(cli, "revision"));
    *ret_document = d;
    return cli_has(cli, "sha256") ? read_hash(cli, cli_value(cli, "sha256"), d)
                                  : read_file(cli, path, d);
}
