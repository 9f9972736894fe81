-- The notices of some cases of one lane: all, or those that are not settled, with their texts. Each case, and each text, is
-- looked up by itself (OFFSET 0): also while statistics say that the tables are small, nothing else of the lane is read.
-- in:  $1 int2 lane, $2 int8[] case_id, $3 bool[] all
-- out: case_id int8, obligation text, generation int4, slot text, state int2, person text, channel text, attempts int4,
--      doubted bool, recalled bool, planned_at timestamptz, next_at timestamptz, settled_at timestamptz, detail text,
--      address text (null: erased), subject text, body text, resent_at timestamptz, spent int4, way_at timestamptz, tried text,
--      give_up_s int4, next_channel_s int4, alone bool, html text (null: none), markdown text (null: none), brief text (null: none),
--      answers int4, stands_for text, why_him text, recheck_at timestamptz (null: none), trace text, secret bytea (null: none)
SELECT n.case_id, n.obligation, n.generation, n.slot, n.state, n.person, n.channel, n.attempts, n.doubted, n.recalled,
       n.planned_at, n.next_at, n.settled_at, n.detail, t.address, t.subject, t.body, n.resent_at, n.spent, n.way_at, n.tried,
       n.give_up_s, n.next_channel_s, n.alone, t.html, t.markdown, t.brief, n.answers,
       n.stands_for, n.why_him, n.recheck_at, n.trace, n.secret
  FROM unnest($2::int8[], $3::boolean[]) AS w (case_id, is_all)
 CROSS JOIN LATERAL (
           SELECT i.lane, i.case_id, i.obligation, i.generation, i.slot, i.state, i.person, i.channel, i.attempts, i.doubted,
                  i.recalled, i.planned_at, i.next_at, i.settled_at, i.detail, i.resent_at, i.spent, i.way_at, i.tried,
                  i.give_up_s, i.next_channel_s, i.alone, i.answers, i.stands_for, i.why_him, i.recheck_at, i.trace, i.secret
             FROM notify.notice AS i
            WHERE i.lane = $1::int2 AND i.case_id = w.case_id AND (w.is_all OR i.state IN (0, 1, 4))
           OFFSET 0) AS n
  LEFT JOIN LATERAL (
           SELECT i.address, i.subject, i.body, i.html, i.markdown, i.brief
             FROM notify.notice_text AS i
            WHERE i.lane = $1::int2 AND i.case_id = n.case_id AND i.obligation = n.obligation AND i.generation = n.generation
              AND i.slot = n.slot
           OFFSET 0) AS t ON true
 ORDER BY n.case_id, n.planned_at, n.obligation, n.generation, n.slot;
