-- Notices that are sent again, by another channel, together with others.
ALTER TABLE notify.notice
    DROP CONSTRAINT notice_state_check,
    ADD CONSTRAINT notice_state_check CHECK (state BETWEEN 0 AND 7),  -- 7 gathered: told in one message with others
    ADD COLUMN resent_at timestamptz,                                 -- patience begins anew there; null: when it was planned
    ADD COLUMN spent     int4 NOT NULL DEFAULT 0,                     -- attempts that were made before the way it goes now
    ADD COLUMN way_at    timestamptz,                                 -- when that was begun; null: when it was planned
    ADD COLUMN give_up_s int4 NOT NULL DEFAULT 0,                     -- as the policy says of its severity; 0: as the installation has it
    ADD COLUMN next_channel_s int4 NOT NULL DEFAULT 0,
    ADD COLUMN alone     boolean NOT NULL DEFAULT false,              -- is never told in one message with others
    ADD COLUMN tried     text NOT NULL DEFAULT '';                    -- keys of channels that did not take it, blanks between them

-- Dead letters: nothing of what goes well is in it.
CREATE INDEX notice_dead ON notify.notice (lane, case_id, obligation, generation, slot)
 WHERE state = 3 OR (state = 4 AND next_at IS NULL);

CREATE VIEW read.notify_notice_text AS
SELECT lane, case_id, obligation, generation, slot, address, subject, body
  FROM notify.notice_text;

GRANT UPDATE ON notify.notice_text TO callout_notify;
GRANT SELECT ON read.notify_notice_text TO callout_intake;
