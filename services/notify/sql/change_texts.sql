-- Writes other addresses and words of notices of before: they go by another way, or to another person, or tell of others too.
-- in:  $1 int2 lane, $2 int8[] case_id, $3 text[] obligation, $4 int4[] generation, $5 text[] slot, $6 text[] address,
--      $7 text[] subject, $8 text[] body, $9 text[] html (null: none), $10 text[] markdown (null: none), $11 text[] brief (null: none)
UPDATE notify.notice_text AS t
   SET address = n.address, subject = n.subject, body = n.body, html = n.html, markdown = n.markdown, brief = n.brief
  FROM unnest($2::int8[], $3::text[], $4::int4[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
              $11::text[])
    AS n (case_id, obligation, generation, slot, address, subject, body, html, markdown, brief)
 WHERE t.lane = $1::int2 AND t.case_id = n.case_id AND t.obligation = n.obligation AND t.generation = n.generation
   AND t.slot = n.slot;
