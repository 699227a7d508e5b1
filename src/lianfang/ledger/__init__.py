"""The one append-only book of what was seen and done (台账).

Owns: record kinds (the published language between all parts), books and their partitions, intake with its verdicts,
quarantine, corrections and the view of standing records, folding of records into tables, reactions, receipts and sealed remarks.
Does not own: what a duty makes of records (its projections stand in `work`), persons and places (the envelope hands them to `ground`).
Written through `append` and `intake`, read through `queries` and, by projections, through the view `ledger_standing`.
A record is never changed: what was wrong is corrected by another record.
"""
