-- Who was told what about which case, and what must be known of a case to say it.
CREATE SCHEMA notify;

-- state is a packed NotifyCase.
CREATE TABLE notify.case (
    lane    int2 NOT NULL,
    case_id int8 NOT NULL,
    state   bytea NOT NULL,
    PRIMARY KEY (lane, case_id)
) WITH (fillfactor = 80);

-- One row per notice. state is a NoticeState: 0 planned, 1 sending, 2 accepted, 3 failed, 4 unknown, 5 delivered, 6 cancelled.
CREATE TABLE notify.notice (
    lane       int2 NOT NULL,
    case_id    int8 NOT NULL,
    obligation text NOT NULL,               -- "breached/response/1"
    generation int4 NOT NULL,
    slot       text NOT NULL,               -- "pm/0"
    state      int2 NOT NULL CHECK (state BETWEEN 0 AND 6),
    person     text NOT NULL,               -- registry keys; '' where there is nobody, or no way to reach him
    channel    text NOT NULL,
    attempts   int4 NOT NULL,
    doubted    boolean NOT NULL,            -- an earlier attempt may have been taken
    recalled   boolean NOT NULL,            -- no longer true: no further attempt
    planned_at timestamptz NOT NULL,
    next_at    timestamptz,                 -- when it is to be sent; null: not by itself
    settled_at timestamptz,
    detail     text NOT NULL,               -- what the other side answered, without addresses
    PRIMARY KEY (lane, case_id, obligation, generation, slot)
) WITH (fillfactor = 80);
CREATE INDEX notice_next ON notify.notice (lane, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX notice_sending ON notify.notice (lane) WHERE state = 1;

-- What was written, and where to: the rows to delete when a person must be forgotten.
CREATE TABLE notify.notice_text (
    lane       int2 NOT NULL,
    case_id    int8 NOT NULL,
    obligation text NOT NULL,
    generation int4 NOT NULL,
    slot       text NOT NULL,
    address    text NOT NULL,
    subject    text NOT NULL,
    body       text NOT NULL,
    PRIMARY KEY (lane, case_id, obligation, generation, slot)
);

CREATE VIEW read.notify_notice AS
SELECT lane, case_id, obligation, generation, slot, state, person, channel, attempts, planned_at, next_at, settled_at, detail
  FROM notify.notice;

GRANT USAGE ON SCHEMA notify TO callout_notify;
GRANT SELECT, INSERT, UPDATE ON notify.case, notify.notice TO callout_notify;
GRANT SELECT, INSERT, DELETE ON notify.notice_text TO callout_notify;
GRANT SELECT ON read.notify_notice TO callout_intake, callout_sla, callout_dispatch, callout_notify;
