-- Everything up to a time that a registry version has was opened. Never back, and only by the newest version: it may have other dates
-- from when it was applied on, which an intake that has not heard of it does not open.
-- in:  $1 int8 version, $2 timestamptz domain time
INSERT INTO intake.planned AS p (version, at)
SELECT $1::int8, $2::timestamptz
 WHERE NOT EXISTS (SELECT FROM registry.version WHERE version > $1::int8)
    ON CONFLICT (one) DO UPDATE
   SET version = excluded.version,
       at = greatest(p.at, excluded.at)
 WHERE p.version <= excluded.version;
