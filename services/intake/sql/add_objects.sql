-- The texts that a version brings. After end_objects.
-- in:  $1 int8 version, $2 int2[] kind, $3 text[] key, $4 bytea[] packed RegistryObject
INSERT INTO registry.object (kind, key, since, body)
SELECT n.kind, n.key, $1::int8, n.body
  FROM unnest($2::int2[], $3::text[], $4::bytea[]) AS n (kind, key, body);
