-- A new version of the registry. Of two that store the same version, or the same change, the second fails by the key and looks again.
-- in:  $1 int8 version, $2 text change_id, $3 text who, $4 int4 added, $5 int4 changed, $6 int4 removed, $7 int4 unchanged
INSERT INTO registry.version (version, change_id, applied_by, at, added, changed, removed, unchanged)
SELECT $1::int8, $2::text, $3::text, anchor_domain + (clock_timestamp() - anchor_real) * rate, $4::int4, $5::int4, $6::int4, $7::int4
  FROM journal.clock;
