-- Lots that were not there yet get a row. Sorted: all transactions lock in one order. Safe to repeat.
-- in:  arrays of one length, each pair once: $1 text[] contract, $2 text[] lot
INSERT INTO dispatch.lot (contract, lot)
SELECT w.contract, w.lot
  FROM unnest($1::text[], $2::text[]) AS w (contract, lot)
 ORDER BY w.contract COLLATE "C", w.lot COLLATE "C"
    ON CONFLICT DO NOTHING;
