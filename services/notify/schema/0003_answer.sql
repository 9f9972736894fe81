-- Notices that are answered by a code in their text: the key of their codes, what may be answered (bits, lib/answer), until when.
ALTER TABLE notify.notice
    ADD COLUMN secret    bytea,
    ADD COLUMN answers   int4 NOT NULL DEFAULT 0,
    ADD COLUMN answer_by timestamptz;

CREATE INDEX notice_answer ON notify.notice (lane, case_id) WHERE secret IS NOT NULL;

CREATE VIEW read.notify_answer AS
SELECT lane, case_id, obligation, generation, slot, person, secret, answers, answer_by, recalled
  FROM notify.notice
 WHERE secret IS NOT NULL;

GRANT SELECT ON read.notify_answer TO callout_intake;
