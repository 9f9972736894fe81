-- The ledger of man-days: double entry. A lot belongs to a contract, not to a lane: with the claims the second listed exception.
-- What was bought of it is free, reserved, used or expired. Whoever changes a lot has locked its row.
CREATE TABLE dispatch.lot (
    contract text COLLATE "C" NOT NULL,
    lot      text COLLATE "C" NOT NULL,
    kind     text NOT NULL DEFAULT '',
    bought   int8 NOT NULL DEFAULT 0,       -- minutes, as all of these
    free     int8 NOT NULL DEFAULT 0,
    reserved int8 NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    used     int8 NOT NULL DEFAULT 0 CHECK (used >= 0),
    expired  int8 NOT NULL DEFAULT 0 CHECK (expired >= 0),
    allowed  int8 NOT NULL DEFAULT 0,       -- `free` may be so much below zero
    postings int8 NOT NULL DEFAULT 0,       -- so far
    PRIMARY KEY (contract, lot),
    CHECK (bought = free + reserved + used + expired),
    CHECK (free >= -allowed)
) WITH (fillfactor = 80);

-- Each posting takes minutes from one account of the lot and gives them to another.
CREATE TABLE dispatch.posting (
    contract     text COLLATE "C" NOT NULL,
    lot          text COLLATE "C" NOT NULL,
    posting      int8 NOT NULL,             -- from 1, without gaps
    kind         text NOT NULL,             -- "buy", "correct", "expire", "revive", "reserve", "release", "settle", "restore"
    from_account text NOT NULL,
    to_account   text NOT NULL,
    minutes      int8 NOT NULL CHECK (minutes > 0),
    case_id      int8,                      -- null: of the lot itself
    why          text NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (contract, lot, posting),
    FOREIGN KEY (contract, lot) REFERENCES dispatch.lot
);
CREATE INDEX posting_case ON dispatch.posting (case_id) WHERE case_id IS NOT NULL;

-- Cases that take minutes which no lot has are looked at again when the registry changes.
ALTER TABLE dispatch.work_order ADD COLUMN lacks_minutes boolean NOT NULL DEFAULT false;

CREATE VIEW read.dispatch_lot AS
SELECT contract, lot, kind, bought, free, reserved, used, expired, allowed, postings
  FROM dispatch.lot;

CREATE VIEW read.dispatch_posting AS
SELECT contract, lot, posting, kind, from_account, to_account, minutes, case_id, why, at
  FROM dispatch.posting;

GRANT SELECT, INSERT, UPDATE ON dispatch.lot TO callout_dispatch;
GRANT SELECT, INSERT ON dispatch.posting TO callout_dispatch;
GRANT SELECT ON read.dispatch_lot, read.dispatch_posting TO callout_intake, callout_sla, callout_dispatch, callout_notify;
