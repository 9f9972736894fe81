-- Everything up to a time that a registry version has was opened. Never back, and not by an older version.
-- in:  $1 int8 version, $2 timestamptz domain time
INSERT INTO intake.planned AS p (version, at)
VALUES ($1::int8, $2::timestamptz)
    ON CONFLICT (one) DO UPDATE
   SET version = excluded.version,
       at = greatest(p.at, excluded.at)
 WHERE p.version <= excluded.version;
