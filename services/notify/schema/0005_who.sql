-- Notices told to somebody in another's place, and notices that wait for the end of somebody's quiet hours.
ALTER TABLE notify.notice
    ADD COLUMN stands_for text NOT NULL DEFAULT '',  -- whose delegate the person is told as: a registry key; '' for himself
    ADD COLUMN why_him    text NOT NULL DEFAULT '',  -- why he is told, where it is not that he holds the role
    ADD COLUMN quiet_at   timestamptz;               -- it waits for, or waited for, the end of his quiet hours; null: it did not

CREATE OR REPLACE VIEW read.notify_notice AS
SELECT lane, case_id, obligation, generation, slot, state, person, channel, attempts, planned_at, next_at, settled_at, detail,
       stands_for, why_him
  FROM notify.notice;
