-- What dispatch saw when it chose whom to ask, kept for as long as the case. body is a packed Choice.
CREATE TABLE dispatch.choice (
    lane    int2 NOT NULL,
    case_id int8 NOT NULL,
    at      timestamptz NOT NULL,           -- of the turn, by the clock of the domain: one of a case at a time
    body    bytea NOT NULL,
    PRIMARY KEY (lane, case_id, at)
);

CREATE VIEW read.dispatch_choice AS
SELECT lane, case_id, at, body
  FROM dispatch.choice;

GRANT SELECT, INSERT, UPDATE ON dispatch.choice TO callout_dispatch;
GRANT SELECT ON read.dispatch_choice TO callout_intake, callout_sla, callout_dispatch, callout_notify;
