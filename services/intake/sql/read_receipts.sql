-- What is known of requests whose key was there already. In a statement of its own, after the group: a key that another process
-- was just taking is not seen by the statement that lost against it.
-- in:  $1 int2 lane, $2 text[] source, $3 text[] key, $4 int2[] kind
-- out: i int8, from 1, which of the arrays; content_hash bytea, case_id int8, id int8
SELECT k.i, r.content_hash, r.case_id, r.id
  FROM unnest($2::text[], $3::text[], $4::int2[]) WITH ORDINALITY AS k (source, key, kind, i)
 CROSS JOIN LATERAL (
    SELECT content_hash, case_id, id
      FROM intake.receipt
     WHERE lane = $1::int2 AND source = k.source AND key = k.key AND kind = k.kind
    OFFSET 0) AS r
 ORDER BY k.i;
