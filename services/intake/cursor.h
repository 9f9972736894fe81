/* cursor.h - numbers in the cursors that lead from one page to the next: big-endian, n <= 8 bytes. */
#pragma once

#include <stddef.h>
#include <stdint.h>

void intake_put_be(uint8_t *to, uint64_t v, size_t n);
uint64_t intake_get_be(const uint8_t *from, size_t n);
