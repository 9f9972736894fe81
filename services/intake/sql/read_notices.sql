-- A window of the notices of some lanes, newest case first; those that are not meant are there too, so that a page never looks further
-- than its limit. Each lane is read from its own place in the key.
-- in:  $1 int2 lane from, $2 int2 lane to, $3 int8 case_id from;
--      what comes before: $4 int8 case_id, $5 text obligation, $6 int4 generation, $7 text slot; $8 int4 limit;
--      what is meant: $9 int2[] state (empty: any), $10 text person (empty: any), $11 text channel (empty: any)
-- out: case_id int8, obligation text, generation int4, slot text, state int2, person text, channel text, attempts int4,
--      planned_at timestamptz, next_at timestamptz (null: not by itself), settled_at timestamptz (null: not yet), detail text, stands_for text,
--      why_him text, is_meant bool
SELECT n.case_id, n.obligation, n.generation, n.slot, n.state, n.person, n.channel, n.attempts, n.planned_at, n.next_at,
       n.settled_at, n.detail, n.stands_for, n.why_him,
       (cardinality($9::int2[]) = 0 OR n.state = ANY ($9::int2[])) AND ($10::text = '' OR n.person = $10::text)
       AND ($11::text = '' OR n.channel = $11::text) AS is_meant
  FROM generate_series($1::int2::int4, $2::int2::int4) AS l (lane)
 CROSS JOIN LATERAL (
           SELECT i.case_id, i.obligation, i.generation, i.slot, i.state, i.person, i.channel, i.attempts, i.planned_at,
                  i.next_at, i.settled_at, i.detail, i.stands_for, i.why_him
             FROM read.notify_notice AS i
            WHERE i.lane = l.lane::int2 AND i.case_id >= $3::int8
              AND (i.case_id, i.obligation, i.generation, i.slot) < ($4::int8, $5::text, $6::int4, $7::text)
            ORDER BY i.case_id DESC, i.obligation DESC, i.generation DESC, i.slot DESC
            LIMIT $8::int4) AS n
 ORDER BY n.case_id DESC, n.obligation DESC, n.generation DESC, n.slot DESC
 LIMIT $8::int4;
