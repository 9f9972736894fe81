-- Writes the texts of the notices planned in one turn.
-- in:  $1 int2 lane, $2 int8[] case_id, $3 text[] obligation, $4 int4[] generation, $5 text[] slot, $6 text[] address,
--      $7 text[] subject, $8 text[] body, $9 text[] html (null: none), $10 text[] markdown (null: none), $11 text[] brief (null: none)
INSERT INTO notify.notice_text (lane, case_id, obligation, generation, slot, address, subject, body, html, markdown, brief)
SELECT $1::int2, n.case_id, n.obligation, n.generation, n.slot, n.address, n.subject, n.body, n.html, n.markdown, n.brief
  FROM unnest($2::int8[], $3::text[], $4::int4[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
              $11::text[])
    AS n (case_id, obligation, generation, slot, address, subject, body, html, markdown, brief);
