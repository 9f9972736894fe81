-- Every text of some kinds of registry objects.
-- in:  $1 int2[] kind
-- out: kind int2, key text, since int8, until int8 (0: in force), body bytea
SELECT kind, key, since, coalesce(until, 0) AS until, body
  FROM registry.object
 WHERE kind = ANY ($1::int2[])
 ORDER BY kind, key, since;
