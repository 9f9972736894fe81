-- Notes that an address is gone for good, and takes out what does not hold any more. Two at once: the later one stays, they say the same.
-- in:  $1 text address, $2 int2 entry_kind, $3 text entry_key, $4 int8 entry_since, $5 text channel, $6 timestamptz at
WITH over AS (
    DELETE FROM notify.gone AS g
     WHERE g.address <> $1::text
       AND NOT EXISTS (SELECT 1
                         FROM registry.object AS o
                        WHERE o.kind = g.entry_kind AND o.key = g.entry_key AND o.since = g.entry_since AND o.until IS NULL))
INSERT INTO notify.gone (address, entry_kind, entry_key, entry_since, channel, at)
SELECT $1::text, $2::int2, $3::text, $4::int8, $5::text, $6::timestamptz
    ON CONFLICT (address) DO UPDATE
   SET entry_kind = excluded.entry_kind, entry_key = excluded.entry_key, entry_since = excluded.entry_since,
       channel = excluded.channel, at = excluded.at;
