-- Who took which visit, for limits of load and for fairness. Kept for 60 days; keyed by engineer, not by lane.
CREATE TABLE dispatch.visit (
    engineer   text COLLATE "C" NOT NULL,   -- key
    at         timestamptz NOT NULL,        -- when he took it, by the clock of the domain
    lane       int2 NOT NULL,
    case_id    int8 NOT NULL,
    generation int8 NOT NULL,               -- of the order's offers
    PRIMARY KEY (engineer, at, case_id, generation)
);

-- Those that are looked at anew when the registry is another one.
CREATE INDEX work_order_nobody ON dispatch.work_order (lane) WHERE status = 'nobody';

CREATE VIEW read.dispatch_visit AS
SELECT engineer, at, lane, case_id, generation
  FROM dispatch.visit;

GRANT SELECT, INSERT, DELETE ON dispatch.visit TO callout_dispatch;
GRANT SELECT ON read.dispatch_visit TO callout_intake, callout_sla, callout_dispatch, callout_notify;
