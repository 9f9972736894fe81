-- The notices of some cases of one lane: all, or those that are not settled, with their texts.
-- in:  $1 int2 lane, $2 int8[] case_id, $3 bool[] all
-- out: case_id int8, obligation text, generation int4, slot text, state int2, person text, channel text, attempts int4,
--      doubted bool, recalled bool, planned_at timestamptz, next_at timestamptz, settled_at timestamptz, detail text,
--      address text (null: erased), subject text, body text
SELECT n.case_id, n.obligation, n.generation, n.slot, n.state, n.person, n.channel, n.attempts, n.doubted, n.recalled,
       n.planned_at, n.next_at, n.settled_at, n.detail, t.address, t.subject, t.body
  FROM unnest($2::int8[], $3::boolean[]) AS w (case_id, is_all)
  JOIN notify.notice AS n ON n.lane = $1::int2 AND n.case_id = w.case_id AND (w.is_all OR n.state IN (0, 1, 4))
  LEFT JOIN notify.notice_text AS t
    ON t.lane = n.lane AND t.case_id = n.case_id AND t.obligation = n.obligation AND t.generation = n.generation
       AND t.slot = n.slot
 ORDER BY n.case_id, n.planned_at, n.obligation, n.generation, n.slot;
