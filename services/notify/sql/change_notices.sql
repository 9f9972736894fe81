-- Writes what changed in notices of before. Each is found by its key first (OFFSET 0), whatever statistics say of the table; it
-- stays where it is, as only the owner of the lane writes here.
-- in:  $1 int2 lane, $2 int8[] case_id, $3 text[] obligation, $4 int4[] generation, $5 text[] slot, $6 int2[] state,
--      $7 int4[] attempts, $8 bool[] doubted, $9 bool[] recalled, $10 timestamptz[] next_at, $11 timestamptz[] settled_at,
--      $12 text[] detail, $13 text[] channel, $14 timestamptz[] resent_at, $15 int4[] spent, $16 timestamptz[] way_at, $17 text[] tried,
--      $18 text[] person, $19 text[] stands_for, $20 text[] why_him
UPDATE notify.notice AS o
   SET state = n.state, attempts = n.attempts, doubted = n.doubted, recalled = n.recalled, next_at = n.next_at,
       settled_at = n.settled_at, detail = n.detail, channel = n.channel, resent_at = n.resent_at, spent = n.spent,
       way_at = n.way_at, tried = n.tried, person = n.person, stands_for = n.stands_for, why_him = n.why_him
  FROM unnest($2::int8[], $3::text[], $4::int4[], $5::text[], $6::int2[], $7::int4[], $8::boolean[], $9::boolean[],
              $10::timestamptz[], $11::timestamptz[], $12::text[], $13::text[], $14::timestamptz[], $15::int4[],
              $16::timestamptz[], $17::text[], $18::text[], $19::text[], $20::text[])
    AS n (case_id, obligation, generation, slot, state, attempts, doubted, recalled, next_at, settled_at, detail, channel,
          resent_at, spent, way_at, tried, person, stands_for, why_him)
 CROSS JOIN LATERAL (
           SELECT i.ctid AS place
             FROM notify.notice AS i
            WHERE i.lane = $1::int2 AND i.case_id = n.case_id AND i.obligation = n.obligation AND i.generation = n.generation
              AND i.slot = n.slot
           OFFSET 0) AS p
 WHERE o.lane = $1::int2 AND o.ctid = p.place;
