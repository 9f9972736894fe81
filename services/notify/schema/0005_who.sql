-- Notices told to somebody in another's place, and notices whose first attempt waits for the end of somebody's quiet hours.
ALTER TABLE notify.notice
    ADD COLUMN stands_for text NOT NULL DEFAULT '',  -- whose delegate the person is told as: a registry key; '' for himself
    ADD COLUMN why_him    text NOT NULL DEFAULT '',  -- why he is told, where it is not that he holds the role
    ADD COLUMN recheck_at   timestamptz;               -- who is told is looked at once more then, before the first attempt; null: not

CREATE OR REPLACE VIEW read.notify_notice AS
SELECT lane, case_id, obligation, generation, slot, state, person, channel, attempts, planned_at, next_at, settled_at, detail,
       stands_for, why_him
  FROM notify.notice;
