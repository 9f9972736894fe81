-- Intake: which requests were taken (receipts), what people wrote (erasable), how far the registry was announced.
CREATE SCHEMA intake;

-- n of a case or command id n << 8 | lane. A process takes whole blocks; what it does not use stays a gap.
CREATE SEQUENCE intake.number_block AS int8 INCREMENT 1000 MINVALUE 1 MAXVALUE 36028797018963000 START 1;

-- One row per ticket (kind 1) and command (kind 2): the same key again is the same request. Kept for 400 days at least.
CREATE TABLE intake.receipt (
    lane         int2 NOT NULL,
    source       text NOT NULL,
    key          text NOT NULL,
    kind         int2 NOT NULL CHECK (kind IN (1, 2)),
    content_hash bytea NOT NULL,
    case_id      int8 NOT NULL,
    id           int8 NOT NULL,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (lane, source, key, kind)
);

-- id is the case's or the command's; title is null for a command. Erasing blanks title and body and keeps the row: a row
-- with a title also says that the case exists. body is a packed FreeText.
CREATE TABLE intake.free_text (
    lane  int2 NOT NULL,
    id    int8 NOT NULL,
    title text,
    body  bytea NOT NULL,
    PRIMARY KEY (lane, id)
);

-- The registry version each lane was told of.
CREATE TABLE registry.announced (
    lane    int2 PRIMARY KEY,
    version int8 NOT NULL
);

CREATE VIEW read.ticket_text AS
SELECT lane, id AS case_id, title
  FROM intake.free_text
 WHERE title IS NOT NULL;

GRANT USAGE ON SCHEMA intake TO callout_intake;
GRANT USAGE ON SEQUENCE intake.number_block TO callout_intake;
GRANT SELECT, INSERT ON intake.receipt, intake.free_text TO callout_intake;
GRANT SELECT, INSERT, UPDATE ON registry.announced TO callout_intake;
GRANT SELECT ON read.ticket_text TO callout_intake, callout_sla, callout_dispatch, callout_notify;
