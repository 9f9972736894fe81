-- Makes plans and renewals of a registry version known, and forgets those that it has no more. What a newer version knows stays.
-- What is new is known since the version was applied, however long ago that was: there may have been no intake since.
-- Safe for several intakes at once, and to repeat.
-- in:  $1 int8 version, $2 timestamptz domain time (where the version does not say when it was applied), $3 text[] kind, $4 text[] key
-- out: kind text, key text, since timestamptz, before which nothing is to be opened any more
WITH wanted AS MATERIALIZED (
    SELECT kind, key
      FROM unnest($3::text[], $4::text[]) AS w (kind, key)),
gone AS (
    DELETE FROM intake.plan AS p
     WHERE p.seen_version < $1::int8
       AND NOT EXISTS (SELECT 1 FROM wanted AS w WHERE w.kind = p.kind AND w.key = p.key)),
met AS (
    INSERT INTO intake.plan AS p (kind, key, since, first_version, seen_version)
    SELECT kind, key, coalesce((SELECT v.at FROM registry.version AS v WHERE v.version = $1::int8), $2::timestamptz), $1::int8, $1::int8
      FROM wanted
     ORDER BY kind, key
        ON CONFLICT (kind, key) DO UPDATE
       SET seen_version = greatest(p.seen_version, excluded.seen_version)
 RETURNING kind, key, since, first_version)
SELECT met.kind, met.key,
       CASE WHEN met.first_version <= done.version THEN greatest(met.since, done.at) ELSE met.since END AS since
  FROM met
  LEFT JOIN intake.planned AS done ON done.one
 ORDER BY met.kind, met.key;
