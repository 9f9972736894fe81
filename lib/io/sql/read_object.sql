-- One text of one registry object, in force or old.
-- in:  $1 int2 kind, $2 text key, $3 int8 since
-- out: body bytea
SELECT body
  FROM registry.object
 WHERE kind = $1::int2 AND key = $2::text AND since = $3::int8;
