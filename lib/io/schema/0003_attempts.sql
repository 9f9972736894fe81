-- Tries are counted per entry or due case: what is tried in between must not hide how often a thing has failed. A row is there
-- only between a try and its success.
ALTER TABLE journal.attempt DROP CONSTRAINT attempt_pkey, ADD PRIMARY KEY (lane, service, seq, case_id);
