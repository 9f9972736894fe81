-- Work orders, and who is reserved for which.
CREATE SCHEMA dispatch;

-- One row per case. `state` is a packed DispatchState and the truth; the other columns are for queries and for waking up.
CREATE TABLE dispatch.work_order (
    lane       int2 NOT NULL,
    case_id    int8 NOT NULL,
    state      bytea NOT NULL,
    next_at    timestamptz,                 -- wake the order then
    status     text NOT NULL,               -- "none", "seeking", "offered" ...
    is_located boolean NOT NULL,
    engineer   text,                        -- of the open offer, or who goes
    generation int8 NOT NULL,
    accept_by  timestamptz,                 -- while offered
    arrive_by  timestamptz,
    candidates text[],                      -- while seeking: resources whose claims matter for the choice
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (lane, case_id)
) WITH (fillfactor = 80);
CREATE INDEX work_order_next ON dispatch.work_order (lane, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX work_order_unlocated ON dispatch.work_order (lane) WHERE NOT is_located AND status <> 'ended';

-- What is held of a shared resource, one row per slot: the judge of who got it. The one table not keyed by lane.
CREATE TABLE dispatch.claim (
    resource   text COLLATE "C" NOT NULL,   -- "engineer/KEY"
    slot       int2 NOT NULL,               -- 0 .. capacity - 1
    lane       int2 NOT NULL,
    case_id    int8 NOT NULL,
    obligation text NOT NULL,               -- "visit"
    generation int8 NOT NULL,
    since      timestamptz NOT NULL,
    PRIMARY KEY (resource, slot),
    UNIQUE (case_id, obligation, generation)
) WITH (fillfactor = 80);

CREATE VIEW read.dispatch_order AS
SELECT lane, case_id, status, engineer, generation, accept_by, arrive_by, next_at, is_located, updated_at
  FROM dispatch.work_order;

CREATE VIEW read.dispatch_claim AS
SELECT split_part(resource, '/', 1) AS kind, split_part(resource, '/', 2) AS key, slot, lane, case_id, obligation,
       generation, since
  FROM dispatch.claim;

GRANT USAGE ON SCHEMA dispatch TO callout_dispatch;
GRANT SELECT, INSERT, UPDATE ON dispatch.work_order TO callout_dispatch;
GRANT SELECT, INSERT, DELETE ON dispatch.claim TO callout_dispatch;
GRANT SELECT ON read.dispatch_order, read.dispatch_claim TO callout_intake, callout_sla, callout_dispatch, callout_notify;
