-- Takes a group of tickets and commands of one lane: receipts, texts, numbers and journal entries of those whose key is new.
-- A key that is there already, or a command whose case does not exist, gives no row and leaves no trace. Receipts come
-- sorted, so that two processes cannot wait for each other; the counter row is locked after them, as everywhere.
-- The subselects in brackets with IS TRUE stay hashed look-ups whatever the planner thinks of the arrays' lengths; they are not
-- asked where every key was new, which is the rule.
-- in:  $1 int2 lane,
--      receipts, by source, key, kind: $2 text[] source, $3 text[] key, $4 int2[] kind, $5 bytea[] content_hash, $6 int8[] case_id, $7 int8[] id;
--      texts: $8 int8[] id, $9 text[] title (null: a command's), $10 bytea[] body;
--      entries, in the order of the journal: $11 int8[] id, $12 int8[] case_id, $13 int2[] kind, $14 bytea[] body
-- out: id int8, in the order of the receipts, or one row with null: every one; before int8, number before the first entry;
--      at timestamptz, of all entries
WITH won AS (
    INSERT INTO intake.receipt (lane, source, key, kind, content_hash, case_id, id)
    SELECT $1::int2, r.source, r.key, r.kind, r.content_hash, r.case_id, r.id
      FROM unnest($2::text[], $3::text[], $4::int2[], $5::bytea[], $6::int8[], $7::int8[])
           AS r (source, key, kind, content_hash, case_id, id)
     WHERE r.kind = 1
        OR (SELECT f.title IS NOT NULL FROM intake.free_text AS f WHERE f.lane = $1::int2 AND f.id = r.case_id)
        ON CONFLICT DO NOTHING
 RETURNING id),
taken AS MATERIALIZED (
    SELECT count(*) AS n, count(*) = cardinality($7::int8[]) AS is_all
      FROM won),
clock AS MATERIALIZED (
    SELECT anchor_domain + (clock_timestamp() - anchor_real) * rate AS now
      FROM journal.clock),
counter AS (
    UPDATE journal.lane AS l
       SET seq = l.seq + taken.n,
           at = greatest(l.at, clock.now)
      FROM clock, taken
     WHERE l.lane = $1::int2 AND taken.n > 0
 RETURNING l.seq - taken.n AS before, l.at),
texts AS (
    INSERT INTO intake.free_text (lane, id, title, body)
    SELECT $1::int2, t.id, t.title, t.body
      FROM unnest($8::int8[], $9::text[], $10::bytea[]) AS t (id, title, body)
     WHERE (SELECT is_all FROM taken) OR (t.id IN (SELECT id FROM won)) IS TRUE),
entries AS (
    INSERT INTO journal.entry (lane, seq, at, case_id, kind, body)
    SELECT $1::int2, counter.before + row_number() OVER (), counter.at, e.case_id, e.kind, e.body
      FROM counter, unnest($11::int8[], $12::int8[], $13::int2[], $14::bytea[]) AS e (id, case_id, kind, body)
     WHERE (SELECT is_all FROM taken) OR (e.id IN (SELECT id FROM won)) IS TRUE)
SELECT won.id, counter.before, counter.at
  FROM counter
 CROSS JOIN taken
  LEFT JOIN won ON NOT taken.is_all;
