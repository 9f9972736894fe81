-- Notices that somebody was sending when the lane changed hands, with their texts: one may go by another channel now, under
-- another address. Columns as in read_notices; each text is looked up by itself (OFFSET 0).
-- in:  $1 int2 lane, $2 int8 case_id after which, $3 int4 limit
-- out: case_id int8, obligation text, generation int4, slot text, state int2, person text, channel text, attempts int4,
--      doubted bool, recalled bool, planned_at timestamptz, next_at timestamptz, settled_at timestamptz, detail text,
--      address text (null: erased), subject text, body text, resent_at timestamptz, spent int4, way_at timestamptz, tried text,
--      give_up_s int4, next_channel_s int4, alone bool, html text (null: none), markdown text (null: none), brief text (null: none),
--      answers int4, stands_for text, why_him text, recheck_at timestamptz (null: none), trace text
SELECT n.case_id, n.obligation, n.generation, n.slot, n.state, n.person, n.channel, n.attempts, n.doubted, n.recalled,
       n.planned_at, n.next_at, n.settled_at, n.detail, t.address, t.subject, t.body, n.resent_at, n.spent, n.way_at, n.tried,
       n.give_up_s, n.next_channel_s, n.alone, t.html, t.markdown, t.brief, n.answers,
       n.stands_for, n.why_him, n.recheck_at, n.trace
  FROM notify.notice AS n
  LEFT JOIN LATERAL (
           SELECT i.address, i.subject, i.body, i.html, i.markdown, i.brief
             FROM notify.notice_text AS i
            WHERE i.lane = $1::int2 AND i.case_id = n.case_id AND i.obligation = n.obligation AND i.generation = n.generation
              AND i.slot = n.slot
           OFFSET 0) AS t ON true
 WHERE n.lane = $1::int2 AND n.state = 1 AND n.case_id > $2::int8
 ORDER BY n.case_id, n.planned_at, n.obligation, n.generation, n.slot
 LIMIT $3::int4;
