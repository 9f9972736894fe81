-- What was erased on demand, and who demanded it: `callout erase`, by the owner's role. Nothing of what was erased is in it.
CREATE TABLE intake.erasure (
    id          int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind        text NOT NULL CHECK (kind IN ('case', 'person')),
    key         text NOT NULL,                  -- number of the case, registry key of the person
    demanded_by text NOT NULL,
    why         text NOT NULL,
    texts       int8 NOT NULL,                  -- rows of each kind that had something to erase
    notices     int8 NOT NULL,
    objects     int8 NOT NULL,
    addresses   int8 NOT NULL
);

-- Erased titles are not there; the row of the case is.
CREATE OR REPLACE VIEW read.ticket_text AS
SELECT lane, id AS case_id, title
  FROM intake.free_text
 WHERE title <> '';
