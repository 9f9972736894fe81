-- Ends the texts in force of objects that a version changes or removes. After add_version, which lets one through.
-- in:  $1 int8 version, $2 int2[] kind, $3 text[] key
UPDATE registry.object AS o
   SET until = $1::int8
  FROM unnest($2::int2[], $3::text[]) AS g (kind, key)
 WHERE o.kind = g.kind AND o.key = g.key AND o.until IS NULL;
