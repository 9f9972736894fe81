-- Writes the notices planned in one turn.
-- in:  $1 int2 lane, $2 int8[] case_id, $3 text[] obligation, $4 int4[] generation, $5 text[] slot, $6 int2[] state,
--      $7 text[] person, $8 text[] channel, $9 int4[] attempts, $10 bool[] doubted, $11 bool[] recalled,
--      $12 timestamptz[] planned_at, $13 timestamptz[] next_at, $14 timestamptz[] settled_at, $15 text[] detail,
--      $16 int4[] give_up_s, $17 int4[] next_channel_s, $18 bool[] alone, $19 bytea[] secret (empty: none), $20 int4[] answers,
--      $21 timestamptz[] answer_by (null: none), $22 text[] stands_for, $23 text[] why_him, $24 timestamptz[] recheck_at (null: none),
--      $25 timestamptz[] resent_at (null: as planned), $26 timestamptz[] way_at (null: as planned), $27 text[] trace
INSERT INTO notify.notice (lane, case_id, obligation, generation, slot, state, person, channel, attempts, doubted, recalled,
                           planned_at, next_at, settled_at, detail, give_up_s, next_channel_s, alone, secret, answers,
                           answer_by, stands_for, why_him, recheck_at, resent_at, way_at, trace)
SELECT $1::int2, n.case_id, n.obligation, n.generation, n.slot, n.state, n.person, n.channel, n.attempts, n.doubted,
       n.recalled, n.planned_at, n.next_at, n.settled_at, n.detail, n.give_up_s, n.next_channel_s, n.alone,
       nullif(n.secret, ''::bytea), n.answers, n.answer_by, n.stands_for, n.why_him, n.recheck_at,
       n.resent_at, n.way_at, n.trace
  FROM unnest($2::int8[], $3::text[], $4::int4[], $5::text[], $6::int2[], $7::text[], $8::text[], $9::int4[], $10::boolean[],
              $11::boolean[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[], $15::text[], $16::int4[],
              $17::int4[], $18::boolean[], $19::bytea[], $20::int4[], $21::timestamptz[],
              $22::text[], $23::text[], $24::timestamptz[], $25::timestamptz[], $26::timestamptz[], $27::text[])
    AS n (case_id, obligation, generation, slot, state, person, channel, attempts, doubted, recalled, planned_at, next_at,
          settled_at, detail, give_up_s, next_channel_s, alone, secret, answers, answer_by, stands_for, why_him, recheck_at,
          resent_at, way_at, trace);
