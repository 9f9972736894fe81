-- Puts a text without content in the place of those that are not in force any more. Nothing is computed from them.
-- in:  $1 int2 kind, $2 text key, $3 bytea packed RegistryObject
-- out: rows int8
WITH blanked AS (
    UPDATE registry.object
       SET body = $3::bytea
     WHERE kind = $1::int2 AND key = $2::text AND until IS NOT NULL AND body <> $3::bytea
 RETURNING 1)
SELECT count(*) AS rows
  FROM blanked;
