-- Writes the rows of the cases of one turn, new ones and old ones. Behind the fence: nobody else writes this lane.
-- in:  $1 int2 lane, $2 int8[] case_id, $3 text[] customer, $4 text[] site, $5 int2[] severity, $6 text[] state,
--      $7 timestamptz[] opened_at, $8 timestamptz[] next_due_at, $9 text[] next_milestone, $10 timestamptz[] next_at, $11 bytea[] body,
--      $12 timestamptz[] closed_at, $13 int8[] registry_seen, $14 text[] contract, $15 text[] source
INSERT INTO sla.case AS c (lane, case_id, customer, site, severity, state, opened_at, next_due_at, next_milestone, next_at, body,
                           closed_at, registry_seen, contract, source)
SELECT $1::int2, n.case_id, n.customer, n.site, n.severity, n.state, n.opened_at, n.next_due_at, n.next_milestone, n.next_at, n.body,
       n.closed_at, n.registry_seen, n.contract, n.source
  FROM unnest($2::int8[], $3::text[], $4::text[], $5::int2[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::text[],
              $10::timestamptz[], $11::bytea[], $12::timestamptz[], $13::int8[], $14::text[], $15::text[])
    AS n (case_id, customer, site, severity, state, opened_at, next_due_at, next_milestone, next_at, body, closed_at, registry_seen, contract,
          source)
    ON CONFLICT (lane, case_id) DO UPDATE
   SET customer = excluded.customer, site = excluded.site, severity = excluded.severity, state = excluded.state,
       opened_at = excluded.opened_at, next_due_at = excluded.next_due_at, next_milestone = excluded.next_milestone,
       next_at = excluded.next_at, body = excluded.body, closed_at = excluded.closed_at, registry_seen = excluded.registry_seen,
       contract = excluded.contract, source = excluded.source;
