-- What Callout opens cases for by itself: plans, and contracts that are to be renewed. Which dates have a case say the receipts.
-- since: domain time at which it was first known; nothing that lies before is opened.
CREATE TABLE intake.plan (
    kind          text NOT NULL CHECK (kind IN ('plan', 'renewal')),
    key           text NOT NULL,
    since         timestamptz NOT NULL,
    first_version int8 NOT NULL, -- of the registry
    seen_version  int8 NOT NULL,
    PRIMARY KEY (kind, key)
);

-- One row: everything before `at` that registry `version` has was opened.
CREATE TABLE intake.planned (
    one     bool PRIMARY KEY DEFAULT true CHECK (one),
    version int8 NOT NULL,
    at      timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON intake.plan TO callout_intake;
GRANT SELECT, INSERT, UPDATE ON intake.planned TO callout_intake;
