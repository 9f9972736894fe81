-- Who, and what, is taken for a span of time by a dated case. Keyed by resource and case, not by lane, as claims are.

-- One row per resource that was ever wanted: whoever books locks it, so that those who want the same wait for each other.
CREATE TABLE dispatch.bookable (
    resource text COLLATE "C" PRIMARY KEY   -- "engineer/KEY", "resource/KEY"
);

CREATE TABLE dispatch.booking (
    case_id    int8 NOT NULL,
    slot       text COLLATE "C" NOT NULL,   -- of the policy pack
    generation int4 NOT NULL,
    lane       int2 NOT NULL,
    resource   text COLLATE "C" NOT NULL,
    from_at    timestamptz NOT NULL,
    until_at   timestamptz NOT NULL,        -- exclusive
    faults_at  text,                        -- "CUSTOMER/SITE": their faults in the span go to him first; null: none do
    since      timestamptz NOT NULL,
    PRIMARY KEY (case_id, slot, generation)
);
CREATE INDEX booking_resource ON dispatch.booking (resource, until_at);
CREATE INDEX booking_until ON dispatch.booking (until_at);
CREATE INDEX booking_faults ON dispatch.booking (until_at) WHERE faults_at IS NOT NULL;

-- Cases that take somebody, until their span is over: looked at again when the registry changes.
CREATE TABLE dispatch.booked_case (
    lane     int2 NOT NULL,
    case_id  int8 NOT NULL,
    from_at  timestamptz NOT NULL,          -- of everything that it takes
    until_at timestamptz NOT NULL,
    PRIMARY KEY (lane, case_id)
);

CREATE VIEW read.dispatch_booking AS
SELECT resource, from_at, until_at, lane, case_id, slot, generation, faults_at, since
  FROM dispatch.booking;

GRANT SELECT, INSERT, UPDATE ON dispatch.bookable TO callout_dispatch;
GRANT SELECT, INSERT, DELETE ON dispatch.booking TO callout_dispatch;
GRANT SELECT, INSERT, UPDATE, DELETE ON dispatch.booked_case TO callout_dispatch;
GRANT SELECT ON read.dispatch_booking TO callout_intake, callout_sla, callout_dispatch, callout_notify;
