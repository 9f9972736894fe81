-- Locks what this turn wants to book, sorted: all transactions lock in one order, and come after those of claim.sql. Whoever waited sees
-- in the next statement what the other one booked.
-- in:  $1 text[] resource, sorted bytewise, each once
INSERT INTO dispatch.bookable (resource)
SELECT w.resource
  FROM unnest($1::text[]) WITH ORDINALITY AS w (resource, nth)
 ORDER BY w.nth
    ON CONFLICT (resource) DO UPDATE
   SET resource = excluded.resource;
