/* notify_address.h - addresses of the network that notices may go to.
 *
 * Pure. Registries are written by people, and a webhook's host name is resolved by somebody else's
 * server: what it resolves to is checked at the moment of connecting, so neither a clever name nor
 * a changing one reaches the inside of the network.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Is this IPv4 address (host byte order) reachable for everybody? False for private, loopback,
 * link-local, shared, documentation, benchmark, multicast and reserved ranges. */
bool notify_address_is_public4(uint32_t address);

/* The same for IPv6, 16 bytes in network order; an IPv4 address inside (mapped, NAT64, 6to4) is
 * judged as such. */
bool notify_address_is_public6(const uint8_t address[static 16]);
