-- What a group of tickets would cost without look-ups, counter row and order: for the bench only.
-- in:  $1 int2 lane, $2 text source, $3 text[] key, $4 bytea[] content_hash, $5 text[] title, $6 bytea[] text, $7 bytea[] body,
--      $8 int8 first number
-- out: taken int8
WITH receipts AS (
    INSERT INTO intake.receipt (lane, source, key, kind, content_hash, case_id, id)
    SELECT $1::int2, $2::text, t.key, 1, t.content_hash, $8::int8 + t.i, $8::int8 + t.i
      FROM unnest($3::text[], $4::bytea[]) WITH ORDINALITY AS t (key, content_hash, i)
        ON CONFLICT DO NOTHING),
texts AS (
    INSERT INTO intake.free_text (lane, id, title, body)
    SELECT $1::int2, $8::int8 + t.i, t.title, t.body
      FROM unnest($5::text[], $6::bytea[]) WITH ORDINALITY AS t (title, body, i)),
entries AS (
    INSERT INTO journal.entry (lane, seq, at, case_id, kind, body)
    SELECT $1::int2, $8::int8 + t.i, clock_timestamp(), $8::int8 + t.i, 10, t.body
      FROM unnest($7::bytea[]) WITH ORDINALITY AS t (body, i))
SELECT cardinality($3::text[])::int8 AS taken;
