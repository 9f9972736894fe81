-- A case is one row: what people list it by, its state (a packed SlaState), and when it has to be looked at again.
CREATE SCHEMA sla;

CREATE TABLE sla.case (
    lane           int2 NOT NULL,
    case_id        int8 NOT NULL,
    customer       text NOT NULL,
    site           text NOT NULL,
    severity       int2 NOT NULL,
    state          text NOT NULL CHECK (state IN ('open', 'held', 'closed')),
    opened_at      timestamptz NOT NULL,
    next_due_at    timestamptz,
    next_milestone text NOT NULL,
    next_at        timestamptz,
    body           bytea NOT NULL,
    PRIMARY KEY (lane, case_id)
) WITH (fillfactor = 80);
CREATE INDEX case_next ON sla.case (lane, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX case_newest ON sla.case (case_id);

CREATE VIEW read.sla_case AS
SELECT lane, case_id, customer, site, severity, state, opened_at, next_due_at, next_milestone, next_at
  FROM sla.case;

GRANT USAGE ON SCHEMA sla TO callout_sla;
GRANT SELECT, INSERT, UPDATE ON sla.case TO callout_sla;
GRANT SELECT ON read.sla_case TO callout_intake, callout_dispatch, callout_notify, callout_sla;
