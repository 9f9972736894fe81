-- Every text of a person in the registry.
-- in:  $1 int2 kind, $2 text key
-- out: is_in_force bool, body bytea
SELECT until IS NULL AS is_in_force, body
  FROM registry.object
 WHERE kind = $1::int2 AND key = $2::text
 ORDER BY since;
