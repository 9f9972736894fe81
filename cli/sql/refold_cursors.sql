-- How far sla has read each lane, and which cases it has set aside, with the entry from which on theirs wait.
-- out: lane int2, seq int8, case_id int8 (0: the lane itself; seq is then the newest it has taken, else the first it has not)
SELECT lane, seq, 0::int8 AS case_id FROM journal.cursor WHERE service = 'sla'
 UNION ALL
SELECT lane, since_seq AS seq, case_id FROM journal.parked WHERE service = 'sla';
