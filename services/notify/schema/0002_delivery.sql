-- Notices that are sent again, by another channel, together with others; servers that are set aside.
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

-- Servers that an instance has set aside because they took nothing; a row goes when its server is well again.
CREATE TABLE notify.aside (
    instance text NOT NULL,
    channel  text NOT NULL,                 -- registry key
    server   text NOT NULL,                 -- scheme, host and port
    since    timestamptz NOT NULL,
    tried_at timestamptz NOT NULL,
    failures int4 NOT NULL,                 -- in a row
    detail   text NOT NULL,                 -- what it said last
    PRIMARY KEY (instance, channel, server)
);

CREATE VIEW read.notify_notice_text AS
SELECT lane, case_id, obligation, generation, slot, address, subject, body
  FROM notify.notice_text;

CREATE VIEW read.notify_aside AS
SELECT instance, channel, server, since, tried_at, failures, detail
  FROM notify.aside;

GRANT UPDATE ON notify.notice_text TO callout_notify;
GRANT SELECT, INSERT, UPDATE, DELETE ON notify.aside TO callout_notify;
GRANT SELECT ON read.notify_notice_text, read.notify_aside TO callout_intake;
