-- A page of cases, newest first: ids rise with time.
-- in:  $1 int8 before (exclusive), $2 int4 limit, $3 bool without the closed ones, $4 text customer (empty: any);
--      $5 bool only those of a scope: $6 text[] contract, $7 text[] customer, $8 text who reported those that are under no contract
-- out: case_id int8, customer text, site text, severity int2, state text, opened_at timestamptz, next_due_at timestamptz (null: none), next_milestone text, title text
SELECT c.case_id, c.customer, c.site, c.severity, c.state, c.opened_at, c.next_due_at, c.next_milestone,
       coalesce(t.title, '') AS title
  FROM read.sla_case AS c
  LEFT JOIN read.ticket_text AS t ON t.lane = c.lane AND t.case_id = c.case_id
 WHERE c.case_id < $1::int8
   AND (NOT $3::bool OR c.state <> 'closed')
   AND ($4::text = '' OR c.customer = $4::text)
   AND (NOT $5::bool OR c.customer = ANY ($7::text[]) OR c.contract = ANY ($6::text[])
        OR (c.contract = '' AND c.source = $8::text))
 ORDER BY c.case_id DESC
 LIMIT $2::int4;
